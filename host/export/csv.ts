/**
 * CSV (RFC 4180) whose header explains it: lines with # in front, then the names of the columns, then a line a sample. A marker
 * stands in the line of the nearest sample, several with a space between; a break is a line with # in front.
 */
import type { Recorded } from "./survey.js";
import { breakInWords, decimal, isoTime, markerName, millivolts, NOT_A_DEVICE } from "./words.js";

export function* writeCsv(recorded: Recorded): Generator<string> {
  const { format, startedAt, uncertainty, breaks, length, markers, runs } = recorded;
  const { rateHz, nanovoltsPerStep, channels } = format;
  const late =
    uncertainty === null ? "it may be later: the device was off" : `it is at most ${uncertainty} s later`;
  yield [
    "# Electrocardiogram, exported by Vagus",
    `# ${NOT_A_DEVICE}`,
    `# start: ${isoTime(startedAt)} (UTC, by the device's clock; ${late})`,
    `# rate: ${rateHz} samples a second`,
    `# samples: ${length} from the first to the last, in ${runs.length} runs without a break`,
    `# resolution: ${decimal(nanovoltsPerStep / 1000, 3)} microvolts a step; values are exact`,
    "# time_s: seconds since the start; sample: the same in samples",
    `# ${channels.map((name) => `${name}_mV`).join(", ")}: millivolts of each lead`,
    "# marker: what the pacer did or saw (A atrium, V ventricle, P paced, S sensed; in parentheses: refractory)",
    "# a line that begins with # among the samples tells of a break",
    ["time_s", "sample", ...channels.map((name) => quoted(`${name}_mV`)), "marker"].join(","),
    "",
  ].join("\n");
  let [marker, missing] = [0, 0];
  for (const { at, channels: samples } of recorded.pieces()) {
    const gap = breaks[missing];
    if (gap !== undefined && gap.at + gap.samples <= at) {
      missing++;
      const [from, to] = [gap.at, at].map((sample) => decimal(sample / rateHz, 6));
      yield `# ${breakInWords(gap)}: nothing from ${from} s to ${to} s\n`;
    }
    const lines: string[] = [];
    for (let i = 0; i < samples[0]!.length; i++) {
      const names: string[] = [];
      for (let one = markers[marker]; one !== undefined && one.at < at + i + 0.5; one = markers[++marker]) {
        names.push(markerName(one.marker));
      }
      const values = samples.map((channel) => millivolts(channel[i]!, nanovoltsPerStep));
      lines.push([decimal((at + i) / rateHz, 6), at + i, ...values, names.join(" ")].join(","));
    }
    yield `${lines.join("\n")}\n`;
  }
}

function quoted(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}
