/** What each mode does, as strips of markers: NBG code, and sections 3.5, 5.1 to 5.4 of the specification. */
import {
  type Chamber,
  createPacer,
  NOMINAL,
  type PacerEvent,
  type PacingParameters,
} from "../../../../modules/cardiac/pacer/index.js";
import { deep, ok } from "../../../support/assert.js";
import { markers, play } from "./drive.js";

const sense = (chamber: Chamber, atMs: number): [number, PacerEvent] => [atMs, { type: "sense", chamber }];
const A = (atMs: number) => sense("atrium", atMs);
const V = (atMs: number) => sense("ventricle", atMs);

function strip(
  change: Partial<PacingParameters>,
  script: readonly (readonly [number, PacerEvent])[],
  untilMs: number,
): string[] {
  return markers(play(createPacer({ ...NOMINAL, ...change }, 0), script, untilMs).outputs);
}

type Case = readonly [
  title: string,
  change: Partial<PacingParameters>,
  script: readonly (readonly [number, PacerEvent])[],
  untilMs: number,
  expected: string,
];

const MODES: readonly Case[] = [
  ["off: nothing", { mode: "off" }, [A(100), V(200)], 5000, ""],
  ["AOO: the atrium, whatever it does", { mode: "AOO" }, [A(500), V(700)], 2000, "AP 1000, AP 2000"],
  ["VOO: the ventricle, whatever it does", { mode: "VOO" }, [A(500), V(700)], 2000, "VP 1000, VP 2000"],
  ["DOO: both", { mode: "DOO" }, [A(500), V(700)], 2000, "AP 850, VP 1000, AP 1850, VP 2000"],
  ["AAI: inhibited by a P wave", { mode: "AAI" }, [A(500), V(650)], 2500, "AS 500, AP 1500, AP 2500"],
  ["VVI: inhibited by an R wave", { mode: "VVI" }, [A(500), V(650)], 2650, "VS 650, VP 1650, VP 2650"],
  ["VDD: tracks, and paces no atrium", { mode: "VDD" }, [A(500)], 1700, "AS 500, VP 650, VP 1650"],
  ["VDD: a late P wave delays nothing (5.1)", { mode: "VDD" }, [A(950)], 1000, "AS 950, VP 1000"],
  ["DDD: paces both", {}, [], 2000, "AP 850, VP 1000, AP 1850, VP 2000"],
  ["DDD: tracks a P wave", {}, [A(500)], 1650, "AS 500, VP 650, AP 1500, VP 1650"],
  ["DDD: inhibited by P and R", {}, [A(500), V(640)], 1640, "AS 500, VS 640, AP 1490, VP 1640"],
  ["DDD: an R wave ends a paced AV delay", {}, [V(950)], 1950, "AP 850, VS 950, AP 1800, VP 1950"],
  ["DDD: at 100 ppm", { lowerRateLimitPpm: 100 }, [], 1200, "AP 450, VP 600, AP 1050, VP 1200"],
];

const REFRACTORY: readonly Case[] = [
  ["VRP 320 ms: 319", { mode: "VVI" }, [V(1319)], 2000, "VP 1000, (VS) 1319, VP 2000"],
  ["VRP 320 ms: 320", { mode: "VVI" }, [V(1320)], 2320, "VP 1000, VS 1320, VP 2320"],
  ["ARP 250 ms: 249", { mode: "AAI" }, [A(1249)], 2000, "AP 1000, (AS) 1249, AP 2000"],
  ["ARP 250 ms: 250", { mode: "AAI" }, [A(1250)], 2250, "AP 1000, AT 1250, AP 2250"],
  ["PVARP 250 ms: 249", {}, [A(1249)], 2000, "AP 850, VP 1000, (AS) 1249, AP 1850, VP 2000"],
  ["PVARP 250 ms: 250", {}, [A(1250)], 1500, "AP 850, VP 1000, AT 1250, VP 1500"],
  ["no atrial sense during an AV interval (5.4.6)", {}, [A(500), A(600)], 650, "AS 500, (AS) 600, VP 650"],
  ["ventricular blanking 40 ms: 39", {}, [V(889)], 1000, "AP 850, VP 1000"],
  ["ventricular blanking 40 ms: 40", {}, [V(890)], 1000, "AP 850, VS 890"],
  [
    "a PVC has no P wave before it (5.4.4)",
    {},
    [V(1500)],
    2500,
    "AP 850, VP 1000, PVC 1500, AP 2350, VP 2500",
  ],
  ["a PVC in the VRP", {}, [V(1200)], 1200, "AP 850, VP 1000, (PVC) 1200"],
  [
    "PVARP is extended after a PVC: 349",
    { pvarpExtensionMs: 100 },
    [V(1500), A(1849)],
    1900,
    "AP 850, VP 1000, PVC 1500, (AS) 1849",
  ],
  [
    "PVARP is extended after a PVC: 350",
    { pvarpExtensionMs: 100 },
    [V(1500), A(1850)],
    2000,
    "AP 850, VP 1000, PVC 1500, AS 1850, VP 2000",
  ],
  [
    "but not after a second (5.4.5)",
    { pvarpExtensionMs: 100 },
    [V(1500), V(2000), A(2250)],
    2250,
    "AP 850, VP 1000, PVC 1500, PVC 2000, AS 2250",
  ],
];

const RATES: readonly Case[] = [
  ["sensed AV delay offset", { sensedAvDelayOffsetMs: -50 }, [A(500)], 600, "AS 500, VP 600"],
  [
    "hysteresis after a sense (5.8)",
    { mode: "VVI", hysteresisRateLimitPpm: 50 },
    [V(500)],
    2700,
    "VS 500, VP 1700, VP 2700",
  ],
  [
    "hysteresis in AAI",
    { mode: "AAI", hysteresisRateLimitPpm: 50 },
    [A(500)],
    2700,
    "AS 500, AP 1700, AP 2700",
  ],
  ["no hysteresis in VDD", { mode: "VDD", hysteresisRateLimitPpm: 50 }, [V(500)], 1500, "VS 500, VP 1500"],
  [
    "rate smoothing 25 % down (5.9)",
    { mode: "VVI", rateSmoothingPercent: 25 },
    [V(600), V(1200)],
    3888,
    "VS 600, VS 1200, VP 1950, VP 2888, VP 3888",
  ],
  [
    "rate smoothing 9 % up",
    { rateSmoothingPercent: 9 },
    [A(1300), A(2100)],
    2838,
    "AP 850, VP 1000, AT 1300, VP 1910, (AS) 2100, AP 2752",
  ],
  [
    "above the URL by a little: the AV interval grows and a beat is dropped (Wenckebach)",
    {},
    [A(450), A(900), A(1350), A(1800), A(2250)],
    2400,
    "AS 450, VP 600, AT 900, VP 1100, AT 1350, VP 1600, (AS) 1800, AT 2250, VP 2400",
  ],
  [
    "P waves closer than AV delay and PVARP: 2:1",
    {},
    [A(350), A(700), A(1050), A(1400), A(1750)],
    1900,
    "AS 350, VP 500, (AS) 700, AT 1050, VP 1200, (AS) 1400, AT 1750, VP 1900",
  ],
];

for (const [name, cases] of [
  ["modes", MODES],
  ["refractory periods", REFRACTORY],
  ["rates", RATES],
] as const)
  describe(`cardiac/pacer: ${name}`, () => {
    for (const [title, change, script, untilMs, expected] of cases)
      it(title, () => deep(strip(change, script, untilMs).join(", "), expected));
  });

describe("cardiac/pacer: noise", () => {
  const every = (ms: number, make: (atMs: number) => [number, PacerEvent]) =>
    Array.from({ length: Math.floor(2800 / ms) }, (_, i) => make(1010 + i * ms));
  for (const ms of [5, 20, 59])
    it(`continuous, every ${ms} ms: paced as if nothing were sensed`, () => {
      for (const mode of ["VVI", "DDD"] as const) {
        const all = strip({ mode }, every(ms, V), 4000);
        deep(
          all.filter((text) => text.startsWith("VP")),
          ["VP 1000", "VP 2000", "VP 3000", "VP 4000"],
        );
      }
      deep(
        strip({ mode: "AAI" }, every(ms, A), 3000).filter((text) => text.startsWith("AP")),
        ["AP 1000", "AP 2000", "AP 3000"],
      );
    });
});

describe("cardiac/pacer: atrial tachycardia response (5.6)", () => {
  const flutter = (fromMs: number, toMs: number) => {
    const script: [number, PacerEvent][] = [];
    for (let t = fromMs; t < toMs; t += 300) script.push(A(t));
    return script;
  };
  const paces = (script: [number, PacerEvent][], untilMs: number, change: Partial<PacingParameters>) =>
    play(createPacer({ ...NOMINAL, atrMode: 1, atrDurationCycles: 10, ...change }, 0), script, untilMs)
      .outputs.filter((output) => output.type === "pace")
      .map(({ chamber, atMs }) => [chamber, atMs] as const);

  it("tracks 2:1, then falls back to the lower rate in a minute, then tracks again", () => {
    const made = paces(flutter(300, 90_000), 110_000, {});
    const ventricular = made.filter(([chamber]) => chamber === "ventricle").map(([, atMs]) => atMs);
    const intervals = ventricular
      .slice(1)
      .map((atMs, i) => [ventricular[i]!, atMs - ventricular[i]!] as const);
    const within = (fromMs: number, toMs: number) =>
      intervals.filter(([at]) => at >= fromMs && at < toMs).map(([, interval]) => interval);
    ok(
      within(1000, 5000).every((interval) => interval === 600),
      "2:1",
    );
    const falling = within(12_000, 70_000);
    ok(
      falling.every((interval, i) => i === 0 || interval >= falling[i - 1]!),
      "falls",
    );
    ok(falling[0]! < 640 && falling[falling.length - 1]! > 970, `from ${falling[0]}`);
    ok(
      within(72_000, 88_000).every((interval) => interval === 1000),
      "lower rate",
    );
    ok(!made.some(([chamber, atMs]) => chamber === "atrium" && atMs < 90_000), "no atrial pace before");
    ok(
      made.some(([chamber, atMs]) => chamber === "atrium" && atMs < 100_000),
      "atrial paces after",
    );
  });

  it("tracks for ever when off", () => {
    const made = paces(flutter(300, 60_000), 60_000, { atrMode: 0 });
    ok(made.length >= 98, `${made.length} paces`);
  });

  it("8 fast intervals of 10 that do not last make no fallback", () => {
    const made = paces([...flutter(300, 4200), A(5200), A(6100), A(7000), A(7900)], 8050, {
      lowerRateLimitPpm: 30,
    });
    deep(
      made.slice(-4).map(([, atMs]) => atMs),
      [5350, 6250, 7150, 8050],
    );
  });
});
