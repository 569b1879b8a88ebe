/** The table of the specification (Table 7), written here once more, and what may not be programmed together. */
import {
  checkParameters,
  describeRanges,
  findViolations,
  inRange,
  NOMINAL,
  PARAMETERS,
  type PacingParameters,
  parametersFromNumbers,
  parametersToNumbers,
} from "../../../../modules/cardiac/pacer/index.js";
import { deep, ok, same, throws } from "../../../support/assert.js";

const steps = (from: number, to: number, step: number) =>
  Array.from({ length: (to - from) / step + 1 }, (_, i) => from + i * step);
const RATES = [30, 35, 40, 45, ...steps(50, 90, 1), ...steps(95, 175, 5)];
const AMPLITUDES = [0, ...steps(500, 3200, 100), ...steps(3500, 7000, 500)];
const WIDTHS = [50, ...steps(100, 1900, 100)];
const SENSITIVITIES = [250, 500, 750, ...steps(1000, 10_000, 500)];

const TABLE: readonly (readonly [name: keyof PacingParameters, values: number[], nominal: number])[] = [
  ["lowerRateLimitPpm", RATES, 60],
  ["upperRateLimitPpm", steps(50, 175, 5), 120],
  ["avDelayMs", steps(70, 300, 10), 150],
  ["sensedAvDelayOffsetMs", steps(-100, 0, 10), 0],
  ["atrialAmplitudeMv", AMPLITUDES, 3500],
  ["ventricularAmplitudeMv", AMPLITUDES, 3500],
  ["atrialWidthUs", WIDTHS, 400],
  ["ventricularWidthUs", WIDTHS, 400],
  ["atrialSensitivityUv", SENSITIVITIES, 750],
  ["ventricularSensitivityUv", SENSITIVITIES, 2500],
  ["vrpMs", steps(150, 500, 10), 320],
  ["arpMs", steps(150, 500, 10), 250],
  ["pvarpMs", steps(150, 500, 10), 250],
  ["pvarpExtensionMs", steps(0, 400, 50), 0],
  ["ventricularBlankingMs", [30, 40, 50, 60], 40],
  ["hysteresisRateLimitPpm", [0, ...RATES], 0],
  ["rateSmoothingPercent", [0, 3, 6, 9, 12, 15, 18, 21, 25], 0],
  ["atrMode", [0, 1], 0],
  ["atrDurationCycles", [10, 20, 40, 60, 80, ...steps(100, 2000, 100)], 20],
  ["atrFallbackMinutes", [1, 2, 3, 4, 5], 1],
];

describe("cardiac/pacer: the table of parameters", () => {
  it("has these and no others", () =>
    deep(
      PARAMETERS.map(({ name }) => name),
      TABLE.map(([name]) => name),
    ));

  for (const [name, values, nominal] of TABLE)
    it(`${name}: ${values.length} values, nominal ${nominal}`, () => {
      const parameter = PARAMETERS.find((it) => it.name === name)!;
      const allowed: number[] = [];
      for (let value = Math.min(...values) - 20; value <= Math.max(...values) + 600; value++)
        if (inRange(parameter, value)) allowed.push(value);
      deep(allowed, values);
      same(parameter.nominal, nominal);
      for (const wrong of [NaN, Infinity, values[1]! + 0.5, "60", null, undefined])
        ok(!inRange(parameter, wrong));
    });

  it("its ranges as a reader sees them", () => {
    same(describeRanges(PARAMETERS[0]!), "30 to 50 by 5, 50 to 90 by 1, 90 to 175 by 5 ppm");
    same(describeRanges(PARAMETERS[13]!), "50 to 400 by 50 ms, or 0 (off)");
  });

  it("nominal parameters may be programmed, in every mode", () => {
    for (const mode of ["off", "AOO", "VOO", "DOO", "AAI", "VVI", "VDD", "DDD"] as const)
      deep(findViolations({ ...NOMINAL, mode }), []);
  });
});

const REFUSED: readonly (readonly [change: Partial<PacingParameters>, message: string])[] = [
  [
    { lowerRateLimitPpm: 29 },
    "lowerRateLimitPpm: expected 30 to 50 by 5, 50 to 90 by 1, 90 to 175 by 5 ppm, came 29",
  ],
  [{ mode: "DDI" as "DDD" }, "mode: expected one of off, AOO, VOO, DOO, AAI, VVI, VDD, DDD"],
  [
    { mode: "VVI", lowerRateLimitPpm: 125 },
    "lower rate limit 125 ppm is above the upper rate limit 120 ppm (mode VVI)",
  ],
  [
    { hysteresisRateLimitPpm: 61 },
    "hysteresis rate limit 61 ppm is above the lower rate limit 60 ppm (mode DDD)",
  ],
  [
    { upperRateLimitPpm: 155 },
    "AV delay and PVARP are 400 ms, above the interval of the upper rate limit, 387 ms (mode DDD)",
  ],
  [
    { lowerRateLimitPpm: 90, pvarpExtensionMs: 300 },
    "AV delay, PVARP and its extension are 700 ms, above the interval of the lower rate limit, 667 ms (mode DDD)",
  ],
  [{ avDelayMs: 70, sensedAvDelayOffsetMs: -50 }, "sensed AV delay is 20 ms, below 30 ms (mode DDD)"],
  [
    { mode: "VVI", vrpMs: 420, upperRateLimitPpm: 150 },
    "VRP 420 ms is above the interval of the upper rate limit, 400 ms (mode VVI)",
  ],
  [
    { mode: "AAI", arpMs: 420, upperRateLimitPpm: 150 },
    "ARP 420 ms is above the interval of the upper rate limit, 400 ms (mode AAI)",
  ],
  [{ atrialAmplitudeMv: 0 }, "atrial amplitude is off in a mode that paces the atrium (mode DDD)"],
  [
    { mode: "VVI", ventricularAmplitudeMv: 0 },
    "ventricular amplitude is off in a mode that paces the ventricle (mode VVI)",
  ],
];

describe("cardiac/pacer: what is refused, with the limit named", () => {
  for (const [change, message] of REFUSED)
    it(message, () => {
      const parameters = { ...NOMINAL, ...change };
      same(findViolations(parameters)[0]?.message, message);
      throws("cardiac/parameter", () => checkParameters(parameters));
    });

  it("a limit holds only where the mode uses it", () => {
    for (const change of [
      { mode: "VVI", pvarpMs: 500, avDelayMs: 300, atrialAmplitudeMv: 0 },
      { mode: "off", lowerRateLimitPpm: 175, ventricularAmplitudeMv: 0 },
      { mode: "AOO", vrpMs: 500, upperRateLimitPpm: 175 },
    ] as const)
      deep(findViolations({ ...NOMINAL, ...change }), []);
  });

  it("with the parameters that it takes to mend it", () =>
    deep(findViolations({ ...NOMINAL, upperRateLimitPpm: 155 })[0]?.parameters, [
      "avDelayMs",
      "pvarpMs",
      "upperRateLimitPpm",
    ]));
});

describe("cardiac/pacer: parameters as numbers", () => {
  const nominal = [7, 60, 120, 150, 0, 3500, 3500, 400, 400, 750, 2500, 320, 250, 250, 0, 40, 0, 0, 0, 20, 1];

  it("there and back", () => {
    deep(parametersToNumbers(NOMINAL), nominal);
    deep(parametersFromNumbers(nominal), NOMINAL);
  });

  it("none too few, too many, wrong or strange", () => {
    const wrong: number[][] = [
      [],
      nominal.slice(1),
      [...nominal, 0],
      [8, ...nominal.slice(1)],
      [0.5, ...nominal.slice(1)],
    ];
    for (let at = 1; at < nominal.length; at++)
      wrong.push(nominal.map((value, i) => (i === at ? -1 : value)));
    for (const numbers of wrong) throws("cardiac/parameter", () => parametersFromNumbers(numbers));
  });
});
