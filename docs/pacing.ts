/** What PACING.md shows that the code knows better: the table of parameters, and strips of markers made by the pacer. */
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

const MADE: Readonly<Record<string, () => string>> = {
  parameters,
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
