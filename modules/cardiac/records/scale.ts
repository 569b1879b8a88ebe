/**
 * A stream has one whole number of nanovolts a step for all of its channels (DESIGN section 6); a file has a gain and a zero
 * of its own for each signal, which may be any. Where they all agree on a whole number, samples are passed on as they are.
 */
import { VagusError } from "../../error/index.js";

/** How a file's values become voltages: nanovolts = (value - zero) × nanovoltsPerStep. */
export interface Calibration {
  readonly nanovoltsPerStep: number;
  readonly zero: number;
  /** The least and the most that a value of this signal can be. */
  readonly range: readonly [number, number];
}

/** To samples of the stream: round((value - zero) × factor). */
export interface Conversion {
  readonly zero: number;
  readonly factor: number;
}

/** What a stream header can say: `reading/claims.ts`. */
const NANOVOLTS_MAX = 1_000_000;
/** Gains as decimals in a header are not exact in binary. */
const EXACT = 1e-9;

const whole = (value: number) => Math.abs(value - Math.round(value)) <= EXACT * Math.max(1, Math.abs(value));

/**
 * The finest of the signals' steps, in whole nanovolts, or as coarse as it takes for all that they can say to fit in an int16.
 * @throws VagusError `cardiac/malformed` for steps that no stream has
 */
export function commonScale(signals: readonly Calibration[]): {
  readonly nanovoltsPerStep: number;
  readonly conversions: readonly Conversion[];
} {
  const steps = signals.map(({ nanovoltsPerStep }) => nanovoltsPerStep);
  const [first] = steps;
  const same = whole(first!) && signals.every((one) => one.nanovoltsPerStep === first && whole(one.zero));
  const widest = Math.max(
    ...signals.map(({ nanovoltsPerStep, zero, range }) =>
      Math.max(...range.map((value) => Math.abs(value - zero) * nanovoltsPerStep)),
    ),
  );
  const nanovoltsPerStep = same
    ? Math.round(first!)
    : Math.max(1, Math.round(Math.min(...steps)), Math.ceil(widest / 32768));
  if (!(nanovoltsPerStep >= 1 && nanovoltsPerStep <= NANOVOLTS_MAX)) {
    throw new VagusError(
      "cardiac/malformed",
      `expected steps of 1 to ${NANOVOLTS_MAX} nV, came ${nanovoltsPerStep}`,
    );
  }
  return {
    nanovoltsPerStep,
    conversions: signals.map((one) => ({
      zero: same ? Math.round(one.zero) : one.zero,
      factor: same ? 1 : one.nanovoltsPerStep / nanovoltsPerStep,
    })),
  };
}

/** A sample of the stream; what an int16 cannot hold is as far out as it can. */
export function convert({ zero, factor }: Conversion, value: number): number {
  const sample = factor === 1 ? value - zero : Math.round((value - zero) * factor);
  return sample > 32767 ? 32767 : sample < -32768 ? -32768 : sample;
}
