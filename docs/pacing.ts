/** What PACING.md shows that the code knows better: the table of parameters, and strips of markers made by the pacer. */
import { createBattery, drainByRadio, drainByTime, pulseEnergyNj } from "../modules/cardiac/battery/index.js";
import {
  type Chamber,
  createPacer,
  describeRanges,
  MODES,
  NOMINAL,
  PARAMETERS,
  type PacerOutput,
  type PacingParameters,
  pacerStep,
} from "../modules/cardiac/pacer/index.js";

function table(rows: readonly (readonly string[])[]): string {
  const [head, ...body] = rows.map((cells) => `| ${cells.join(" | ")} |`);
  return [head, `|${rows[0]!.map(() => "---").join("|")}|`, ...body].join("\n");
}

function parameters(): string {
  const modes = MODES.slice(1);
  return table([
    ["parameter", "name in the code", "values", "nominal", "tolerance", ...modes],
    ...PARAMETERS.map((parameter) => {
      const { label, name, nominal, unit, canBeOff, tolerance } = parameter;
      return [
        label,
        `\`${name}\``,
        unit === "" ? "1 (on), or 0 (off)" : describeRanges(parameter),
        nominal === 0 && canBeOff ? "off" : `${nominal} ${unit}`,
        tolerance === undefined ? "" : `±${tolerance.value} ${tolerance.unit}`,
        ...modes.map((mode) => (parameter.modes.includes(mode) ? "×" : "")),
      ];
    }),
  ]);
}

type Strip = readonly [
  what: string,
  change: Partial<PacingParameters>,
  senses: readonly (readonly [Chamber, number])[],
  untilMs: number,
];

const pWaves = (everyMs: number, count: number): [Chamber, number][] =>
  Array.from({ length: count }, (_, i) => ["atrium", everyMs * (i + 1)]);

const STRIPS: readonly Strip[] = [
  ["nothing sensed", {}, [], 2000],
  [
    "a P wave tracked, then one that the heart conducts",
    {},
    [
      ["atrium", 500],
      ["atrium", 1300],
      ["ventricle", 1430],
    ],
    1430,
  ],
  ["P waves every 450 ms, URL 120: Wenckebach", {}, pWaves(450, 6), 2850],
  ["P waves every 350 ms: 2:1", {}, pWaves(350, 6), 1900],
  [
    "a PVC, PVARP extended by 100 ms",
    { pvarpExtensionMs: 100 },
    [
      ["ventricle", 1500],
      ["atrium", 1840],
    ],
    2500,
  ],
  ["VVI, hysteresis 50 ppm", { mode: "VVI", hysteresisRateLimitPpm: 50 }, [["ventricle", 500]], 2700],
];

function written(output: PacerOutput): string[] {
  if (output.type !== "marker") return [];
  return [`${output.refractory ? `(${output.name})` : output.name} ${output.atMs}`];
}

function strip([what, change, senses, untilMs]: Strip): string {
  let state = createPacer({ ...NOMINAL, ...change }, 0);
  const texts: string[] = [];
  const step = (event: Parameters<typeof pacerStep>[1], atMs: number): void => {
    const result = pacerStep(state, event, atMs);
    state = result.state;
    texts.push(...result.outputs.flatMap(written));
  };
  const dueMs = () => Math.min(state.atrialPaceDueMs, state.ventricularPaceDueMs);
  const ticks = (beforeMs: number): void => {
    while (dueMs() < beforeMs) step({ type: "tick" }, dueMs());
  };
  for (const [chamber, atMs] of senses) {
    ticks(atMs);
    step({ type: "sense", chamber }, atMs);
  }
  ticks(untilMs + 1);
  return `${what}\n    ${texts.join("  ")}`;
}

/** Another lower rate limit, programmed in the midst of a cycle; and what the pacer said of sets that it refused there. */
function programmed(): string {
  let state = createPacer(NOMINAL, 0);
  const texts: string[] = [];
  const step = (event: Parameters<typeof pacerStep>[1], atMs: number): void => {
    const result = pacerStep(state, event, atMs);
    state = result.state;
    texts.push(...result.outputs.flatMap(written));
  };
  const live = (untilMs: number): void => {
    for (;;) {
      const dueMs = Math.min(state.atrialPaceDueMs, state.ventricularPaceDueMs);
      if (dueMs > untilMs) return;
      step({ type: "tick" }, dueMs);
    }
  };
  live(1300);
  for (const change of [
    { lowerRateLimitPpm: 200 },
    { lowerRateLimitPpm: 125 },
    { ventricularAmplitudeMv: 0 },
  ])
    try {
      step({ type: "program", parameters: { ...NOMINAL, ...change } }, 1300);
    } catch (error) {
      texts.push(`\n    [1300: ${(error as Error).message}]`);
    }
  texts.push("\n    [1300: 90 ppm programmed] ");
  step({ type: "program", parameters: { ...NOMINAL, lowerRateLimitPpm: 90 } }, 1300);
  live(3400);
  return `\`\`\`\n    ${texts.join("  ").replaceAll("  \n", "\n")}\n\`\`\``;
}

const HOUR_MS = 3_600_000;
/** Of the record at 1 s a reading and an MTU of 247, with what is around each value on air: `npm run bench`, 374.63 + 21 × 2.01. */
const ECG_OCTETS = 417;

function battery(): string {
  const { capacityNj } = createBattery();
  const pulse = pulseEnergyNj(
    { amplitudeMv: NOMINAL.ventricularAmplitudeMv, widthUs: NOMINAL.ventricularWidthUs },
    640,
  );
  const fresh = createBattery();
  const rows: [what: string, nj: number][] = [
    ["the circuit", drainByTime(fresh, HOUR_MS).usedNj],
    ["60 pulses a minute of 3.5 V and 0.4 ms into 640 Ω", 60 * 60 * pulse],
    ["ECG by radio, 417 octets a second", drainByRadio(fresh, ECG_OCTETS * 3600).usedNj],
  ];
  return table([
    ["an hour of", "takes", "of the battery"],
    ...rows.map(([what, nj]) => [
      what,
      `${(nj / 1e6).toFixed(1)} mJ`,
      `${((1e6 * nj) / capacityNj).toFixed(1)} millionths`,
    ]),
  ]);
}

const MADE: Readonly<Record<string, () => string>> = {
  parameters,
  programmed,
  battery,
  strips: () => `\`\`\`\n${STRIPS.map(strip).join("\n")}\n\`\`\``,
};

/** The page with what is made in its places: between `<!-- made: name -->` and `<!-- end -->`. */
export function withPacing(page: string): string {
  let text = page;
  for (const [name, make] of Object.entries(MADE)) {
    const mark = `<!-- made: ${name} -->\n`;
    const begin = text.indexOf(mark) + mark.length;
    const end = text.indexOf("<!-- end -->", begin);
    if (begin < mark.length || end < 0) throw new Error(`PACING.md has no place for "${name}"`);
    text = `${text.slice(0, begin)}\n${make()}\n\n${text.slice(end)}`;
  }
  return text;
}
