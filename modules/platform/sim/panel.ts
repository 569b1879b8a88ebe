/**
 * The panel beside the device in the simulator's window (sim/panel), which is a hand at the bench: what it sends are the bench's lines, and
 * what the bench answers goes to it.
 *
 *   to the panel    {"ready":true}   {"world":{…}}   {"refused":…}   {"lamp":true}   {"power":"cut"}
 */
import type { DevicePorts } from "../../device/index.js";
import type { HeadlessPorts } from "../headless/ports.js";
import { createLamp } from "../moddable/lamp.js";

/** Ports whose device has a lamp and a panel, in place of these. */
export function withPanel(ports: DevicePorts, { bench, world, clock }: HeadlessPorts): DevicePorts {
  const tell = (what: object) => screen.postMessage?.(JSON.stringify(what));
  const lamp = createLamp((on) => tell({ lamp: on }), clock);
  screen.onMessage = (line) =>
    bench.obey(line, (answer) => !answer.startsWith('{"world"') && screen.postMessage?.(answer));
  world.changed = (state) => tell({ world: state });
  tell({ ready: true, world: world.state });
  return {
    ...ports,
    observe: (event) => {
      lamp(event);
      ports.observe(event);
    },
  };
}
