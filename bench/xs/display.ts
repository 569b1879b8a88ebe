/**
 * The view on a display: display.js SECONDS. Byte codes a second of drawing a paced heart, 25 frames a second and the words twice, as a board does it; and what
 * of it a display has to be given: rectangles, and pixels in them. The heart's own work, and Poco's, which is C, are not among them.
 */
import { simulatedPatient } from "../../modules/cardiac/index.js";
import type { DeviceView } from "../../modules/device/index.js";
import type { Canvas } from "../../modules/platform/display/canvas.js";
import { BEHIND_MS, FRAME_MS, SAY_MS } from "../../modules/platform/display/index.js";
import { Pulse } from "../../modules/platform/display/pulse.js";
import { View } from "../../modules/platform/display/view.js";
import { argument, metered, report } from "./meter.js";

const seconds = Number(argument(0));
const LINE = { small: 22, large: 38 };

const drawn = { rectangles: 0, pixels: 0 };
const canvas = (width: number, height: number): Canvas => ({
  width,
  height,
  begin(_x, _y, wide, high) {
    drawn.rectangles++;
    drawn.pixels += wide * high;
  },
  fill() {},
  text() {},
  end() {},
  textWidth: (text, size) => (text.length * LINE[size]) >> 1,
  lineHeight: (size) => LINE[size],
});

const SEEN: DeviceView = {
  state: "provisioned",
  link: "authenticated",
  peer: { kind: "programmer", kid: "a65e361ed3fae743" },
  windowMs: 0,
  provisioningMs: 0,
  own: { subject: "rBeod1W4s6I", expires: 1_800_000_000 },
  epoch: 3,
  boot: 7,
  recording: true,
  journal: { usedBytes: 250_000, capacityBytes: 2_000_000 },
};

/** Of a second, behind the first five, in which everything is drawn for the first time. */
function figuresOf(width: number, height: number) {
  const patient = simulatedPatient();
  const pulse = new Pulse();
  patient.marked = (marker) => pulse.add(marker);
  const view = new View(canvas(width, height), { samples: patient, pulse, implant: patient });
  const journal = { ...SEEN.journal };
  let meter = 0;
  const until = (ms: number, from: number) => {
    for (let now = from; now < ms; now += FRAME_MS) {
      patient.liveUntil(now);
      journal.usedBytes += 16; // some 400 bytes a second
      const said = now % SAY_MS < FRAME_MS;
      meter += metered(() => {
        if (said) view.say({ ...SEEN, journal }, now);
        view.draw(now - BEHIND_MS);
      });
    }
  };
  until(5000, 0);
  [meter, drawn.rectangles, drawn.pixels] = [0, 0, 0];
  until(5000 + 1000 * seconds, 5000);
  const each = (sum: number) => Math.round(sum / seconds);
  return { meter: each(meter), rectangles: each(drawn.rectangles), pixels: each(drawn.pixels) };
}

report({ "320 × 240": figuresOf(320, 240), "240 × 320": figuresOf(240, 320) });
