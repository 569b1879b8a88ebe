/** Ports that are seen on a display, in place of these. The device does not know of it, but that it may be looked at. */
import type { Implant } from "../../cardiac/index.js";
import type { DevicePorts, DeviceView } from "../../device/index.js";
import type { Canvas } from "./canvas.js";
import type { Heart } from "./heart.js";
import { Pulse } from "./pulse.js";
import { View } from "./view.js";

export type { Canvas } from "./canvas.js";
export type { Heart, Samples } from "./heart.js";

export const FRAME_MS = 40;
/** Of the words. */
export const SAY_MS = 500;
/** The heart lives in strokes of 250 ms, is drawn in others of 250, and some 100 ms ahead: so far behind is shown, evenly. */
export const BEHIND_MS = 650;

/** @param failed told where drawing fails, which ends the display, blank, and nothing else */
export function withDisplay(
  ports: DevicePorts,
  canvas: Canvas,
  { samples, patient }: Heart,
  failed: (error: unknown) => void,
): DevicePorts {
  const { clock } = ports;
  const implant: Implant | undefined = patient;
  const pulse = new Pulse();
  if (patient !== undefined) patient.marked = (marker) => pulse.add(marker);
  const view = new View(canvas, { samples, pulse, implant });
  const start = clock.monotonicMs();
  let look: (() => DeviceView) | undefined;
  let fault: string | undefined;
  let saidMs = Number.NEGATIVE_INFINITY;

  const frame = () => {
    const now = clock.monotonicMs() - start;
    if (now - saidMs >= SAY_MS) {
      saidMs = now;
      view.say(look?.(), now, fault);
    }
    view.draw(now - BEHIND_MS);
    clock.after(FRAME_MS, again);
  };
  /** A trace that stands still would pass for one of now. */
  const blank = () => {
    for (const step of [() => canvas.end(), () => view.stop()]) {
      try {
        step();
      } catch {} // it failed before
    }
  };
  const again = () => {
    try {
      frame();
    } catch (error) {
      blank();
      failed(error);
    }
  };
  clock.after(FRAME_MS, again);

  return {
    ...ports,
    show: (looking) => {
      look = looking;
      saidMs = Number.NEGATIVE_INFINITY;
    },
    observe: (event) => {
      if (event.kind === "fault") fault = event.error.code;
      saidMs = Number.NEGATIVE_INFINITY;
      ports.observe(event);
    },
  };
}
