/** Samples by index out of an `Ecg` that only goes forwards. */
import { VagusError } from "../../error/index.js";
import type { Ecg } from "./ecg.js";

/** Most samples drawn at once, which bounds the memory of a long read. */
const CHUNK = 128;

/** @throws VagusError `cardiac/parameter` */
export function checkRead(first: number, count: number): void {
  if (!Number.isSafeInteger(first) || first < 0 || !Number.isSafeInteger(count) || count < 0)
    throw new VagusError("cardiac/parameter", `expected whole samples, came ${first} + ${count}`);
}

/**
 * Draws up to sample `first` without keeping anything, then `count` samples a lead.
 *
 * @param feed adds all that happens until `untilMs` to the ECG
 */
export function readOn(
  ecg: Ecg,
  feed: (untilMs: number) => void,
  first: number,
  count: number,
): Int16Array[] {
  const draw = (samples: number) => {
    feed(ecg.knownMs(samples));
    return ecg.draw(samples);
  };
  while (ecg.nextSample < first) draw(Math.min(CHUNK, first - ecg.nextSample));
  if (count <= CHUNK) return draw(count);
  const whole = ecg.format.channels.map(() => new Int16Array(count));
  for (let done = 0; done < count; ) {
    const parts = draw(Math.min(CHUNK, count - done));
    for (const [lead, part] of parts.entries()) whole[lead]!.set(part, done);
    done += parts[0]!.length;
  }
  return whole;
}
