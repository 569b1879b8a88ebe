import { ECG_LEADS, Ecg, NONE, RHYTHM_NAMES, SyntheticSource } from "../../../../modules/cardiac/index.js";
import { deep, ok, same, throws } from "../../../support/assert.js";
import { fnv1a } from "../shapes.js";

/** The height of a sine of so many Hz in a signal (Goertzel's sum), in its own unit. */
function height(x: ArrayLike<number>, hz: number, rateHz: number): number {
  let [re, im] = [0, 0];
  for (let i = 0; i < x.length; i++) {
    re += x[i]! * Math.cos((2 * Math.PI * hz * i) / rateHz);
    im += x[i]! * Math.sin((2 * Math.PI * hz * i) / rateHz);
  }
  return (2 * Math.hypot(re, im)) / x.length;
}

/** FNV-1a of 10 s of all four leads at 250 Hz, one after the other. */
const DIGESTS: Record<string, string> = {
  sinus: "effc47b9,65166c33,6acfbe63,1002eaad",
  bradycardia: "0074ee52,3b0c0584,96f2f429,ccd6cdd1",
  arrest: "bc66d21c,2ae5e6db,ea46a70f,4c79fab0",
  avb1: "3e95bf74,3b52b130,a3150699,4474a414",
  wenckebach: "80c809ab,62220cfa,02883648,4b0b8c4e",
  avb2: "a49ed4ec,ac6905fc,20565903,e97dd2dc",
  avb3: "dad64ee7,b4330297,8fb7f53d,07ae7481",
  af: "56a2980b,aa79f1c1,e434e3f4,62a2ff11",
  pvc: "ea17508a,ca126f37,0b76f816,0ecede56",
  vt: "8bf7994e,620a59bd,4fb4d347,63a0b3fe",
  vf: "8e77813c,33da1cff,d412cc6d,8964202d",
  asystole: "998df9af,0d03c2f8,42b806e0,758d2be0",
};

describe("cardiac/ecg: samples", () => {
  for (const rhythm of RHYTHM_NAMES)
    it(`${rhythm}: the same on every engine`, () => {
      const leads = new SyntheticSource({ rhythm, seed: 5, channels: ECG_LEADS }).read(0, 2500);
      same(leads.map(fnv1a).join(), DIGESTS[rhythm]);
    });

  for (const rateHz of [125, 250, 500])
    it(`at ${rateHz} Hz they do not depend on how they are read`, () => {
      const options = { rateHz, rhythm: "pvc", seed: 7, channels: ["II", "EGM-V"] } as const;
      const whole = new SyntheticSource(options).read(0, 1500);
      const source = new SyntheticSource(options);
      same(source.format.rateHz, rateHz);
      let done = 0;
      for (const count of [1, 249, 3, 0, 600, 647]) {
        deep(
          source.read(done, count),
          whole.map((lead) => lead.slice(done, done + count)),
        );
        done += count;
      }
      deep(
        source.read(400, 100),
        whole.map((lead) => lead.slice(400, 500)),
        "backwards:",
      );
      deep(
        source.read(1400, 100),
        whole.map((lead) => lead.slice(1400, 1500)),
        "over a hole:",
      );
    });

  it("a lead is the same alone and among others", () => {
    const quiet = { rhythm: "avb3", disturbances: NONE } as const;
    const all = new SyntheticSource({ ...quiet, channels: ECG_LEADS }).read(0, 2000);
    for (const [index, lead] of ECG_LEADS.entries())
      deep(new SyntheticSource({ ...quiet, channels: [lead] }).read(0, 2000)[0], all[index]);
  });

  it("every rate shows the same heart: what 500 Hz has at every fourth sample is what 125 Hz has", () => {
    const at = (rateHz: number) =>
      new SyntheticSource({ rateHz, seed: 9, disturbances: NONE }).read(0, 10 * rateHz)[0]!;
    const [coarse, fine] = [at(125), at(500)];
    for (let i = 0; i < coarse.length; i++) ok(Math.abs(coarse[i]! - fine[4 * i]!) <= 1, `sample ${i}`);
  });

  it("nothing begins before it was known: a wave added in time is whole", () => {
    for (const rhythm of RHYTHM_NAMES) {
      const late = new SyntheticSource({ rhythm, channels: ECG_LEADS, disturbances: NONE });
      const pieces: number[][] = ECG_LEADS.map(() => []);
      for (let i = 0; i < 2000; i++)
        for (const [lead, [sample]] of late.read(i, 1).entries()) pieces[lead]!.push(sample!);
      const whole = new SyntheticSource({ rhythm, channels: ECG_LEADS, disturbances: NONE }).read(0, 2000);
      deep(
        pieces.map((lead) => Int16Array.from(lead)),
        whole,
        rhythm,
      );
    }
  });

  it("surface leads stay within 3 mV, electrograms within 12 mV, for ten minutes", () => {
    for (const bpm of [20, 60, 220]) {
      const source = new SyntheticSource({ bpm, channels: ECG_LEADS });
      for (let first = 0; first < 150_000; first += 5000)
        for (const [lead, samples] of source.read(first, 5000).entries())
          for (const sample of samples)
            ok(Math.abs(sample) < (lead < 2 ? 600 : 2400), `${sample} steps in ${ECG_LEADS[lead]}`);
    }
  });

  it("refuses rates, leads and reads that do not exist", () => {
    for (const rateHz of [0, 99, 1001, 250.5, Number.NaN])
      throws("cardiac/parameter", () => new SyntheticSource({ rateHz }));
    for (const leads of [[], ["III"], ["II", "II"], [""]] as never[][])
      throws("cardiac/parameter", () => new Ecg({ channels: leads }));
    const source = new SyntheticSource();
    for (const [first, count] of [
      [0, 0.5],
      [0.5, 1],
      [-1, 1],
      [0, -1],
      [Number.NaN, 1],
      [0, Infinity],
    ] as const)
      throws("cardiac/parameter", () => source.read(first, count));
  });
});

describe("cardiac/ecg: disturbances", () => {
  const still = (disturbances: object) => {
    const leads = ["II", "EGM-V"] as const;
    const source = new SyntheticSource({
      rhythm: "asystole",
      channels: leads,
      disturbances: { ...NONE, ...disturbances },
    });
    return source.read(0, 9250); // 37 s: ten swings of the baseline
  };

  it("none: silence", () => {
    for (const lead of still({})) ok(lead.every((sample) => sample === 0));
  });
  for (const mainsHz of [50, 60] as const)
    it(`mains of 100 µV at ${mainsHz} Hz, on the surface only`, () => {
      const [surface, inside] = still({ mainsUv: 100, mainsHz });
      ok(Math.abs(height(surface!, mainsHz, 250) - 20) < 0.2, `${height(surface!, mainsHz, 250)} steps`);
      ok(height(surface!, mainsHz + 10, 250) < 0.2);
      ok(inside!.every((sample) => sample === 0));
    });
  it("wander of 300 µV with the breath, on the surface only", () => {
    const [surface, inside] = still({ wanderUv: 300 });
    ok(Math.abs(height(surface!, 1 / 3.7, 250) - 60) < 0.5);
    ok(surface!.every((sample) => Math.abs(sample) <= 60));
    ok(inside!.every((sample) => sample === 0));
  });
  it("muscles of 100 µV: white, evenly spread, each lead its own", () => {
    const [surface, inside] = still({ muscleUv: 100 });
    for (const lead of [surface!, inside!]) {
      ok(lead.includes(20) && lead.includes(-20) && lead.every((sample) => Math.abs(sample) <= 20));
      const power = lead.reduce((sum, value) => sum + value * value, 0) / lead.length;
      ok(Math.abs(power - 20 ** 2 / 3) < 10, `${power} square steps`);
      for (const lag of [1, 2, 3, 5]) {
        const lagged = lead.slice(lag).reduce((sum, value, i) => sum + value * lead[i]!, 0) / lead.length;
        ok(Math.abs(lagged / power) < 0.05, `correlation ${lagged / power} after ${lag}`);
      }
    }
    const both = surface!.reduce((sum, value, i) => sum + value * inside![i]!, 0) / surface!.length;
    ok(Math.abs(both / (20 ** 2 / 3)) < 0.05);
  });
  it("are switched while the samples run, and leave the heart as it is", () => {
    const ecg = new Ecg({ disturbances: NONE });
    same(Math.max(...ecg.draw(250)[0]!), 0);
    ecg.disturb({ mainsUv: 200 });
    same(Math.max(...ecg.draw(250)[0]!), 38, "the highest of five samples a turn:");
    ecg.disturb({ mainsUv: 0 });
    same(Math.max(...ecg.draw(250)[0]!), 0);
    for (const wrong of [
      { mainsUv: -1 },
      { muscleUv: Number.NaN },
      { wanderUv: 5001 },
      { mainsHz: 16 as 50 },
    ])
      throws("cardiac/parameter", () => ecg.disturb({ mainsUv: 200, ...wrong }));
    same(Math.max(...ecg.draw(250)[0]!), 0, "what was refused changed nothing:");
  });
});

describe("cardiac/ecg: pacing pulses", () => {
  for (const rateHz of [125, 250, 500])
    it(`at ${rateHz} Hz: one sample wide, 0.9 mV in II at 3.5 V, proportional to the amplitude`, () => {
      for (const amplitudeMv of [3500, 7000]) {
        const ecg = new Ecg({ rateHz, disturbances: NONE });
        ecg.addSpike("ventricle", 1001, amplitudeMv);
        const x = ecg.draw(2 * rateHz)[0]!;
        const at = Math.ceil(1.001 * rateHz);
        same(x[at], Math.round((amplitudeMv * 0.26) / 5));
        ok(x.every((value, i) => value === 0 || i === at));
      }
    });
  it("stand highest in the electrogram of their own chamber", () => {
    for (const chamber of ["atrium", "ventricle"] as const) {
      const ecg = new Ecg({ channels: ECG_LEADS, disturbances: NONE });
      ecg.addSpike(chamber, 500, 3500);
      const heights = ecg.draw(250).map((lead) => Math.max(...lead));
      const own = chamber === "atrium" ? 2 : 3;
      ok(
        heights.every((it, lead) => it > 0 && (lead === own || it < heights[own]!)),
        `${heights}`,
      );
    }
  });
});
