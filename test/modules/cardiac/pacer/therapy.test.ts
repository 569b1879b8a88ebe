/** Which parameters are in force and since when: section 3.6 of the specification, and the first rule of the design. */
import {
  createPacer,
  MAGNET_RATES_PPM,
  NOMINAL,
  PACE_NOW,
  type PacerEvent,
  type PacerState,
  type PacingParameters,
  pacerStep,
  parametersInForce,
} from "../../../../modules/cardiac/pacer/index.js";
import { deep, same, throws } from "../../../support/assert.js";
import { markers, play } from "./drive.js";

const pacer = (change: Partial<PacingParameters>) => createPacer({ ...NOMINAL, ...change }, 0);
const strip = (state: PacerState, script: [number, PacerEvent][], untilMs: number) =>
  markers(play(state, script, untilMs).outputs).join(", ");
const magnet = (atMs: number, on: boolean): [number, PacerEvent] => [atMs, { type: "magnet", on }];
const program = (
  atMs: number,
  change: Partial<PacingParameters>,
  temporary = false,
): [number, PacerEvent] => [atMs, { type: "program", parameters: { ...NOMINAL, ...change }, temporary }];
const sense = (atMs: number, chamber: "atrium" | "ventricle" = "ventricle"): [number, PacerEvent] => [
  atMs,
  { type: "sense", chamber },
];

describe("cardiac/pacer: magnet", () => {
  it("asynchronous from the next cycle on, demand again afterwards", () => {
    const script = [magnet(1200, true), sense(2300), sense(2500), magnet(3300, false), sense(4300)];
    same(
      strip(pacer({ mode: "VVI" }), script, 5300),
      "VP 1000, VP 2000, VP 2600, VP 3200, VP 3800, VS 4300, VP 5300",
    );
  });

  for (const [mode, expected] of [
    ["off", ""],
    ["AOO", "AP 1000, AP 1600"],
    ["VOO", "VP 1000, VP 1600"],
    ["DOO", "AP 850, VP 1000, AP 1450, VP 1600"],
    ["AAI", "AP 1000, AP 1600"],
    ["VVI", "VP 1000, VP 1600"],
    ["VDD", "VP 1000, VP 1600"],
    ["DDD", "AP 850, VP 1000, AP 1450, VP 1600"],
  ] as const)
    it(`${mode}: ${expected || "stays off"}`, () =>
      same(strip(pacer({ mode }), [magnet(10, true)], 1700), expected));

  for (const [status, ppm] of Object.entries(MAGNET_RATES_PPM))
    it(`battery at ${status}: ${ppm} ppm`, () => {
      const battery = status as keyof typeof MAGNET_RATES_PPM;
      const { state } = play(
        pacer({ mode: "VVI" }),
        [magnet(10, true), [20, { type: "battery", status: battery }]],
        1000,
      );
      same(parametersInForce(state).lowerRateLimitPpm, ppm);
      same(state.ventricularPaceDueMs, 1000 + Math.round(60_000 / ppm));
    });

  it("ends a temporary test", () => {
    const { state } = play(
      pacer({}),
      [program(10, { ventricularAmplitudeMv: 500 }, true), magnet(20, true), magnet(30, false)],
      1000,
    );
    same(parametersInForce(state).ventricularAmplitudeMv, 3500);
  });
});

describe("cardiac/pacer: Pace-Now", () => {
  const now = (atMs: number): [number, PacerEvent] => [atMs, { type: "paceNow" }];

  it("VVI 65 ppm, 5 V, 1 ms, VRP 320 ms, 1.5 mV (3.6.3)", () => {
    const {
      mode,
      lowerRateLimitPpm,
      ventricularAmplitudeMv,
      ventricularWidthUs,
      vrpMs,
      ventricularSensitivityUv,
    } = PACE_NOW;
    deep(
      [mode, lowerRateLimitPpm, ventricularAmplitudeMv, ventricularWidthUs, vrpMs, ventricularSensitivityUv],
      ["VVI", 65, 5000, 1000, 320, 1500],
    );
    const { outputs } = play(pacer({}), [now(1100)], 3000);
    deep(outputs.slice(-2)[0], {
      type: "pace",
      chamber: "ventricle",
      atMs: 2923,
      amplitudeMv: 5000,
      widthUs: 1000,
    });
  });

  for (const mode of ["off", "AOO", "VOO", "DOO", "AAI", "VVI", "VDD", "DDD"] as const)
    it(`from ${mode}: the first pace within two cycles and 500 ms`, () => {
      const { outputs } = play(pacer({ mode, lowerRateLimitPpm: 30 }), [now(100)], 100 + 2 * 2000 + 500);
      const paced = outputs.filter((output) => output.type === "pace" && output.amplitudeMv === 5000);
      same(paced.length > 0, true);
    });

  it("no lost session ends it, new parameters do", () => {
    const script = [now(100), [1500, { type: "cancelTemporary" }] as [number, PacerEvent]];
    const { state } = play(pacer({ mode: "VVI" }), script, 3000);
    same(parametersInForce(state), PACE_NOW);
    const after = play(state, [program(3000, { mode: "VVI", lowerRateLimitPpm: 70 })], 5000).state;
    same(parametersInForce(after).lowerRateLimitPpm, 70);
  });
});

describe("cardiac/pacer: programming", () => {
  it("takes effect where a cycle begins: a paced AV interval is finished", () =>
    same(strip(pacer({}), [program(900, { mode: "VVI" })], 2000), "AP 850, VP 1000, VP 2000"));

  it("a sensed event is such a place too", () =>
    same(
      strip(
        pacer({ mode: "VVI" }),
        [program(100, { mode: "VVI", lowerRateLimitPpm: 120 }), sense(600)],
        1100,
      ),
      "VS 600, VP 1100",
    ));

  it("between chambers", () => {
    same(strip(pacer({ mode: "AAI" }), [program(100, { mode: "VVI" })], 3000), "AP 1000, VP 2000, VP 3000");
    same(strip(pacer({ mode: "VVI" }), [program(100, { mode: "AAI" })], 3000), "VP 1000, AP 2000, AP 3000");
  });

  it("off, and on again at once", () => {
    const off = play(pacer({ mode: "VVI" }), [program(100, { mode: "off" })], 9000);
    deep(markers(off.outputs), ["VP 1000"]);
    same(strip(off.state, [program(9500, { mode: "VVI" })], 10_500), "VP 10500");
  });

  it("temporary parameters end when told", () => {
    const script = [
      program(100, { mode: "VVI", lowerRateLimitPpm: 100 }, true),
      [1500, { type: "cancelTemporary" }] as [number, PacerEvent],
    ];
    same(strip(pacer({ mode: "VVI" }), script, 3600), "VP 1000, VP 1600, VP 2600, VP 3600");
  });

  it("the strength of the pulse is that of the next one, and its timing waits", () => {
    const weak = { mode: "VVI", lowerRateLimitPpm: 100, ventricularAmplitudeMv: 500 } as const;
    const script = [program(100, weak, true), [1100, { type: "cancelTemporary" }] as [number, PacerEvent]];
    const { outputs } = play(pacer({ mode: "VVI" }), script, 2600);
    deep(
      outputs.filter((output) => output.type === "pace").map(({ atMs, amplitudeMv }) => [atMs, amplitudeMv]),
      [
        [1000, 500],
        [1600, 3500],
        [2600, 3500],
      ],
    );
  });

  it("a pulse that the new mode would not give is as strong as before", () => {
    const { outputs } = play(
      pacer({ mode: "VVI" }),
      [program(100, { mode: "AAI", ventricularAmplitudeMv: 0 })],
      1000,
    );
    deep(outputs[0], { type: "pace", chamber: "ventricle", atMs: 1000, amplitudeMv: 3500, widthUs: 400 });
  });

  it("none of them under Pace-Now or a magnet", () => {
    const temporary = program(200, {}, true)[1];
    for (const first of [{ type: "paceNow" }, { type: "magnet", on: true }] as const) {
      const { state } = pacerStep(pacer({}), first, 100);
      throws("cardiac/busy", () => pacerStep(state, temporary, 200));
    }
  });

  it("what is out of range or in conflict is refused, and the therapy goes on", () => {
    const state = pacer({ mode: "VVI" });
    const before = JSON.stringify(state);
    for (const change of [{ lowerRateLimitPpm: 29 }, { lowerRateLimitPpm: 130 }, { mode: "DDI" as "DDD" }])
      throws("cardiac/parameter", () => pacerStep(state, program(500, { mode: "VVI", ...change })[1], 500));
    same(JSON.stringify(state), before);
    same(strip(state, [], 2000), "VP 1000, VP 2000");
  });
});

describe("cardiac/pacer: time", () => {
  const tick: PacerEvent = { type: "tick" };

  it("a tick within the tolerance counts from when the pace was due", () => {
    const { state, outputs } = pacerStep(pacer({ mode: "VVI" }), tick, 1008);
    deep(markers(outputs), ["VP 1000"]);
    same(state.ventricularPaceDueMs, 2000);
  });

  it("a late tick paces once, now", () => {
    const { state, outputs, deadlineMs } = pacerStep(pacer({}), tick, 50_000);
    deep(markers(outputs), ["AP 50000"]);
    same(deadlineMs, 50_150);
    deep(markers(pacerStep(state, tick, 50_150).outputs), ["VP 50150"]);
  });

  it("an early tick does nothing and makes nothing", () => {
    const state = pacer({});
    const step = pacerStep(state, tick, 849);
    same(step.state, state);
    deep([step.outputs, step.deadlineMs], [[], 850]);
  });

  it("starts with a number", () => {
    for (const wrong of [NaN, Infinity]) throws("cardiac/parameter", () => createPacer(NOMINAL, wrong));
  });

  it("does not run backwards, and is a number", () => {
    const { state } = pacerStep(pacer({ mode: "VVI" }), tick, 1000);
    for (const wrong of [999, -1, NaN, Infinity, -Infinity, undefined as unknown as number]) {
      const { state: after } = pacerStep(state, { type: "sense", chamber: "ventricle" }, wrong);
      deep([after.nowMs, after.ventricularPaceDueMs], [1000, 2000], String(wrong));
    }
  });

  it("events that do not exist change no plan", () => {
    const state = pacer({});
    for (const event of [
      { type: "stop" },
      { type: "battery", status: "toString" },
      { type: "sense", chamber: "liver" },
    ])
      same(pacerStep(state, event as unknown as PacerEvent, 100).deadlineMs, 850, JSON.stringify(event));
  });

  it("never changes the state given", () => {
    const script = [
      program(50, { mode: "VVI" }, true),
      magnet(100, true),
      sense(200),
      sense(900, "atrium"),
      magnet(2000, false),
    ];
    let state = pacer({ atrMode: 1 });
    for (const [atMs, event] of script) {
      const before = JSON.stringify(state);
      const next = pacerStep(state, event, atMs).state;
      same(JSON.stringify(state), before);
      state = next;
    }
  });
});
