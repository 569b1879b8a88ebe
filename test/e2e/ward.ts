/** A device in a process of its own, the virtual radio, noble as it comes from npm, a programmer: everything there is. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DemoClinic } from "../../host/demo/clinic.js";
import { HOLD_MS } from "../../host/demo/run.js";
import { findFirst } from "../../host/link/find.js";
import type { CentralLink } from "../../host/link/link.js";
import { nobleRadio } from "../../host/link/noble.js";
import type { NobleTimes } from "../../host/link/noble-link.js";
import type { Radio } from "../../host/link/radio.js";
import { Programmer, type ProgrammerEvent } from "../../host/programmer/programmer.js";
import type { Own } from "../../host/programmer/respond.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { createPortableCrypto } from "../../modules/crypto/portable/index.js";
import { type AcceptedToken, type DeviceVerifier, STREAM } from "../../modules/reading/index.js";
import { type Firmware, startFirmware } from "../../sim/firmware.js";
import { VirtualRadio, type VirtualRadioOptions } from "../../sim/radio/virtual.js";
import { Stranger } from "./stranger.js";

export interface WardOptions extends Partial<VirtualRadioOptions> {
  readonly times?: Partial<NobleTimes>;
}

const FIND_MS = 15_000;
const TRIES = 4;

/** What the firmware of this run is started with. */
export const command = (): string[] =>
  process.env.VAGUS_E2E_ENGINE === "node"
    ? [process.execPath, "build/firmware/node.mjs"]
    : ["build/xs/vagus-xs", "build/firmware/xs.js"];

/** What a programmer was told. */
export interface Heard {
  readonly tokens: AcceptedToken[];
  readonly refused: string[];
  closed: string[];
}

export interface Session extends Heard {
  readonly programmer: Programmer;
  readonly link: CentralLink;
}

/** Made once in a run: a device that has its credential, and the clinic whose it is. */
let provisioned: Promise<string> | undefined;

export class Ward {
  readonly folder: string;
  readonly firmware: Firmware;
  readonly radio: VirtualRadio;
  readonly noble: Radio;
  readonly clinic: DemoClinic;
  readonly #crypto: Crypto;

  private constructor(
    folder: string,
    firmware: Firmware,
    radio: VirtualRadio,
    noble: Radio,
    clinic: DemoClinic,
    crypto: Crypto,
  ) {
    this.folder = folder;
    this.firmware = firmware;
    this.radio = radio;
    this.noble = noble;
    this.clinic = clinic;
    this.#crypto = crypto;
  }

  /** With a device that has its credential. */
  static async open(options: WardOptions = {}): Promise<Ward> {
    provisioned ??= provision();
    const folder = mkdtempSync(join(tmpdir(), "vagus-e2e-"));
    cpSync(await provisioned, folder, { recursive: true });
    return Ward.#start(folder, options);
  }

  /** With one that is new. */
  static fresh(options: WardOptions = {}): Promise<Ward> {
    return Ward.#start(mkdtempSync(join(tmpdir(), "vagus-e2e-")), options);
  }

  static async #start(folder: string, { times, ...options }: WardOptions): Promise<Ward> {
    const crypto = createPortableCrypto();
    const { pairing = false } = options;
    const firmware = await startFirmware({
      command: command(),
      source: "synthetic",
      paced: true,
      pairing,
      folder,
    });
    const radio = await VirtualRadio.start({ port: () => firmware.port, supervisionMs: 1000, ...options });
    process.env.DBUS_SYSTEM_BUS_ADDRESS = radio.busAddress;
    const noble = await nobleRadio({ name: "virtual", ...(times && { times }) });
    return new Ward(folder, firmware, radio, noble, await DemoClinic.open(crypto, folder), crypto);
  }

  /** Finds the device and connects; a few times, as whoever reads a heart would. */
  async connect(): Promise<CentralLink> {
    for (let left = TRIES; ; left--) {
      try {
        const { address } = await findFirst(this.noble, FIND_MS);
        return await this.noble.connect(address, { signal: AbortSignal.timeout(FIND_MS) });
      } catch (error) {
        if (left <= 1) throw error;
      }
    }
  }

  /** @param over what the link is wrapped in. @param verifier goes on where another session ended */
  async session(
    over: (link: CentralLink) => CentralLink = (link) => link,
    verifier?: DeviceVerifier,
  ): Promise<Session> {
    return this.programmer(over(await this.connect()), verifier);
  }

  /** Who opens sessions, and which devices it believes. */
  get own(): Own {
    const { credential, key, trust } = this.clinic;
    return { crypto: this.#crypto, credential, key, trust };
  }

  get anchor() {
    return this.clinic.anchor;
  }

  /** A session over a link that there is. */
  async programmer(link: CentralLink, verifier?: DeviceVerifier): Promise<Session> {
    const heard: Heard = { tokens: [], refused: [], closed: [] };
    const observe = (event: ProgrammerEvent) => {
      if (event.kind === "token") heard.tokens.push(event.token);
      if (event.kind === "refused") heard.refused.push(event.error.message);
      if (event.kind === "closed") heard.closed.push(event.reason);
    };
    const programmer = await Programmer.connect({
      ...this.own,
      link,
      observe,
      ...(verifier && { verifier: () => verifier }),
    });
    return { ...heard, programmer, link };
  }

  /** Somebody else with a radio. */
  stranger(): Promise<Stranger> {
    return Stranger.open(this.radio);
  }

  async close(): Promise<void> {
    await this.noble.close?.();
    await this.radio.close();
    await this.firmware.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function provision(): Promise<string> {
  const ward = await Ward.fresh();
  const kept = mkdtempSync(join(tmpdir(), "vagus-e2e-provisioned-"));
  try {
    await ward.firmware.press(HOLD_MS);
    await ward.clinic.provision(await ward.connect(), ward.firmware.label);
  } finally {
    await ward.noble.close?.();
    await ward.radio.close();
    await ward.firmware.stop();
  }
  cpSync(ward.folder, kept, { recursive: true });
  rmSync(ward.folder, { recursive: true, force: true });
  process.once("exit", () => rmSync(kept, { recursive: true, force: true }));
  return kept;
}

/** @throws Error where it has not come true in time */
export async function until(what: string, true_: () => boolean, ms = 15_000): Promise<void> {
  const end = performance.now() + ms;
  while (!true_()) {
    if (performance.now() > end) throw new Error(`expected ${what} within ${ms} ms, came nothing`);
    await pause(20);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export function readings(tokens: readonly AcceptedToken[]): AcceptedToken[] {
  return tokens.filter(({ kind }) => kind === "reading");
}

export { STREAM };
