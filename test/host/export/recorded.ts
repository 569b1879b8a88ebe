/** A recording as exporters get it, made up: samples that are told apart by where they stand. */
import type { Recorded } from "../../../host/export/survey.js";
import type { Break, Placed } from "../../../host/export/timeline.js";
import type { MarkerName } from "../../../modules/cardiac/pacer/index.js";

export const STARTED_AT = 1_800_000_000;

export interface Made {
  readonly rateHz?: number;
  readonly nanovoltsPerStep?: number;
  readonly channels?: readonly string[];
  /** Samples of a reading. */
  readonly reading?: number;
  /** Where runs begin on the line, and of how many readings each is. */
  readonly runs?: readonly (readonly [at: number, readings: number])[];
  readonly markers?: readonly (readonly [at: number, name: MarkerName, refractory?: boolean])[];
  readonly declared?: boolean;
}

/** The first samples are the least, the greatest, and those around 0. */
export function sampleAt(channel: number, at: number): number {
  const first = [-32767, 32767, 0, -1, 1, 255, -256][at];
  return first ?? Math.round(900 * Math.sin((at * (channel + 1)) / 7)) + (at % 5);
}

export function recorded(made: Made = {}): Recorded {
  const { rateHz = 250, nanovoltsPerStep = 5000, channels = ["I", "II"], reading = 125 } = made;
  const runs = (made.runs ?? [[0, 4]]).map(([at, readings]) => ({ at, samples: readings * reading }));
  const breaks: Break[] = runs.slice(1).map(({ at }, index) => {
    const before = runs[index]!;
    const end = before.at + before.samples;
    return { at: end, samples: at - end, declared: made.declared ?? true };
  });
  const markers: Placed[] = (made.markers ?? []).map(([at, name, refractory = false]) => ({
    at,
    marker: { type: "marker", name, refractory, atMs: (at * 1000) / rateHz },
  }));
  const last = runs.at(-1)!;
  return {
    ...{ runs, breaks, markers, startedAt: STARTED_AT, uncertainty: 2 },
    format: { rateHz, nanovoltsPerStep, channels },
    length: last.at + last.samples,
    readings: runs.reduce((sum, { samples }) => sum + samples / reading, 0),
    *pieces() {
      for (const run of runs)
        for (let at = run.at; at < run.at + run.samples; at += reading)
          yield {
            at,
            channels: channels.map((_, channel) =>
              Int16Array.from({ length: reading }, (_, i) => sampleAt(channel, at + i)),
            ),
          };
    },
  };
}

/** Of a channel, run after run. */
export function allSamples(from: Recorded, channel: number): Int16Array {
  const parts = [...from.pieces()].map(({ channels }) => [...channels[channel]!]);
  return Int16Array.from(parts.flat());
}

export const WITH_ALL: Made = {
  runs: [
    [0, 4],
    [800, 3],
    [1_300, 2],
  ],
  markers: [
    [10.25, "AP"],
    [40, "VP"],
    [120, "AS", true],
    [499, "VS"],
    [900, "PVC"],
    [1_549, "AT"],
  ],
};
