/**
 * The virtual radio in one piece: a bus with a stand-in BlueZ on it, the air, and a firmware at the other end.
 *
 *   whoever speaks BlueZ ── D-Bus ── org.bluez ── ble-host ── HCI ── controller
 *                                                                       ┊ air
 *                firmware ── ATT ── gateway ── ble-host ── HCI ── controller
 */
import { randomBytes } from "node:crypto";
import { parseAddress } from "./address.js";
import { Air } from "./air/air.js";
import { Bluez } from "./bluez/bluez.js";
import { type Bus, startBus } from "./bluez/daemon.js";
import { RealClock } from "./clock.js";
import { Controller } from "./controller/controller.js";
import { Gateway } from "./gateway/gateway.js";
import { DATA_OCTETS_MAX } from "./ll/pdu.js";
import { HciServer } from "./stack/hci-server.js";
import { startStack } from "./stack/manager.js";
import { withPrivacy } from "./stack/privacy.js";
import { ControllerTransport } from "./stack/transport.js";

export interface VirtualRadioOptions {
  /** Where the firmware listens; asked at each connection. */
  readonly port: () => number;
  /** The largest ATT MTU that the programmer's side agrees to. */
  readonly mtu?: number;
  /** Of packets in range, the part that is lost. */
  readonly loss?: number;
  readonly seed?: number;
  /** The connection interval, 7.5 ms and more; 15 by default. */
  readonly intervalMs?: number;
  /** How long a link may be silent before it counts as lost; 4.2 s by default. */
  readonly supervisionMs?: number;
  /** May the link be paired? Then the device's address is a static one, for the host stack must know it. */
  readonly pairing?: boolean;
}

/** On the air: where it is, and what joins it to its firmware. */
interface Peripheral {
  readonly controller: Controller;
  readonly gateway: Gateway;
}

const CLINIC = "00:00:5E:00:53:01";
const DEVICE = "00:00:5E:00:53:02";

export class VirtualRadio {
  readonly air: Air;
  readonly device: Controller;
  readonly #clinic: Controller;
  readonly #peripherals: Peripheral[];
  readonly #bluez: Bluez;
  readonly #bus: Bus;

  private constructor(parts: {
    air: Air;
    clinic: Controller;
    peripheral: Peripheral;
    bluez: Bluez;
    bus: Bus;
  }) {
    this.air = parts.air;
    this.device = parts.peripheral.controller;
    this.#clinic = parts.clinic;
    this.#peripherals = [parts.peripheral];
    this.#bluez = parts.bluez;
    this.#bus = parts.bus;
  }

  /** @throws Error where there is no `dbus-daemon` */
  static async start(options: VirtualRadioOptions): Promise<VirtualRadio> {
    const { port, mtu, loss = 0, seed = 1, intervalMs = 15, supervisionMs = 4200, pairing = false } = options;
    const bus = await startBus();
    const air = new Air({ clock: new RealClock(), seed, loss });
    const clinic = controllerOn(air, CLINIC);
    const central = await startStack(new ControllerTransport(clinic, mtu === undefined ? {} : { mtu }));
    const peripheral = await peripheralOn(air, DEVICE, port, pairing);
    const bluez = await Bluez.start({
      manager: central,
      busAddress: bus.address,
      address: CLINIC,
      interval: Math.round(intervalMs / 1.25),
      supervision: Math.round(supervisionMs / 10),
    });
    return new VirtualRadio({ air, clinic, peripheral, bluez, bus });
  }

  /** Another device on the same air. @returns its controller, by which it is moved */
  async add(port: () => number): Promise<Controller> {
    const address = `00:00:5E:00:53:${(this.#peripherals.length + 2).toString(16).padStart(2, "0")}`;
    const added = await peripheralOn(this.air, address, port, false);
    this.#peripherals.push(added);
    return added.controller;
  }

  /** Controllers on this air for host stacks elsewhere on this machine, over H4. @param port 0 for any */
  serveHci(port = 0): Promise<HciServer> {
    let served = 0;
    const address = () => `00:00:5E:00:53:${(0x80 + (served++ & 0x7f)).toString(16)}`;
    return HciServer.listen(() => controllerOn(this.air, address()), port);
  }

  /** The address of the bus, for DBUS_SYSTEM_BUS_ADDRESS. */
  get busAddress(): string {
    return this.#bus.address;
  }

  /** So far away is the device; ten metres are the most that carry. */
  moveTo(metres: number): void {
    this.device.place = { x: metres, y: 0 };
  }

  async close(): Promise<void> {
    for (const { gateway } of this.#peripherals) gateway.close();
    this.#bluez.close();
    this.#clinic.close();
    for (const { controller } of this.#peripherals) controller.close();
    await this.#bus.close();
  }
}

function controllerOn(air: Air, address: string): Controller {
  return new Controller({ air, address: parseAddress(address), defaultOctets: DATA_OCTETS_MAX });
}

async function peripheralOn(
  air: Air,
  address: string,
  port: () => number,
  pairing: boolean,
): Promise<Peripheral> {
  const controller = controllerOn(air, address);
  const stack = pairing
    ? await startStack(new ControllerTransport(controller), { staticRandomAddress: staticAddress() })
    : await startStack(new ControllerTransport(controller, withPrivacy(randomBytes(16))));
  return { controller, gateway: new Gateway(stack, port) };
}

/** A static address of this run (Core Specification 5.4, Vol 6 Part B section 1.3.2.1). */
function staticAddress(): string {
  const octets = randomBytes(6);
  octets[0] |= 0xc0;
  return [...octets].map((octet) => octet.toString(16).padStart(2, "0")).join(":");
}
