/**
 * The window of the simulator: the state that a board's lamp would show, and the heart as the device reads it, in a sweep
 * of two seconds. What it draws it has from the ports; the device does not know of it.
 */

import Resource from "Resource";
import Poco from "commodetto/Poco";
import parseBMF from "commodetto/parseBMF";
import type { EcgBlock, EcgSensor } from "../../cardiac/index.js";
import type { Clock, DeviceEvent, DevicePorts } from "../../device/index.js";
import { createLamp } from "../moddable/lamp.js";

/** Pixels. */
const LAMP = { x: 12, y: 14, size: 14 };
const STATE = { x: 38, y: 10 };
const TRACE = { top: 80, height: 180 };
const MILLIVOLT = 60;
const LINE = 2;
/** Columns that are wiped ahead of the beam. */
const AHEAD = 12;

const SWEEP_MS = 2000;
const FRAME_MS = 40;

/** Ports that are seen, in place of these. */
export function withScreen(ports: DevicePorts): DevicePorts {
  const view = openView();
  const lamp = createLamp(view.light, ports.clock);
  const beam = openBeam(view, ports.sensor, ports.clock);
  return {
    ...ports,
    sensor: watched(ports.sensor, beam),
    observe: (event) => {
      lamp(event);
      view.say(event.kind === "refused" ? event.error.code : event.kind);
      ports.observe(event);
    },
  };
}

interface View {
  light(on: boolean): void;
  say(text: DeviceEvent["kind"] | string): void;
  readonly width: number;
  /** One column of the trace from `from` to `to`, offsets in pixels from its middle, upwards. */
  column(x: number, from: number, to: number): void;
}

function openView(): View {
  const poco = new Poco(screen, { displayListLength: 4096 });
  const font = parseBMF(new Resource("OpenSans-Semibold-18.bf4"));
  const ground = poco.makeColor(12, 20, 30);
  const paper = poco.makeColor(24, 36, 50);
  const ink = poco.makeColor(230, 236, 240);
  const trace = poco.makeColor(90, 230, 140);
  const lit = poco.makeColor(255, 190, 60);
  const middle = TRACE.top + TRACE.height * 0.6;

  const fill = (color: number, x: number, y: number, width: number, height: number) => {
    poco.begin(x, y, width, height);
    poco.fillRectangle(color, x, y, width, height);
    poco.end();
  };
  fill(ground, 0, 0, poco.width, poco.height);
  fill(paper, 0, TRACE.top, poco.width, TRACE.height);

  return {
    width: poco.width,
    light: (on) => fill(on ? lit : paper, LAMP.x, LAMP.y, LAMP.size, LAMP.size),
    say: (text) => {
      poco.begin(STATE.x, STATE.y, poco.width - STATE.x, font.height);
      poco.fillRectangle(ground, STATE.x, STATE.y, poco.width - STATE.x, font.height);
      poco.drawText(text, font, ink, STATE.x, STATE.y);
      poco.end();
    },
    column: (x, from, to) => {
      const top = Math.max(TRACE.top, Math.round(middle - Math.max(from, to)) - LINE);
      const bottom = Math.min(TRACE.top + TRACE.height, Math.round(middle - Math.min(from, to)) + LINE);
      const wiped = Math.min(AHEAD, poco.width - x);
      poco.begin(x, TRACE.top, wiped, TRACE.height);
      poco.fillRectangle(paper, x, TRACE.top, wiped, TRACE.height);
      poco.fillRectangle(trace, x, top, 1, Math.max(0, bottom - top));
      poco.end();
    },
  };
}

/** Draws what was read at the pace of a heart. @returns what takes the blocks */
function openBeam(view: View, sensor: EcgSensor, clock: Clock): (block: EcgBlock) => void {
  const { rateHz, nanovoltsPerStep } = sensor.format;
  const pixels = (MILLIVOLT * nanovoltsPerStep) / 1e6;
  const samplesPerColumn = (rateHz * SWEEP_MS) / 1000 / view.width;
  let waiting: Int16Array[] = [];
  let at = 0;
  let x = 0;
  let level = 0;
  let drawing = false;

  const draw = () => {
    const columns = Math.ceil((view.width * FRAME_MS) / SWEEP_MS);
    for (let i = 0; i < columns && waiting.length > 0; i++) {
      const from = level;
      const [samples] = waiting;
      at += samplesPerColumn;
      level = samples[Math.min(samples.length - 1, Math.floor(at))] * pixels;
      if (at >= samples.length) {
        at -= samples.length;
        waiting.shift();
      }
      view.column(x, from, level);
      x = (x + 1) % view.width;
    }
    drawing = waiting.length > 0;
    if (drawing) clock.after(FRAME_MS, draw);
  };

  return (block) => {
    // a reader who catches up is not drawn in full
    waiting = [...waiting.slice(-2), block.channels[0]];
    if (drawing) return;
    drawing = true;
    draw();
  };
}

function watched(sensor: EcgSensor, seen: (block: EcgBlock) => void): EcgSensor {
  return {
    format: sensor.format,
    paced: sensor.paced,
    get nextSample() {
      return sensor.nextSample;
    },
    configure: (options) => sensor.configure(options),
    sample: () => {
      const block = sensor.sample();
      if (block !== undefined) seen(block);
      return block;
    },
    dueInMs: () => sensor.dueInMs(),
    close: () => sensor.close(),
  };
}
