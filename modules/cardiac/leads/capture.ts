/** Which pulses capture. */
import type { Lead } from "./lead.js";

/**
 * The weakest pulse of this width that captures, in mV: Weiss's strength-duration curve (1901) in Lapicque's terms,
 * rheobase × (1 + chronaxie / width). It is twice the rheobase at the chronaxie.
 */
export function captureThresholdMv({ rheobaseMv, chronaxieUs }: Lead, widthUs: number): number {
  return widthUs > 0 ? rheobaseMv * (1 + chronaxieUs / widthUs) : Infinity;
}

/** Whether a pulse into excitable tissue makes it contract; tissue that is still refractory is the heart's affair. */
export function captures(
  lead: Lead,
  pulse: { readonly amplitudeMv: number; readonly widthUs: number },
): boolean {
  return pulse.amplitudeMv >= captureThresholdMv(lead, pulse.widthUs);
}
