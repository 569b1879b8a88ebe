import type { Characteristic, Peripheral } from "@stoprocent/noble";
import { VagusError } from "../../modules/error/index.js";
import { CHARACTERISTICS, MTU_MAX, MTU_MIN, SERVICE_UUID } from "../../modules/gatt/index.js";
import type { CentralLink, LinkHandlers } from "./link.js";

/** How long each step may take, in milliseconds. */
export interface NobleTimes {
  readonly powerMs: number;
  readonly connectMs: number;
  /** For services, for a subscription, for a write or a read: ATT itself would wait 30 s. */
  readonly requestMs: number;
}

export const NOBLE_TIMES: NobleTimes = { powerMs: 5000, connectMs: 10_000, requestMs: 5000 };

type Name = keyof typeof CHARACTERISTICS;
type Characteristics = Record<Name, Characteristic>;

/** UUIDs as noble has them. */
export const plain = (uuid: string): string => uuid.replaceAll("-", "");

/** @throws VagusError `host/link` where it takes longer */
export async function within<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new VagusError("host/link", `expected ${what} within ${ms} ms, came none`)),
      ms,
    );
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** How long a connection that is being ended is waited for: noble does not tell the end of each. */
const GONE_MS = 1000;

/** A connection that is being ended would take the next one with it. */
export function gone(peripheral: Peripheral): Promise<unknown> {
  if (peripheral.state !== "disconnecting") return Promise.resolve();
  return new Promise<void>((resolve) => {
    const over = () => {
      clearTimeout(timer);
      peripheral.removeListener("disconnect", over);
      resolve();
    };
    const timer = setTimeout(over, GONE_MS);
    peripheral.once("disconnect", over);
  });
}

/** Where there is nothing to end, noble would wait for its end for ever. */
function hangUp(peripheral: Peripheral): void {
  if (peripheral.state === "disconnected" || peripheral.state === "error") return;
  peripheral.disconnectAsync().catch(() => {});
}

/** A connection that noble made. */
export class NobleLink implements CentralLink {
  readonly #peripheral: Peripheral;
  readonly #characteristics: Characteristics;
  readonly #times: NobleTimes;
  readonly #pair: ((passkey: number) => Promise<void>) | undefined;
  readonly mtu: number;
  #handlers: LinkHandlers | undefined;
  #ended: string | undefined;
  #fail: ((error: VagusError) => void) | undefined;

  private constructor(
    peripheral: Peripheral,
    characteristics: Characteristics,
    options: {
      readonly times: NobleTimes;
      readonly mtu: number;
      readonly pair?: (passkey: number) => Promise<void>;
    },
  ) {
    this.#peripheral = peripheral;
    this.#characteristics = characteristics;
    this.#times = options.times;
    this.#pair = options.pair;
    this.mtu = options.mtu;
    peripheral.once("disconnect", (reason) => this.#end(`the connection ended: ${reason}`));
  }

  /**
   * Connects, and finds the service.
   * @param mtuOf where noble itself does not know the MTU; where nobody does it is 23, which always works
   * @throws VagusError `host/link`; nothing is left connected
   */
  static async open(
    peripheral: Peripheral,
    times: NobleTimes,
    platform: {
      /** The largest that this side goes by. */
      readonly mtu?: number;
      mtuOf?(address: string): Promise<number | undefined>;
      pair?(address: string, passkey: number): Promise<void>;
    },
  ): Promise<NobleLink> {
    try {
      await gone(peripheral);
      await within(times.connectMs, "a connection", peripheral.connectAsync());
      const names = Object.keys(CHARACTERISTICS) as Name[];
      const uuids = names.map((name) => plain(CHARACTERISTICS[name].uuid));
      const { characteristics } = await within(
        times.requestMs,
        "the service",
        peripheral.discoverSomeServicesAndCharacteristicsAsync([plain(SERVICE_UUID)], uuids),
      );
      const found = Object.fromEntries(
        names.map((name) => [name, one(characteristics, name)]),
      ) as Characteristics;
      const known = await within(
        times.requestMs,
        "the MTU",
        Promise.resolve(platform.mtuOf?.(peripheral.address)),
      );
      const { pair } = platform;
      return new NobleLink(peripheral, found, {
        times,
        mtu: Math.min(platform.mtu ?? MTU_MAX, MTU_MAX, peripheral.mtu ?? known ?? MTU_MIN),
        ...(pair && { pair: (passkey: number) => pair(peripheral.address, passkey) }),
      });
    } catch (error) {
      hangUp(peripheral);
      throw error instanceof VagusError ? error : new VagusError("host/link", message(error));
    }
  }

  async subscribe(handlers: LinkHandlers): Promise<void> {
    this.#handlers = handlers;
    if (this.#ended !== undefined) {
      handlers.closed(this.#ended);
      return;
    }
    const { telemetry, control } = this.#characteristics;
    telemetry.on("data", (value) => this.#ended ?? handlers.telemetry(new Uint8Array(value)));
    control.on("data", (value) => this.#ended ?? handlers.control(new Uint8Array(value)));
    await this.#request("telemetry to be subscribed to", telemetry.subscribeAsync());
    await this.#request("control to be subscribed to", control.subscribeAsync());
  }

  async write(value: Uint8Array): Promise<void> {
    await this.#request(
      "an answer to a write",
      this.#characteristics.control.writeAsync(Buffer.from(value), false),
    );
  }

  async readInfo(): Promise<Uint8Array> {
    return new Uint8Array(await this.#request("info", this.#characteristics.info.readAsync()));
  }

  /**
   * Pairs the link with the passkey of the session (DESIGN section 5).
   * @throws VagusError `host/link` where the device refuses, or this platform cannot
   */
  async pair(passkey: number): Promise<void> {
    if (this.#pair === undefined) {
      throw new VagusError(
        "host/link",
        "expected a platform that pairs with a passkey of ours, came one that does not",
      );
    }
    if (this.#ended !== undefined) throw new VagusError("gatt/disconnected", this.#ended);
    await this.#pair(passkey);
  }

  close(): void {
    this.#end("closed by this side");
  }

  /** A device that does not answer is gone: its link is closed. @throws VagusError `gatt/disconnected`, `gatt/attribute` */
  async #request<T>(what: string, promise: Promise<T>): Promise<T> {
    if (this.#ended !== undefined) throw new VagusError("gatt/disconnected", this.#ended);
    const gone = new Promise<never>((_, reject) => {
      this.#fail = reject;
    });
    try {
      return await within(this.#times.requestMs, what, Promise.race([promise, gone]));
    } catch (error) {
      if (!(error instanceof VagusError)) throw new VagusError("gatt/attribute", message(error));
      if (this.#ended !== undefined) throw new VagusError("gatt/disconnected", this.#ended);
      this.#end(error.message);
      throw new VagusError("gatt/disconnected", error.message);
    } finally {
      this.#fail = undefined;
    }
  }

  #end(reason: string): void {
    if (this.#ended !== undefined) return;
    this.#ended = reason;
    this.#fail?.(new VagusError("gatt/disconnected", reason));
    hangUp(this.#peripheral);
    this.#handlers?.closed(reason);
  }
}

function one(characteristics: readonly Characteristic[], name: Name): Characteristic {
  const wanted = plain(CHARACTERISTICS[name].uuid);
  const found = characteristics.find(({ uuid }) => uuid === wanted);
  if (found === undefined)
    throw new VagusError("host/link", `expected the characteristic ${name}, came none`);
  return found;
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
