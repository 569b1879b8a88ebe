/** What noble does not say or do over BlueZ: the ATT MTU of a connection, and pairing with a passkey that we know. */
import dbus, { type Message, type MessageBus, type Variant } from "dbus-next";
import { VagusError } from "../../modules/error/index.js";
import { CHARACTERISTICS } from "../../modules/gatt/index.js";

const BLUEZ = "org.bluez";
const DEVICE = "org.bluez.Device1";
const CHARACTERISTIC = "org.bluez.GattCharacteristic1";
const AGENT_PATH = "/vagus/agent";
/** How long BlueZ and the device may take to pair. */
const PAIR_MS = 30_000;

type Objects = Record<string, Record<string, Record<string, Variant>>>;

export class BluezClient {
  readonly #bus: MessageBus;

  private constructor(bus: MessageBus) {
    this.#bus = bus;
  }

  /** @throws VagusError `host/link` where there is no system bus */
  static async open(): Promise<BluezClient> {
    const bus = dbus.systemBus();
    await new Promise<void>((resolve, reject) => {
      bus.once("connect", () => resolve());
      bus.once("error", (error: Error) =>
        reject(new VagusError("host/link", `expected the system's D-Bus, came: ${error.message}`)),
      );
    });
    bus.on("error", () => {});
    return new BluezClient(bus);
  }

  close(): void {
    this.#bus.disconnect();
  }

  /**
   * The ATT MTU of the connection to this device, as BlueZ from 5.62 on has it.
   * @param address as noble has it
   * @returns undefined where BlueZ does not say
   */
  async mtu(address: string): Promise<number | undefined> {
    const below = `${await this.#device(address)}/`;
    for (const [path, interfaces] of Object.entries(await this.#objects())) {
      const found = interfaces[CHARACTERISTIC];
      if (!path.startsWith(below) || found?.UUID?.value !== CHARACTERISTICS.control.uuid) continue;
      return found.MTU === undefined ? undefined : Number(found.MTU.value);
    }
    return undefined;
  }

  /**
   * Pairs by Secure Connections with a passkey that both sides enter (Core Specification 5.4, Vol 3 Part H section 2.3.5.6.3).
   * @throws VagusError `host/link` where the device refuses, or has another passkey
   */
  async pair(address: string, passkey: number): Promise<void> {
    const device = await this.#device(address);
    const answer = (message: Message) => this.#asked(message, device, passkey);
    this.#bus.addMethodHandler(answer);
    try {
      await this.#call("/org/bluez", "org.bluez.AgentManager1", "RegisterAgent", "os", [
        AGENT_PATH,
        "KeyboardOnly",
      ]);
      await late(this.#call(device, DEVICE, "Pair"));
    } catch (error) {
      throw new VagusError("host/link", `expected the link to be paired, came: ${(error as Error).message}`);
    } finally {
      this.#bus.removeMethodHandler(answer);
      const unregister = this.#call("/org/bluez", "org.bluez.AgentManager1", "UnregisterAgent", "o", [
        AGENT_PATH,
      ]);
      await unregister.catch(() => {});
    }
  }

  /** org.bluez.Agent1: the passkey for this device, and nothing else. */
  #asked(message: Message, device: string, passkey: number): boolean {
    if (message.path !== AGENT_PATH) return false;
    if (message.member === "RequestPasskey" && message.body[0] === device) {
      this.#bus.send(dbus.Message.newMethodReturn(message, "u", [passkey]));
    } else if (message.member === "Release" || message.member === "Cancel") {
      this.#bus.send(dbus.Message.newMethodReturn(message));
    } else {
      const rejected = "org.bluez.Error.Rejected";
      this.#bus.send(dbus.Message.newError(message as unknown as string, rejected, "a passkey only"));
    }
    return true;
  }

  async #device(address: string): Promise<string> {
    const wanted = address.toUpperCase();
    for (const [path, interfaces] of Object.entries(await this.#objects())) {
      if (interfaces[DEVICE]?.Address?.value === wanted) return path;
    }
    throw new VagusError("host/link", `expected BlueZ to know ${wanted}, came nothing`);
  }

  async #objects(): Promise<Objects> {
    const [objects] = await this.#call("/", "org.freedesktop.DBus.ObjectManager", "GetManagedObjects");
    return objects as Objects;
  }

  async #call(
    path: string,
    name: string,
    member: string,
    signature = "",
    body: unknown[] = [],
  ): Promise<unknown[]> {
    const call = new dbus.Message({ destination: BLUEZ, path, interface: name, member, signature, body });
    return (await this.#bus.call(call))?.body ?? [];
  }
}

async function late<T>(promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const ended = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PAIR_MS} ms`)), PAIR_MS);
  });
  return Promise.race([promise, ended]).finally(() => clearTimeout(timer));
}
