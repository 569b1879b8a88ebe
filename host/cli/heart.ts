import { parseArgs } from "node:util";
import {
  type Chamber,
  ECG_LEADS,
  type EcgLead,
  PacedHeart,
  type PacedHeartOptions,
  RHYTHM_NAMES,
  RHYTHMS,
} from "../../modules/cardiac/index.js";
import { HEALTHY, LEAD_FAULTS, withFault } from "../../modules/cardiac/leads/index.js";
import {
  type Marker,
  MODES,
  NOMINAL,
  PARAMETERS,
  type PacingParameters,
} from "../../modules/cardiac/pacer/index.js";
import { Outputs } from "../export/write.js";
import { drawStrip } from "../strip/index.js";
import { UsageError } from "./usage.js";

export const summary = "draws a strip of a made-up heart and its pacemaker on ECG paper";

export const help = `vagus heart: a strip on ECG paper, 25 mm/s and 10 mm/mV, with the pacer's markers

usage: vagus heart [options] --svg FILE

  --svg FILE        where to draw; - is standard output. Without it the markers are printed, a line each
  --json            prints one JSON object and nothing else on standard output: the heart, its program and the markers
  --rhythm R        ${RHYTHM_NAMES.slice(0, 6).join(", ")},
                    ${RHYTHM_NAMES.slice(6).join(", ")} (default: sinus)
  --bpm N           of the sinus node or the tachycardia, 20 to 220 (default: the rhythm's own)
  --mode M          ${MODES.join(", ")} (default: off)
  --set NAME=VALUE  a pacing parameter, as docs/PACING.md names it; may be given several times
  --fault LEAD=F    atrium or ventricle = ${LEAD_FAULTS.slice(1).join(", ")}
  --retrograde MS   the ventricle conducts back to the atrium in 100 to 400 ms
  --seconds N       1 to 120 (default 10)
  --from N          seconds that have passed before the strip begins (default 2)
  --seed N          another heart of the same kind (default 1)
  --leads L,L       of ${ECG_LEADS.join(", ")} (default: all)
  --rate N          samples a second: 125, 250 or 500 (default 250)
  --noise           mains, muscles and a wandering baseline

exit codes: 0 done; 1 something failed; 2 wrong usage
`;

const NOISY = { wanderUv: 250, mainsUv: 40, muscleUv: 30 };

export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      svg: { type: "string" },
      rhythm: { type: "string", default: "sinus" },
      bpm: { type: "string" },
      mode: { type: "string", default: "off" },
      set: { type: "string", multiple: true, default: [] },
      fault: { type: "string", multiple: true, default: [] },
      retrograde: { type: "string" },
      seconds: { type: "string", default: "10" },
      from: { type: "string", default: "2" },
      seed: { type: "string", default: "1" },
      leads: { type: "string", default: ECG_LEADS.join(",") },
      rate: { type: "string", default: "250" },
      noise: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  const rhythm = oneOf("rhythm", values.rhythm, RHYTHM_NAMES);
  const parameters = parametersOf(oneOf("mode", values.mode, MODES), values.set);
  const rateHz = number("rate", oneOf("rate", values.rate, ["125", "250", "500"]), 125, 500);
  const seed = number("seed", values.seed, 1, 2 ** 31 - 1);
  const seconds = number("seconds", values.seconds, 1, 120);
  const from = number("from", values.from, 0, 3600);
  const heart = new PacedHeart({
    rhythm,
    seed,
    rateHz,
    parameters,
    leads: leadsOf(values.fault),
    channels: values.leads.split(",").map((name) => oneOf<EcgLead>("leads", name, ECG_LEADS)),
    ...(values.bpm === undefined ? {} : { bpm: number("bpm", values.bpm, 20, 220) }),
    ...(values.retrograde === undefined
      ? {}
      : { retrogradeMs: number("retrograde", values.retrograde, 100, 400) }),
    ...(values.noise ? { disturbances: NOISY } : {}),
  });

  const first = Math.round(from * rateHz);
  const count = Math.round(seconds * rateHz);
  heart.read(0, first);
  heart.takeMarkers((first * 1000) / rateHz);
  const { samples, markers } = live(heart, first, count);
  const fromMs = (first * 1000) / rateHz;
  if (values.svg === "-" && values.json)
    throw new UsageError("expected one of --json and --svg - on standard output, came both");
  if (values.json) print({ rhythm, seed, seconds, fromMs, format: heart.format, parameters, markers });
  if (values.svg === undefined) {
    if (!values.json) list(markers, fromMs);
    if (parameters.mode === "off")
      process.stderr.write("No pacing, so no markers: --mode DDD paces this heart, --svg FILE draws it\n");
    return 0;
  }
  const svg = drawStrip({
    title: RHYTHMS[rhythm].title,
    subtitle: [
      inWords(parameters),
      ...values.fault.map((fault) => `lead in the ${fault.replace("=", ": ")}`),
    ].join(" · "),
    note: `Vagus, simulated: ${rhythm}, seed ${seed}. Not a patient.`,
    format: heart.format,
    samples,
    fromMs,
    markers: parameters.mode === "off" ? undefined : markers,
  });
  if (values.svg === "-") process.stdout.write(svg);
  else {
    const outputs = new Outputs([values.svg], true);
    await outputs.write(values.svg, [svg]);
    outputs.keep();
  }
  return 0;
}

function print(what: unknown): void {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}

/** A line a marker, in seconds of the strip. */
function list(markers: readonly Marker[], fromMs: number): void {
  for (const { atMs, name, refractory } of markers)
    process.stdout.write(`${((atMs - fromMs) / 1000).toFixed(3)} s  ${refractory ? `(${name})` : name}\n`);
}

/** Reads a second at a time, as a device does, so that no marker waits long. */
function live(heart: PacedHeart, first: number, count: number) {
  const { rateHz, channels } = heart.format;
  const samples = channels.map(() => new Int16Array(count));
  const markers: Marker[] = [];
  for (let done = 0; done < count; done += rateHz) {
    const part = Math.min(rateHz, count - done);
    for (const [lead, piece] of heart.read(first + done, part).entries()) samples[lead]!.set(piece, done);
    markers.push(...heart.takeMarkers(((first + done + part) * 1000) / rateHz));
  }
  return { samples, markers };
}

/** The program, as the head of a strip says it. */
function inWords(parameters: PacingParameters): string {
  const { mode, lowerRateLimitPpm, upperRateLimitPpm, avDelayMs, pvarpMs, pvarpExtensionMs } = parameters;
  if (mode === "off") return "No pacing";
  const tracks = mode === "DDD" || mode === "VDD";
  const rates = tracks ? `${lowerRateLimitPpm} to ${upperRateLimitPpm} ppm` : `${lowerRateLimitPpm} ppm`;
  const av = tracks || mode === "DOO" ? ` · AV ${avDelayMs} ms` : "";
  const longer = pvarpExtensionMs > 0 ? `, ${pvarpMs + pvarpExtensionMs} after a PVC` : "";
  return `${mode} ${rates}${av}${tracks ? ` · PVARP ${pvarpMs} ms${longer}` : ""}`;
}

function parametersOf(mode: PacingParameters["mode"], settings: readonly string[]): PacingParameters {
  const names = PARAMETERS.map(({ name }) => name);
  const set: Record<string, number> = {};
  for (const setting of settings) {
    const [name = "", value = ""] = setting.split("=");
    set[oneOf("set", name, names)] = number("set", value, -1e6, 1e6);
  }
  return { ...NOMINAL, ...set, mode };
}

function leadsOf(faults: readonly string[]): NonNullable<PacedHeartOptions["leads"]> {
  const leads = { ...HEALTHY };
  for (const fault of faults) {
    const [lead = "", name = ""] = fault.split("=");
    const chamber = oneOf<Chamber>("fault", lead, ["atrium", "ventricle"]);
    leads[chamber] = withFault(HEALTHY[chamber], oneOf("fault", name, LEAD_FAULTS));
  }
  return leads;
}

function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((name) => name === value);
  if (found === undefined)
    throw new UsageError(`--${option}: expected one of ${allowed.join(", ")}, came ${value || "nothing"}`);
  return found;
}

function number(option: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= min && value <= max))
    throw new UsageError(`--${option}: expected a number from ${min} to ${max}, came ${text || "nothing"}`);
  return value;
}
