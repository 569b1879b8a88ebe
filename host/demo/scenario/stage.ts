import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Credential,
  type NamedKey,
  Trust,
  type TrustOptions,
  verifyCredential,
} from "../../../modules/credential/index.js";
import type { Crypto, PrivateKey } from "../../../modules/crypto/port.js";
import type { Scope } from "../../../modules/cwt/index.js";
import { type ErrorCode, VagusError } from "../../../modules/error/index.js";
import { STREAM } from "../../../modules/reading/index.js";
import type { Firmware, FirmwareEvent } from "../../../sim/firmware.js";
import type { Authority } from "../../authority/authority.js";
import { LoopbackLink } from "../../link/loopback.js";
import { Programmer } from "../../programmer/programmer.js";
import { Provisioner } from "../../programmer/provisioner.js";
import { HOLD_MS } from "../run.js";
import { WARD, Ward } from "./ward.js";

export interface StageOptions {
  readonly crypto: Crypto;
  /** Starts the firmware with its flash in this folder. @param buttonDown is the button held when the power comes? */
  start(folder: string, onEvent: (event: FirmwareEvent) => void, buttonDown: boolean): Promise<Firmware>;
}

/** Someone with a key, and what the Authority gave for it. */
export interface Person {
  readonly name: string;
  readonly key: PrivateKey<"Ed25519">;
  readonly credential: Credential;
  /** A hub's: whose delegation it shows. */
  readonly ancestor?: Credential;
}

/** How long the device's own words on a refusal may take, and its radio to notice that a central has gone. */
const PATIENCE_MS = 4000;
const PAUSE_MS = 50;

/** A device, an Authority and people around them: all that the scenarios need. */
export class Stage {
  readonly crypto: Crypto;
  readonly ward: Ward;
  readonly trust: Trust;
  readonly #options: StageOptions;
  readonly #folder: string;
  readonly #said: FirmwareEvent[] = [];
  #firmware: Firmware | undefined;

  private constructor(options: StageOptions, ward: Ward, folder: string) {
    this.#options = options;
    this.#folder = folder;
    this.crypto = options.crypto;
    this.ward = ward;
    this.trust = trustIn(options.crypto, ward.authority);
  }

  static async open(options: StageOptions): Promise<Stage> {
    const { crypto } = options;
    const folder = mkdtempSync(join(tmpdir(), "vagus-scenario-"));
    const stage = new Stage(options, await Ward.open(crypto, join(folder, "authority")), folder);
    await stage.powerUp();
    return stage;
  }

  get firmware(): Firmware {
    if (this.#firmware === undefined)
      throw new VagusError("host/link", "expected a device with power, came none");
    return this.#firmware;
  }

  async powerUp(buttonDown = false): Promise<void> {
    const onEvent = (event: FirmwareEvent) => this.#said.push(event);
    this.#firmware = await this.#options.start(join(this.#folder, "device"), onEvent, buttonDown);
  }

  async powerDown(): Promise<void> {
    await this.#firmware?.stop();
    this.#firmware = undefined;
  }

  async powerCycle(): Promise<void> {
    await this.powerDown();
    await this.powerUp();
  }

  async close(): Promise<void> {
    await this.powerDown();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Someone to whom the Authority gave a programmer's credential. */
  async person(name: string, scope: Scope): Promise<Person> {
    const key = await this.crypto.generate("Ed25519");
    return { name, key, credential: await this.ward.issue(key, scope) };
  }

  /** Holds the button, opens the label session, has the key made and provisions. */
  async provision(authority: Authority = this.ward.authority): Promise<NamedKey> {
    await this.firmware.press(HOLD_MS);
    const { crypto } = this;
    const provisioner = await Provisioner.connect({
      crypto,
      link: await this.link(),
      label: this.firmware.label,
    });
    try {
      const key = await provisioner.identify(authority.anchor.curve);
      const token =
        authority === this.ward.authority
          ? await this.ward.issueDevice(key)
          : await authority.issue({ kind: "device", holder: key, audience: [WARD], now: this.ward.now });
      await provisioner.provision(token, authority.anchorKey);
      return key;
    } finally {
      provisioner.close();
    }
  }

  /** A session. @throws VagusError with what the device says of it, where it is the device that refuses */
  async connect(person: Person, trust: Trust = this.trust): Promise<Programmer> {
    const { crypto } = this;
    const { credential, key, ancestor } = person;
    const before = this.#said.length;
    const link = await this.link();
    const own = { credential, key, trust, ...(ancestor && { ancestor }) };
    try {
      return await Programmer.connect({ ...own, crypto, link, observe: () => {} });
    } catch (error) {
      if (!(error instanceof VagusError) || !FROM_OUTSIDE.includes(error.code)) throw error;
      throw (await this.#refusal(before)) ?? error;
    }
  }

  /** Reads so many readings. @throws VagusError where one does not come */
  async read(person: Person, readings: number, trust: Trust = this.trust): Promise<string> {
    const programmer = await this.connect(person, trust);
    try {
      await programmer.start(STREAM.ecg, 250, readings);
      await until(() => programmer.figures.verified >= readings + 2, `${readings} readings`);
      return `${readings} readings, verified`;
    } finally {
      await programmer.finish().catch(() => programmer.close());
    }
  }

  /** The device serves one central at a time: it may not have seen the last one go. */
  async link(): Promise<LoopbackLink> {
    for (let left = PATIENCE_MS / PAUSE_MS; ; left--) {
      try {
        return await LoopbackLink.open({ port: this.firmware.port, mtu: 247 });
      } catch (error) {
        if (left <= 1 || !(error instanceof VagusError)) throw error;
        await pause();
      }
    }
  }

  /** Waits until the device has said this of itself: `revoked`, `reset`. */
  async becomes(event: string, patienceMs = PATIENCE_MS): Promise<void> {
    await until(
      () => this.#said.some((said) => said.event === event),
      `a device that is ${event}`,
      patienceMs,
    );
  }

  async #refusal(since: number): Promise<VagusError | undefined> {
    const find = () => this.#said.slice(since).find(({ event }) => event === "refused");
    await until(() => find() !== undefined, "a word of the device").catch(() => {});
    const said = find();
    return said && new VagusError(said.code as ErrorCode, strip(String(said.detail), String(said.code)));
  }
}

/** What a refusal at the handshake looks like from outside: an error without a reason, or the end. */
const FROM_OUTSIDE: readonly ErrorCode[] = ["edhoc/peer", "gatt/disconnected"];

/** Whom a programmer believes: devices of this Authority, and not those on its status list. */
export function trustIn(crypto: Crypto, authority: Authority, isRevoked?: TrustOptions["revoked"]): Trust {
  return new Trust(crypto, {
    anchor: authority.anchor,
    kinds: ["device"],
    time: () => ({ floor: Math.floor(Date.now() / 1000), toleranceSeconds: 60 }),
    ...(isRevoked && { revoked: isRevoked }),
  });
}

/** A person by credentials of one's own making. */
export async function believed(crypto: Crypto, authority: Authority, token: Uint8Array): Promise<Credential> {
  return verifyCredential(crypto, token, {
    kind: "programmer",
    anchor: authority.anchor,
    time: { floor: 0 },
  });
}

async function until(holds: () => boolean, what: string, patienceMs = PATIENCE_MS): Promise<void> {
  for (let left = patienceMs / PAUSE_MS; left > 0; left--) {
    if (holds()) return;
    await pause();
  }
  throw new VagusError("session/timeout", `expected ${what} within ${patienceMs} ms, came nothing`);
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}

function strip(message: string, code: string): string {
  return message.startsWith(`${code}: `) ? message.slice(code.length + 2) : message;
}
