import {
  type Battery,
  batteryLeft,
  createBattery,
  pulseEnergyNj,
} from "../../../../modules/cardiac/battery/index.js";
import { ECG_LEADS, NONE, PacedSensor } from "../../../../modules/cardiac/index.js";
import { HEALTHY, type Observation, withFault } from "../../../../modules/cardiac/leads/index.js";
import { PacedHeart, type PacedHeartOptions } from "../../../../modules/cardiac/paced/index.js";
import { type Marker, NOMINAL, type PacingParameters } from "../../../../modules/cardiac/pacer/index.js";
import { deep, ok, same, throws } from "../../../support/assert.js";
import { measure } from "../ecg/measure.js";
import { fnv1a } from "../shapes.js";

type Options = Omit<PacedHeartOptions, "parameters"> & { program?: Partial<PacingParameters> };

const patient = ({ program, ...options }: Options) =>
  new PacedHeart({ ...options, parameters: { ...NOMINAL, ...program } });

/** So many seconds, read a second at a time, and the markers that came with them. */
function live(heart: PacedHeart, seconds: number, fromS = 0): { x: Int16Array; markers: Marker[] } {
  const { rateHz } = heart.format;
  const x = new Int16Array(seconds * rateHz);
  const markers: Marker[] = [];
  for (let s = 0; s < seconds; s++) {
    x.set(heart.read((fromS + s) * rateHz, rateHz)[0]!, s * rateHz);
    markers.push(...heart.takeMarkers((fromS + s + 1) * 1000));
  }
  return { x, markers };
}

const named = (markers: readonly Marker[], name: string) => markers.filter((marker) => marker.name === name);
const kinds = (markers: readonly Marker[]) =>
  [...new Set(markers.map(({ name, refractory }) => (refractory ? `(${name})` : name)))].sort().join(" ");
const gaps = (markers: readonly Marker[]) =>
  markers.slice(1).map(({ atMs }, index) => atMs - markers[index]!.atMs);
const ventricular = (markers: readonly Marker[]) =>
  markers.filter(({ name, refractory }) => !refractory && ["VS", "VP", "PVC"].includes(name));

/** FNV-1a of 20 s of four leads, and of the markers' times and last letters. */
const DIGESTS: Record<string, string> = {
  sinus: "f9dafa47,b49335f6,dfee3057,6fbeb515,d9a2c426",
  avb3: "ad8b19f2,c1201cdd,a2a774b9,e7794a01,bf19619f",
  bradycardia: "089a00e5,5d322d3a,a49c3812,396e8d16,7d39b7af",
  af: "29b35645,8610462c,dfd3d2eb,5386f718,5ade5e1a",
  pvc: "1007e969,036af1c0,7c471832,014152b5,fda737ca",
  vf: "c2ec16c7,4827ced0,1ad2d15f,877deaf1,9aa8588b",
  asystole: "192df8f3,b3305cb3,a7b1c054,18c6d8ed,c5ea6d72",
  vt: "bd459a6b,a29913ff,82b5466e,cb6df09b,811c9dc5",
};

describe("cardiac/paced: what the pacer makes of a rhythm", () => {
  for (const [rhythm, mode] of [
    ["sinus", "DDD"],
    ["avb3", "DDD"],
    ["bradycardia", "AAI"],
    ["af", "VVI"],
    ["pvc", "VDD"],
    ["vf", "VOO"],
    ["asystole", "DOO"],
    ["vt", "off"],
  ] as const)
    it(`${rhythm} under ${mode} is the same on every engine and however it is read`, () => {
      const options = { rhythm, seed: 6, channels: ECG_LEADS, program: { mode } };
      const whole = patient(options);
      const samples = whole.read(0, 5000);
      const markers = whole.takeMarkers(20_000);
      const pieces = patient(options);
      const others: Marker[] = [];
      let done = 0;
      for (const count of [1, 999, 0, 2000, 7, 1993]) {
        deep(
          pieces.read(done, count),
          samples.map((lead) => lead.slice(done, done + count)),
          `at ${done}`,
        );
        done += count;
        others.push(...pieces.takeMarkers(done * 4));
      }
      deep(others, markers);
      const said = markers.flatMap(({ atMs, name }) => [atMs, name.charCodeAt(1)]);
      same([...samples, Int16Array.from(said)].map(fnv1a).join(), DIGESTS[rhythm]);
    });

  it("sinus rhythm at 75 bpm under DDD 60: nothing but senses, one of each a beat", () => {
    const { markers } = live(patient({ bpm: 75 }), 60);
    same(kinds(markers), "AS VS");
    ok(Math.abs(named(markers, "AS").length - named(markers, "VS").length) <= 1);
  });

  it("third-degree block under DDD: each P is followed by a pulse after the AV delay, no escape beat", () => {
    const { markers } = live(patient({ rhythm: "avb3", program: { avDelayMs: 160 } }), 60);
    const after = markers.filter(({ atMs }) => atMs > 3000);
    same(kinds(after), "AS VP");
    for (const [index, marker] of after.entries())
      if (marker.name === "VP" && index > 0) same(marker.atMs - after[index - 1]!.atMs, 160);
  });

  it("asystole under VVI 60: a pulse a second, and each makes a wide QRS", () => {
    const heart = patient({ rhythm: "asystole", program: { mode: "VVI" }, rateHz: 1000, disturbances: NONE });
    const { x, markers } = live(heart, 10);
    same(kinds(markers), "VP");
    ok(gaps(markers).every((gap) => gap === 1000));
    for (const { atMs } of markers.slice(0, -1)) {
      ok(x[atMs]! > 150, "its spike");
      const unspiked = Int16Array.from(x, (value, i) => (i === atMs || i === atMs + 1 ? 0 : value));
      const { qrsOnset, qrsEnd, qrsHeight, tHeight } = measure(unspiked, atMs);
      ok(
        qrsEnd - qrsOnset >= 140 && Math.sign(qrsHeight) !== Math.sign(tHeight),
        `QRS ${qrsEnd - qrsOnset} ms`,
      );
    }
  });

  it("sinus bradycardia under AAI 60: paced Ps are conducted, the ventricle is left alone", () => {
    const { markers } = live(patient({ rhythm: "bradycardia", program: { mode: "AAI" } }), 30);
    same(kinds(markers), "AP AS");
    ok(named(markers, "AP").length > 25);
    const observed: Observation[] = [];
    const again = patient({
      rhythm: "bradycardia",
      program: { mode: "AAI" },
      observe: (observation) => observed.push(observation),
    });
    live(again, 30);
    const beats = observed.filter(({ type }) => type === "signal").length;
    ok(beats >= named(markers, "AP").length - 1, `${beats} waves`);
  });

  it("atrial fibrillation under DDD: tracked, but never above the upper rate", () => {
    const { markers } = live(patient({ rhythm: "af" }), 60);
    ok(named(markers, "VP").length > 10);
    const paced = ventricular(markers);
    for (const [index, gap] of gaps(paced).entries())
      if (paced[index + 1]!.name === "VP") ok(gap >= 500, `${gap} ms`);
  });

  it("premature beats are PVC where the atrium is sensed, VS where it is not", () => {
    ok(named(live(patient({ rhythm: "pvc" }), 60).markers, "PVC").length >= 8);
    const { markers } = live(patient({ rhythm: "pvc", program: { mode: "VVI", lowerRateLimitPpm: 40 } }), 60);
    same(kinds(markers), "VS");
  });

  it("an endless loop: retrograde Ps outside a short PVARP drive the pacer at its upper rate; a long one ends it", () => {
    const rate = (pvarpMs: number) => {
      const heart = patient({ rhythm: "pvc", retrogradeMs: 230, program: { pvarpMs } });
      const beats = ventricular(live(heart, 60).markers).filter(({ atMs }) => atMs > 30_000);
      return (60_000 * (beats.length - 1)) / (beats.at(-1)!.atMs - beats[0]!.atMs);
    };
    ok(rate(150) > 110, `${rate(150)} a minute`);
    ok(rate(300) < 85, `${rate(300)} a minute`);
  });
});

describe("cardiac/paced: leads", () => {
  const dislodged = { ...HEALTHY, ventricle: withFault(HEALTHY.ventricle, "dislodged") };

  it("a dislodged lead: pulses are marked and stand in the ECG, and nothing follows them", () => {
    const heart = patient({
      rhythm: "asystole",
      program: { mode: "VVI" },
      leads: dislodged,
      rateHz: 1000,
      disturbances: NONE,
    });
    const { x, markers } = live(heart, 10);
    ok(named(markers, "VP").length >= 9);
    for (const { atMs } of markers) {
      ok(x[atMs]! > 150);
      ok(x.slice(atMs + 2, atMs + 500).every((value) => value === 0));
    }
  });

  it("and its QRS complexes are not sensed: the pacer paces into sinus rhythm", () => {
    const { markers } = live(patient({ bpm: 75, program: { mode: "VVI" }, leads: dislodged }), 20);
    same(kinds(markers), "VP");
  });

  it("below the threshold nothing is captured, above it everything", () => {
    for (const [ventricularAmplitudeMv, captures] of [
      [700, false],
      [800, true],
    ] as const) {
      const observed: boolean[] = [];
      const heart = patient({
        rhythm: "asystole",
        program: { mode: "VOO", ventricularAmplitudeMv },
        observe: (it) => it.type === "pulse" && observed.push(it.captured),
      });
      live(heart, 10);
      // 450 mV (1 + 300 µs / 400 µs) = 788 mV
      ok(
        observed.length > 8 && observed.every((captured) => captured === captures),
        `${ventricularAmplitudeMv} mV`,
      );
    }
  });

  it("noise however fast neither stops time nor pacing", () => {
    for (const noiseEveryMs of [0, 0.3, 33.3, -5]) {
      const ventricle = { ...withFault(HEALTHY.ventricle, "noise"), noiseEveryMs };
      const { markers } = live(patient({ rhythm: "asystole", leads: { ...HEALTHY, ventricle } }), 5);
      ok(
        named(markers, "VP").length >= 4,
        `every ${noiseEveryMs} ms: ${named(markers, "VP").length} pulses in 5 s`,
      );
    }
  });

  it("its electrogram is as small as its signal, and what a noisy one picks up stands in it alone", () => {
    const range = (fault: Parameters<typeof withFault>[1]) => {
      const ventricle = withFault(HEALTHY.ventricle, fault);
      const heart = patient({
        program: { mode: "VVI", ventricularSensitivityUv: 500 },
        channels: ["II", "EGM-V"],
        disturbances: NONE,
        leads: { ...HEALTHY, ventricle },
      });
      const [surface, inside] = heart.read(0, 150);
      return { surface, most: inside!.reduce((most, value) => Math.max(most, Math.abs(value)), 0) };
    };
    const [good, loose, noisy] = [range("none"), range("dislodged"), range("noise")];
    ok(good.most > 1200 && Math.abs(loose.most - good.most / 20) < 3, `${good.most} and ${loose.most} steps`);
    ok(noisy.most >= 2400, `${noisy.most} steps`);
    deep(noisy.surface!.slice(0, 100), good.surface!.slice(0, 100));
  });

  it("noise on a lead is not taken for a heart that beats: in asystole the ventricle is paced", () => {
    const heart = patient({ rhythm: "asystole" });
    live(heart, 5);
    heart.setLead(withFault(HEALTHY.ventricle, "noise"));
    const { markers } = live(heart, 20, 5);
    ok(named(markers, "VP").length >= 19, `${named(markers, "VP").length} pulses in 20 s`);
    const noise = markers.filter(({ refractory }) => refractory).length;
    ok(noise >= 40 && noise <= 100, `${noise} markers of noise, which comes 50 times a second`);
    heart.setLead(HEALTHY.ventricle);
    live(heart, 2, 25);
    ok(!kinds(live(heart, 5, 27).markers).includes("("), "and when it ends, so do its markers");
  });
});

describe("cardiac/paced: battery", () => {
  it("pays V² × width / Z for each pulse, and time", () => {
    const pulse = { amplitudeMv: 3500, widthUs: 400 };
    const used = (mode: PacingParameters["mode"]) => {
      const heart = patient({ rhythm: "asystole", program: { mode } });
      const { markers } = live(heart, 60);
      return { nj: heart.battery.usedNj, pulses: markers.length };
    };
    const [paced, idle] = [used("VOO"), used("off")];
    same(idle.pulses, 0);
    const each = (paced.nj - idle.nj) / paced.pulses;
    ok(Math.abs(each - pulseEnergyNj(pulse, 640)) < 0.02 * each, `${each} nJ a pulse`);
    ok(Math.abs(idle.nj - 60_100 * 28) < 1, `${idle.nj} nJ in 60.1 s`);
  });

  it("its condition reaches the pacer: the magnet's rate falls from 100 to 90 to 85", () => {
    const rate = (battery: Battery) => {
      const heart = patient({ rhythm: "asystole", program: { mode: "VVI" }, battery });
      heart.instruct({ type: "magnet", on: true });
      const all = gaps(live(heart, 10).markers);
      return Math.round(60_000 / all.at(-1)!);
    };
    deep([createBattery(100), createBattery(8), createBattery(4)].map(rate), [100, 90, 85]);
    const heart = patient({ rhythm: "asystole" });
    live(heart, 2);
    heart.setBattery(createBattery(1));
    ok(batteryLeft(heart.battery) < 0.011);
    live(heart, 1, 2);
    same(heart.pacer.battery, "ERP");
  });
});

describe("cardiac/paced: what is told to it", () => {
  it("a program comes into force; a wrong one changes nothing", () => {
    const heart = patient({ rhythm: "asystole" });
    live(heart, 5);
    heart.instruct({ type: "program", parameters: { ...NOMINAL, lowerRateLimitPpm: 80 } });
    ok(gaps(named(live(heart, 10, 5).markers, "VP").slice(2)).every((gap) => gap === 750));
    const before = heart.parameters;
    throws("cardiac/parameter", () =>
      heart.instruct({ type: "program", parameters: { ...NOMINAL, lowerRateLimitPpm: 81.5 } }),
    );
    same(heart.parameters, before);
    ok(gaps(named(live(heart, 10, 15).markers, "VP")).every((gap) => gap === 750));
  });

  it("another rhythm, other disturbances", () => {
    const heart = patient({ bpm: 75, disturbances: NONE });
    same(kinds(live(heart, 10).markers), "AS VS");
    heart.become("asystole");
    live(heart, 2, 10);
    same(kinds(live(heart, 5, 12).markers), "AP VP");
    throws("cardiac/parameter", () => heart.become("merry"));
    heart.disturb({ mainsUv: 1000 });
    ok(live(heart, 1, 17).x.filter((value) => Math.abs(value) > 100).length > 100);
  });

  it("what was read cannot be read again; what is skipped was lived", () => {
    const options = { rhythm: "avb3", seed: 3 } as const;
    const [straight, skipping] = [patient(options), patient(options)];
    const whole = straight.read(0, 3000)[0]!;
    skipping.read(0, 100);
    deep(skipping.read(2000, 1000)[0], whole.slice(2000));
    deep(skipping.takeMarkers(12_000), straight.takeMarkers(12_000));
    throws("cardiac/parameter", () => skipping.read(2999, 10));
    throws("cardiac/parameter", () => skipping.read(3000, 0.5));
    deep(skipping.read(3000, 250), straight.read(3000, 250));
  });

  it("is read through the sensor's port, live: what no one read was lived, and the clock paces the blocks", () => {
    let ms = 0;
    const heart = patient({ rhythm: "avb3", seed: 2 });
    const sensor = new PacedSensor(heart, { clock: () => ms });
    sensor.configure({ blockSamples: 125 });
    same(sensor.dueInMs(), 500);
    same(sensor.sample(), undefined);
    ms = 500;
    deep(sensor.sample()!.channels, patient({ rhythm: "avb3", seed: 2 }).read(0, 125));
    ms = 10_700;
    sensor.configure({ live: true });
    same(sensor.dueInMs(), 500);
    ms = 11_200;
    const block = sensor.sample()!;
    same(block.firstSample, 2675);
    deep(block.channels, patient({ rhythm: "avb3", seed: 2 }).read(2675, 125));
    sensor.close();
    same(sensor.sample(), undefined);
  });

  it("markers that no one takes do not pile up", () => {
    const heart = patient({ rhythm: "avb3" });
    live(heart, 3);
    for (let s = 3; s < 600; s++) heart.read(250 * s, 250);
    const kept = heart.takeMarkers(600_000);
    ok(kept.length <= 256 && kept.at(-1)!.atMs > 598_000, `${kept.length}`);
  });
});
