import {
  NOMINAL,
  type PacingParameters,
  type ParameterName,
} from "../../../../modules/cardiac/pacer/index.js";
import { deep, ok } from "../../../support/assert.js";
import { drive } from "./drive.js";
import { Judge } from "./judge.js";
import { randomFrom, randomMode, randomParameters, randomTrain } from "./trains.js";

const EVENTS = 1_000_000;

describe("cardiac/pacer: judged by the specification's rules", () => {
  it(`${EVENTS} events of random hearts under random parameters`, function () {
    this.timeout(120_000);
    const seen: Record<string, number> = {};
    let events = 0;
    for (let seed = 1; events < EVENTS; seed++) {
      const random = randomFrom(seed);
      const parameters = randomParameters(
        random,
        seed % 3 === 0 ? randomMode(random) : seed % 3 === 1 ? "DDD" : "VDD",
      );
      const startMs = Math.floor(random() * 1e9);
      const senses = randomTrain(random, 400).map((it) => ({ ...it, atMs: it.atMs + startMs }));
      const judge = new Judge(parameters, startMs);
      const late = seed % 2 === 0 ? () => 0 : () => Math.floor(random() * 9);
      events += drive(parameters, senses, judge, { startMs, late }).events;
      deep(judge.complaints, [], `seed ${seed}, ${JSON.stringify(parameters)}:`);
      for (const [what, count] of Object.entries(judge.seen)) seen[what] = (seen[what] ?? 0) + count;
    }
    for (const what of ["AP", "AS", "AT", "(AS)", "VP", "VS", "(VS)", "PVC", "(PVC)", "tracked", "blanked"])
      ok((seen[what] ?? 0) > 1000, `${what}: ${seen[what]}`);
    for (const what of ["extended", "hysteresis", "atr duration", "fallback"])
      ok((seen[what] ?? 0) > 100, `${what}: ${seen[what]}`);
  });

  const lies: readonly [ParameterName, PacingParameters][] = [
    ["lowerRateLimitPpm", NOMINAL],
    ["upperRateLimitPpm", NOMINAL],
    ["avDelayMs", NOMINAL],
    ["sensedAvDelayOffsetMs", NOMINAL],
    ["vrpMs", NOMINAL],
    ["arpMs", { ...NOMINAL, mode: "AAI" }],
    ["pvarpMs", NOMINAL],
    ["pvarpExtensionMs", NOMINAL],
    ["ventricularBlankingMs", NOMINAL],
    ["hysteresisRateLimitPpm", NOMINAL],
    ["rateSmoothingPercent", NOMINAL],
    ["atrMode", NOMINAL],
    ["atrDurationCycles", { ...NOMINAL, atrMode: 1 }],
    ["atrFallbackMinutes", { ...NOMINAL, atrMode: 1 }],
  ];
  const told: Partial<Record<ParameterName, number>> = {
    lowerRateLimitPpm: 61,
    upperRateLimitPpm: 125,
    avDelayMs: 160,
    sensedAvDelayOffsetMs: -10,
    vrpMs: 330,
    arpMs: 260,
    pvarpMs: 260,
    pvarpExtensionMs: 50,
    ventricularBlankingMs: 50,
    hysteresisRateLimitPpm: 59,
    rateSmoothingPercent: 25,
    atrMode: 1,
    atrDurationCycles: 10,
    atrFallbackMinutes: 2,
  };
  for (const [name, parameters] of lies)
    it(`the judge sees a wrong ${name}`, () => {
      let complaints = 0;
      for (let seed = 1; seed <= 40 && complaints === 0; seed++) {
        const random = randomFrom(seed);
        const judge = new Judge({ ...parameters, [name]: told[name] }, 0);
        drive(parameters, randomTrain(random, 600), judge);
        complaints = judge.complaints.length;
      }
      ok(complaints > 0, "the judge saw nothing");
    });
});
