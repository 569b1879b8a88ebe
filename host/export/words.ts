/** What exporters say in the same words. */
import type { Marker } from "../../modules/cardiac/pacer/index.js";
import type { Break } from "./timeline.js";

export const NOT_A_DEVICE = "Vagus is not a medical device: the heart is simulated or recorded.";

/** As on a strip: in parentheses where it fell into a refractory period. */
export function markerName({ name, refractory }: Marker): string {
  return refractory ? `(${name})` : name;
}

export function breakInWords({ declared, restarted }: Pick<Break, "declared" | "restarted">): string {
  const what = declared ? "gap, declared by the device" : "gap";
  return restarted ? `${what}; the device was restarted, and may have been off for longer` : what;
}

/** A decimal number without an exponent, at most `digits` behind the point, and none that say nothing. */
export function decimal(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** Seconds since 1970 as ISO 8601, UTC. */
export function isoTime(seconds: number): string {
  return new Date(Math.round(seconds * 1000)).toISOString();
}

/** Millivolts of a sample, exactly: nanovolts are whole. */
export function millivolts(sample: number, nanovoltsPerStep: number): string {
  return decimal((sample * nanovoltsPerStep) / 1e6, 6);
}
