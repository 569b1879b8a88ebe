/**
 * FHIR R4: a Bundle (collection) of Observations, each of at most five minutes, with a component a lead: SampledData as it came
 * from the device, value = origin + factor × sample. Short breaks are E's among the samples ("error", R4 2.24.0.8); a longer
 * one ends the Observation. Leads are coded by ISO/IEEE 11073-10101; there is no subject: nobody here knows who it is.
 */
import type { Recorded } from "./survey.js";
import type { Format, Piece } from "./timeline.js";
import { decimal, isoTime, NOT_A_DEVICE } from "./words.js";

const OBSERVATION_S = 300;
const BREAK_S = 10;
const MDC = "urn:iso:std:iso:11073:10101";
/** MDC_ECG_ELEC_POTL and, from there on, one for each lead. */
const POTENTIAL = 131328;
const LEADS = new Map([
  ["I", ["131329", "MDC_ECG_ELEC_POTL_I"]],
  ["II", ["131330", "MDC_ECG_ELEC_POTL_II"]],
  ["MLII", ["131330", "MDC_ECG_ELEC_POTL_II"]],
  ["V1", ["131331", "MDC_ECG_ELEC_POTL_V1"]],
  ["V2", ["131332", "MDC_ECG_ELEC_POTL_V2"]],
  ["V3", ["131333", "MDC_ECG_ELEC_POTL_V3"]],
  ["V4", ["131334", "MDC_ECG_ELEC_POTL_V4"]],
  ["V5", ["131335", "MDC_ECG_ELEC_POTL_V5"]],
  ["V6", ["131336", "MDC_ECG_ELEC_POTL_V6"]],
  ["III", ["131389", "MDC_ECG_ELEC_POTL_III"]],
  ["AVR", ["131390", "MDC_ECG_ELEC_POTL_AVR"]],
  ["AVL", ["131391", "MDC_ECG_ELEC_POTL_AVL"]],
  ["AVF", ["131392", "MDC_ECG_ELEC_POTL_AVF"]],
]);

/**
 * @param device the device's name, where it is to be said; JSON in pieces
 * @param assembled seconds since 1970: when the Bundle was made
 */
export function* writeFhir(
  recorded: Recorded,
  device?: string,
  assembled = Date.now() / 1000,
): Generator<string> {
  const { format } = recorded;
  yield `{"resourceType":"Bundle","type":"collection","timestamp":${JSON.stringify(isoTime(assembled))},"entry":[\n`;
  let number = 0;
  let open: Sampled | undefined;
  const written = (one: Sampled) =>
    `${number > 1 ? ",\n" : ""}${JSON.stringify({ fullUrl: `urn:uuid:${uuid(number)}`, resource: observation(recorded, one, device) })}`;
  for (const piece of recorded.pieces()) {
    const long = open !== undefined && piece.at - open.end > BREAK_S * format.rateHz;
    const full = open !== undefined && piece.at - open.at >= OBSERVATION_S * format.rateHz;
    if (open !== undefined && (long || full)) {
      yield written(open);
      open = undefined;
    }
    if (open === undefined) {
      number++;
      open = new Sampled(piece.at, format.channels.length);
    }
    open.add(piece);
  }
  if (open !== undefined) yield written(open);
  yield "\n]}\n";
}

/** The data of an Observation as they grow. */
class Sampled {
  readonly at: number;
  readonly data: string[][];
  end: number;

  constructor(at: number, channels: number) {
    this.at = at;
    this.end = at;
    this.data = Array.from({ length: channels }, () => []);
  }

  add({ at, channels }: Piece): void {
    for (const [index, channel] of channels.entries()) {
      const missing = at - this.end;
      if (missing > 0) this.data[index]!.push(Array(missing).fill("E").join(" "));
      this.data[index]!.push(channel.join(" "));
    }
    this.end = at + channels[0]!.length;
  }
}

function observation({ format, startedAt }: Recorded, { at, end, data }: Sampled, device?: string) {
  const { rateHz } = format;
  return {
    resourceType: "Observation",
    text: {
      status: "generated",
      div: `<div xmlns="http://www.w3.org/1999/xhtml">Electrocardiogram, ${(end - at) / rateHz} s. ${NOT_A_DEVICE}</div>`,
    },
    status: "final",
    category: [
      {
        coding: [
          {
            system: "http://terminology.hl7.org/CodeSystem/observation-category",
            code: "procedure",
            display: "Procedure",
          },
        ],
      },
    ],
    code: coded(`${POTENTIAL}`, "MDC_ECG_ELEC_POTL", "Electrocardiogram"),
    effectivePeriod: { start: isoTime(startedAt + at / rateHz), end: isoTime(startedAt + end / rateHz) },
    ...(device !== undefined && { device: { identifier: { value: device }, display: "Vagus" } }),
    component: format.channels.map((channel, index) => ({
      code: codeOf(channel),
      valueSampledData: sampledData(format, data[index]!.join(" ")),
    })),
  };
}

/** `period` is milliseconds a sample; `factor` makes microvolts of a step. */
function sampledData({ rateHz, nanovoltsPerStep }: Format, data: string) {
  return {
    origin: { value: 0, unit: "uV", system: "http://unitsofmeasure.org", code: "uV" },
    period: Number(decimal(1000 / rateHz, 9)),
    factor: nanovoltsPerStep / 1000,
    dimensions: 1,
    data,
  };
}

/** A lead of the surface by its own code; an electrogram of a lead within the heart as a potential, and its name. */
function codeOf(channel: string) {
  const [code, display] = LEADS.get(channel.toUpperCase()) ?? [`${POTENTIAL}`, "MDC_ECG_ELEC_POTL"];
  return coded(code!, display!, channel);
}

function coded(code: string, display: string, text: string) {
  return { coding: [{ system: MDC, code, display }], text };
}

/** The same export, the same file: entries are numbered, which RFC 9562 section 5.8 leaves room for. */
function uuid(number: number): string {
  return `76616775-7300-8000-8000-${number.toString(16).padStart(12, "0")}`;
}
