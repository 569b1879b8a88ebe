/** Two lines on a frozen strip, and what lies between them. */
import { MISSING, type TraceBuffer } from "./trace-buffer.js";

/** Seconds from the strip's left end. */
export interface Calipers {
  readonly a: number;
  readonly b: number;
}

export interface Measured {
  readonly text: string;
  readonly spoken: string;
  readonly middleS: number;
}

/** A press of an arrow moves a caliper so far; with shift, so far. */
const FINE_S = 0.004;
const COARSE_S = 0.04;

/** @param from index of the strip's first sample */
export function measure({ a, b }: Calipers, buffer: TraceBuffer, from: number): Measured {
  const ms = Math.round(Math.abs(b - a) * 1000);
  const rate = ms >= 200 ? ` · ${Math.round(60_000 / ms)}/min` : "";
  const mv = difference(buffer, from, a, b);
  const height = mv === undefined ? "" : ` · ${mv < 0 ? "−" : "+"}${Math.abs(mv).toFixed(2)} mV`;
  const text = `${ms} ms${rate}${height}`;
  return { text, spoken: text.replace("−", "minus "), middleS: (a + b) / 2 };
}

/** Of the first lead, at one and the other. */
function difference(buffer: TraceBuffer, from: number, a: number, b: number): number | undefined {
  const { rateHz, nanovoltsPerStep } = buffer.format;
  const [before, after] = [a, b].map((s) => buffer.at(0, from + Math.round(s * rateHz)));
  if (before === MISSING || after === MISSING) return undefined;
  return ((after! - before!) * nanovoltsPerStep) / 1e6;
}

/** @returns undefined for a key that moves nothing @param across seconds of the strip */
export function nudge(
  calipers: Calipers,
  which: 0 | 1,
  key: string,
  coarse: boolean,
  across: number,
): Calipers | undefined {
  const step = coarse ? COARSE_S : FINE_S;
  const old = which === 0 ? calipers.a : calipers.b;
  const wanted: Record<string, number> = {
    ArrowLeft: old - step,
    ArrowDown: old - step,
    ArrowRight: old + step,
    ArrowUp: old + step,
    Home: 0,
    End: across,
  };
  const at = wanted[key];
  if (at === undefined) return undefined;
  const within = Math.max(0, Math.min(across, at));
  return which === 0 ? { ...calipers, a: within } : { ...calipers, b: within };
}
