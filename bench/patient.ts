/** The heap with the simulated patient in the device, all three streams heard. */
import { STREAM } from "../modules/reading/index.js";
import type { DeviceOptions } from "./device.js";
import { streamRun } from "./stream.js";

export interface PatientFigures {
  /** The most of all runs. */
  readonly heapPeakSlots: number;
  readonly heapPeakChunkBytes: number;
  readonly residentSlots: number;
  readonly residentChunkBytes: number;
}

/** The plain rhythm, and those that were seen to take most: many waves at once, many markers. */
const RUNS = [
  { rhythm: "sinus", readingMs: 1000, readings: 60 },
  { rhythm: "vf", readingMs: 250, readings: 60 },
  { rhythm: "vt", readingMs: 4000, readings: 20 },
] as const;

/** @throws Error where a run fails, as `streamRun` */
export async function patientFigures(options: DeviceOptions): Promise<PatientFigures> {
  const most = { heapPeakSlots: 0, heapPeakChunkBytes: 0, residentSlots: 0, residentChunkBytes: 0 };
  for (const run of RUNS) {
    const { report } = await streamRun({ ...options, ...run, streams: Object.values(STREAM) });
    for (const figure of Object.keys(most) as (keyof typeof most)[])
      most[figure] = Math.max(most[figure], report[figure]);
  }
  return most;
}
