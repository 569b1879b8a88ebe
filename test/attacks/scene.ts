import { challenge } from "../../host/programmer/manage.js";
import type { Programmer, ProgrammerEvent } from "../../host/programmer/programmer.js";
import type { CborValue } from "../../modules/cbor/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { type ErrorCode, VagusError } from "../../modules/error/index.js";
import { STREAM } from "../../modules/reading/index.js";
import type { Hospital, Person } from "./hospital.js";
import type { Stage } from "./stage.js";

/** One attack as it is played: what was met, and what went wrong. */
export class Scene {
  readonly stage: Stage;
  readonly hospital: Hospital;
  readonly crypto: Crypto;
  readonly problems: string[] = [];
  readonly otherwise: string[] = [];
  /** What the device refused, by code, and how often; what else it did. */
  readonly #met = new Map<string, number>();
  readonly #device: string[] = [];
  readonly #clinician: string[] = [];
  readonly alice: Person;
  /** Is the heart the record, which this side has too? */
  readonly recorded: boolean;

  constructor(stage: Stage, alice: Person, recorded: boolean) {
    this.stage = stage;
    this.hospital = stage.hospital;
    this.crypto = stage.crypto;
    this.alice = alice;
    this.recorded = recorded;
  }

  /** It has to be refused with one of these codes: where it is done the attacker has won. */
  async refused(what: string, codes: ErrorCode | RegExp, action: () => Promise<unknown>): Promise<void> {
    const expected = (code: string) => (typeof codes === "string" ? code === codes : codes.test(code));
    try {
      closeIt(await action());
    } catch (error) {
      if (!(error instanceof VagusError)) throw error;
      this.met(error.code);
      if (!expected(error.code)) this.otherwise.push(`${what}: expected ${codes}, came: ${error.message}`);
      return;
    }
    this.problems.push(`${what}: expected ${codes}, came: it was done`);
  }

  /** What somebody with a right to it asks for has to be done. @returns undefined where it was not */
  async served<T>(what: string, action: () => Promise<T>): Promise<T | undefined> {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof VagusError)) throw error;
      this.problems.push(`${what}: expected it to be done, came: ${error.message}`);
      return undefined;
    }
  }

  /** It has to come to that in ten seconds. @returns whether it did */
  async comes(holds: () => boolean, what: string): Promise<boolean> {
    await this.stage.until(holds, what).catch((error: Error) => this.problems.push(error.message));
    return holds();
  }

  /** What the device, or a programmer, refused. */
  met(code: string, times = 1): void {
    this.#met.set(code, (this.#met.get(code) ?? 0) + times);
  }

  expect(holds: boolean, problem: string): void {
    if (!holds) this.problems.push(problem);
  }

  /** What the device did, beside refusing. */
  device(text: string): void {
    this.#device.push(text);
  }

  /** What the clinician sees of it. */
  clinician(text: string): void {
    this.#clinician.push(text);
  }

  get deviceText(): string {
    const codes = [...this.#met].map(([code, times]) => (times > 1 ? `${code} ×${times}` : code));
    return [...(codes.length > 0 ? [`refused: ${codes.join(", ")}`] : []), ...this.#device].join("; ");
  }

  get clinicianText(): string {
    return this.#clinician.join("; ");
  }

  /** A session with the device itself. */
  connect(person: Person): Promise<Programmer> {
    return this.stage.connect(person);
  }

  /** A session, and the code that a command ends with. */
  async commanded(
    person: Person,
    ...[name, parameters]: Parameters<Programmer["command"]>
  ): Promise<CborValue> {
    const session = await this.connect(person);
    try {
      return await session.command(name, parameters);
    } finally {
      session.close();
    }
  }

  /** Gets this session the Authority's word. */
  async worded(session: Programmer, person = this.alice): Promise<void> {
    await session.command("freshness", await this.hospital.word(await challenge(session), person));
  }

  /** Somebody reads so many readings of a new stream. */
  async read(person: Person, readings = 2): Promise<ProgrammerEvent[]> {
    const events: ProgrammerEvent[] = [];
    const session = await this.stage.connect(person, { observe: (event) => events.push(event) });
    try {
      await session.start(STREAM.ecg, 250, readings);
      await this.stage.until(() => session.figures.verified >= readings + 2, `${readings} readings`);
      return events;
    } finally {
      session.close();
    }
  }
}

function closeIt(given: unknown): void {
  const { close } = (given ?? {}) as { close?: unknown };
  if (typeof close === "function") close.call(given);
}
