/**
 * What a person at the bench sees of the device: one lamp.
 *
 *   idle            a flash every five seconds
 *   window          half a second on, half a second off, for the minute that the button opened
 *   provisioning    five flashes a second, for its minute
 *   connected       two flashes a second, until the programmer has authenticated
 *   authenticated   on for a second and a half, off as long
 *   refused         three quick flashes, then as before
 *   fault           on
 */
import type { Clock, DeviceEvent } from "../../device/index.js";

/** Milliseconds on, off, on, off …, from the start again. None: on. */
export const PATTERN = {
  idle: [30, 4970],
  window: [500, 500],
  provisioning: [100, 100],
  connected: [50, 150, 50, 750],
  authenticated: [1500, 1500],
  refused: [60, 60, 60, 60, 60, 700],
  fault: [],
} as const;

type Look = keyof typeof PATTERN;

const OPEN_MS = 60_000;
const REFUSED_MS = 1000;

/** @param light switches the lamp */
export function createLamp(light: (on: boolean) => void, clock: Clock): (event: DeviceEvent) => void {
  let always: Look = "idle";
  let passing: { readonly look: Look; readonly until: number } | undefined;
  let stop: (() => void) | undefined;

  const show = (step: number) => {
    if (passing !== undefined && clock.monotonicMs() >= passing.until) passing = undefined;
    const pattern = PATTERN[passing?.look ?? always];
    const on = step % 2 === 0;
    light(on);
    if (pattern.length > 0) stop = clock.after(pattern[step % pattern.length], () => show(step + 1));
  };

  const turn = (look: Look, ms?: number) => {
    if (always === "fault") return;
    if (ms === undefined) always = look;
    else passing = { look, until: clock.monotonicMs() + ms };
    stop?.();
    show(0);
  };

  return (event) => {
    switch (event.kind) {
      case "window":
      case "provisioning":
        return turn(event.kind, OPEN_MS);
      case "connected":
        return turn("connected");
      case "authenticated":
        passing = undefined;
        return turn("authenticated");
      case "refused":
        return turn("refused", REFUSED_MS);
      case "fault":
        passing = undefined;
        return turn("fault");
      case "started":
      case "disconnected":
        return turn("idle");
      case "provisioned":
      case "reset": // what the button opened has done its work
        passing = undefined;
    }
  };
}
