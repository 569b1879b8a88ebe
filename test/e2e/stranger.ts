/** A second central in the same air, with a host stack of its own: somebody else's telephone. */
import type { Connection, Manager, PendingConnection } from "ble-host";
import { type Address, formatAddress, parseAddress } from "../../sim/radio/address.js";
import { Controller } from "../../sim/radio/controller/controller.js";
import { BleCentralLink, connectTo, find } from "../../sim/radio/stack/central.js";
import { startStack } from "../../sim/radio/stack/manager.js";
import { ControllerTransport } from "../../sim/radio/stack/transport.js";
import type { VirtualRadio } from "../../sim/radio/virtual.js";

const ADDRESS = "00:00:5E:00:53:03";

export class Stranger {
  readonly #controller: Controller;
  readonly #manager: Manager;

  private constructor(controller: Controller, manager: Manager) {
    this.#controller = controller;
    this.#manager = manager;
  }

  static async open({ air }: VirtualRadio): Promise<Stranger> {
    const controller = new Controller({ air, address: parseAddress(ADDRESS), defaultOctets: 251 });
    return new Stranger(controller, await startStack(new ControllerTransport(controller, { mtu: 247 })));
  }

  /** Does a device advertise, within so many milliseconds? */
  async sees(ms: number): Promise<boolean> {
    return (await within(ms, find(this.#manager))) !== undefined;
  }

  /** Does the device let it in at this address, within so many milliseconds? */
  async joins({ octets, type }: Address, ms: number): Promise<boolean> {
    let pending: PendingConnection | undefined;
    const joined = new Promise<Connection>((resolve) => {
      const parameters = { connIntervalMin: 12, connIntervalMax: 12, supervisionTimeout: 100 };
      pending = this.#manager.connect("random", formatAddress({ octets, type }), parameters, resolve);
    });
    const connection = await within(ms, joined);
    if (connection === undefined) pending?.cancel();
    else connection.disconnect();
    return connection !== undefined;
  }

  /** Connects to whatever advertises. @throws Error where nothing does */
  async link(ms: number): Promise<BleCentralLink> {
    const found = await within(ms, find(this.#manager));
    if (found === undefined) throw new Error(`expected a device within ${ms} ms, came none`);
    return BleCentralLink.open(await connectTo(this.#manager, found, { supervision: 100 }));
  }

  close(): void {
    this.#controller.close();
  }
}

function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  return Promise.race([
    promise,
    new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), ms)),
  ]);
}
