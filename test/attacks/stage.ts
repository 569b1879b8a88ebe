/** A device of its own for each attack: the firmware in a process, with flash that was provisioned before. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Programmer, type ProgrammerEvent } from "../../host/programmer/programmer.js";
import { Trust, type TrustOptions } from "../../modules/credential/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { type ErrorCode, VagusError } from "../../modules/error/index.js";
import { INFO_STATE } from "../../modules/gatt/index.js";
import type { DeviceVerifier } from "../../modules/reading/index.js";
import type { Firmware, FirmwareEvent } from "../../sim/firmware.js";
import type { Start } from "./attack.js";
import { RECORD } from "./heart.js";
import type { Hospital, Person } from "./hospital.js";
import { openLink } from "./link.js";

/** How long a refusal takes until it is told and the link is closed, and how long until the ration has filled up again. */
const REFUSAL_MS = 2300;
const REFILL_MS = 61_000;
/** How long what a device said may take to reach us, and how long it may take to do what it was asked. */
const WORDS_MS = 500;
const PATIENCE_MS = 10_000;

export interface ConnectOptions {
  /** Another port than the device's: somebody's who sits in between. */
  readonly port?: number;
  readonly trust?: Trust;
  readonly timeoutMs?: number;
  readonly byKid?: boolean;
  /** What verified this device's streams before. */
  readonly verifier?: () => DeviceVerifier;
  readonly observe?: (event: ProgrammerEvent) => void;
}

export interface StageOptions {
  /** Samples come in the device's own time, which passes as the attack says. */
  readonly paced?: boolean;
  /** Its heart is a patient with a pacemaker, and no record. */
  readonly patient?: boolean;
  /** Sectors of its flash. */
  readonly sectors?: number;
}

export class Stage {
  readonly hospital: Hospital;
  readonly crypto: Crypto;
  readonly #start: Start;
  readonly #folder = mkdtempSync(join(tmpdir(), "vagus-attack-"));
  readonly #options: StageOptions;
  /** What the device said to whoever stands beside it. */
  readonly said: FirmwareEvent[] = [];
  #heard: (() => void)[] = [];
  #firmware: Firmware | undefined;

  private constructor(hospital: Hospital, start: Start, options: StageOptions) {
    this.hospital = hospital;
    this.crypto = hospital.crypto;
    this.#start = start;
    this.#options = options;
    cpSync(hospital.folder, this.#folder, { recursive: true });
  }

  static async open(hospital: Hospital, start: Start, options: StageOptions = {}): Promise<Stage> {
    const stage = new Stage(hospital, start, options);
    await stage.powerUp();
    return stage;
  }

  get firmware(): Firmware {
    if (this.#firmware === undefined) throw new Error("expected a device with power, came none");
    return this.#firmware;
  }

  async powerUp(): Promise<void> {
    const { paced = false, patient = false, sectors } = this.#options;
    this.#firmware = await this.#start({
      source: patient ? "synthetic" : RECORD,
      paced,
      ...(sectors !== undefined && { sectors }),
      benchClock: true,
      folder: this.#folder,
      onEvent: (event) => {
        this.said.push(event);
        for (const heard of this.#heard.splice(0)) heard();
      },
    });
  }

  /** The battery out and in again, and the minutes until the ration, which may begin empty then, lets somebody in. */
  async powerCycle(): Promise<void> {
    await this.firmware.cutPower();
    await this.powerUp();
    await this.firmware.pass(4 * REFILL_MS);
  }

  async close(): Promise<void> {
    await this.#firmware?.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Codes of what the device refused since `said` had this length. */
  refusals(since: number): ErrorCode[] {
    return this.said
      .slice(since)
      .flatMap(({ event, code }) => (event === "refused" ? [code as ErrorCode] : []));
  }

  /** Waits until it holds. @throws Error where it does not within ten seconds */
  async until(
    holds: () => boolean | Promise<boolean>,
    what: string,
    patienceMs = PATIENCE_MS,
  ): Promise<void> {
    for (const end = Date.now() + patienceMs; !(await holds()); ) {
      if (Date.now() > end) throw new Error(`expected ${what}, came nothing`);
      await setTimeout(2);
    }
  }

  /**
   * A session as a clinician's programmer opens it. What the device refuses it tells us here, and the time passes that it
   * takes its time for.
   * @throws VagusError with the code that the device has for itself, where it is the device that refuses
   */
  async connect(person: Person, options: ConnectOptions = {}): Promise<Programmer> {
    const { port = this.firmware.port, observe = () => {}, trust = this.trust(), ...more } = options;
    const before = this.said.length;
    const link = await openLink(port);
    const { credential, key, ancestor } = person;
    const own = { crypto: this.crypto, credential, key, trust, ...(ancestor && { ancestor }) };
    return this.answered(before, Programmer.connect({ ...own, ...more, link, observe }));
  }

  /** What comes of an attempt at a handshake, without waiting for the device's own time. */
  async answered<T>(before: number, attempt: Promise<T>): Promise<T> {
    let over = false;
    const end = attempt.then(
      () => {},
      () => {},
    );
    end.then(() => {
      over = true;
    });
    for (let told = 0; !over; ) {
      await Promise.race([end, new Promise<void>((resolve) => this.#heard.push(resolve))]);
      const refused = this.refusals(before).length;
      if (over || refused === told) continue;
      told = refused;
      await this.firmware.pass(REFUSAL_MS);
    }
    try {
      return await attempt;
    } catch (error) {
      throw await this.#reason(error, before);
    }
  }

  async #reason(error: unknown, before: number): Promise<unknown> {
    if (!(error instanceof VagusError)) return error;
    if (error.code !== "edhoc/peer" && error.code !== "gatt/disconnected") return error;
    await this.until(() => this.refusals(before).length > 0, "a word of the device", WORDS_MS).catch(
      () => {},
    );
    await this.firmware.pass(REFILL_MS);
    const said = this.said.slice(before).find(({ event }) => event === "refused");
    if (said === undefined) return error;
    const text = String(said.detail);
    const code = said.code as ErrorCode;
    return new VagusError(code, text.startsWith(`${code}: `) ? text.slice(code.length + 2) : text);
  }

  /** Whom a programmer believes: devices of the hospital. */
  trust(but: Partial<TrustOptions> = {}): Trust {
    return new Trust(this.crypto, {
      anchor: this.hospital.authority.anchor,
      kinds: ["device"],
      time: () => ({ floor: this.hospital.now, toleranceSeconds: 60 }),
      ...but,
    });
  }

  /** What the device says of itself to anyone who asks. */
  async state(): Promise<string> {
    const link = await openLink(this.firmware.port);
    const info = await link.readInfo();
    link.close();
    return Object.entries(INFO_STATE).find(([, value]) => value === info[1])?.[0] ?? "?";
  }
}
