/** A room with radios in it, in time that the test lets pass. */
import type { Manager } from "ble-host";
import { parseAddress } from "../../../sim/radio/address.js";
import { Air } from "../../../sim/radio/air/air.js";
import { VirtualClock } from "../../../sim/radio/clock.js";
import { Controller } from "../../../sim/radio/controller/controller.js";
import { startStack } from "../../../sim/radio/stack/manager.js";
import { ControllerTransport, type TransportOptions } from "../../../sim/radio/stack/transport.js";

export const SECOND_US = 1_000_000;

export interface RoomOptions {
  readonly seed?: number;
  readonly loss?: number;
}

export class Room {
  readonly clock = new VirtualClock();
  readonly air: Air;
  #radios = 0;

  constructor(options: RoomOptions = {}) {
    this.air = new Air({ clock: this.clock, ...options });
  }

  controller(defaultOctets = 251): Controller {
    const address = parseAddress(`00:00:00:00:00:${(++this.#radios).toString(16).padStart(2, "0")}`);
    return new Controller({ air: this.air, address, defaultOctets });
  }

  async stack(
    options: TransportOptions = {},
    staticRandomAddress?: string,
  ): Promise<{ controller: Controller; manager: Manager }> {
    const controller = this.controller();
    const transport = new ControllerTransport(controller, options);
    const named = staticRandomAddress === undefined ? {} : { staticRandomAddress };
    return { controller, manager: await startStack(transport, named) };
  }

  /** Lets time pass until the promise has settled. @throws Error where it has not within so many seconds */
  async until<T>(promise: Promise<T>, seconds = 30): Promise<T> {
    let settled = false;
    const mark = () => {
      settled = true;
    };
    promise.then(mark, mark);
    if (!(await this.clock.pass(seconds * SECOND_US, () => settled))) {
      throw new Error(`expected it within ${seconds} s of the air's time, came nothing`);
    }
    return promise;
  }
}
