/** How the patient should be paced, after all that was asked for; held against what the device says and does. */
import { Operation } from "../../host/programmer/operation.js";
import * as pacing from "../../host/programmer/pacing.js";
import type { Programmer } from "../../host/programmer/programmer.js";
import {
  type Implant,
  NOMINAL,
  type PacingParameters,
  parametersToNumbers,
} from "../../modules/cardiac/index.js";
import { PACE_NOW } from "../../modules/cardiac/pacer/therapy.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { VagusError } from "../../modules/error/index.js";
import type { Random } from "../fuzz/random.js";
import { MADE_AT } from "../modules/device/clinic.js";
import type { Person } from "./people.js";
import type { VirtualTime } from "./time.js";

/** A command comes into force at a safe point of the cycle. */
const CYCLES_MS = 4000;
const name = (parameters: PacingParameters | undefined) =>
  parameters === undefined ? "none" : parametersToNumbers(parameters).join(" ");

export class Treatment {
  readonly #crypto: Crypto;
  readonly #time: VirtualTime;
  readonly #random: Random;
  readonly #problems: string[];
  /** Something goes wrong soon, or not. */
  readonly #fault: () => void;
  #permanent: PacingParameters = NOMINAL;
  #temporary: PacingParameters | undefined;
  /** Undefined where a command's reply was lost. */
  #paceNow: boolean | undefined = false;
  /** Was it done? The reply was lost. */
  #doubt:
    | { readonly who: Person; readonly parameters: PacingParameters; readonly operation: Operation }
    | undefined;
  readonly count = {
    programmed: 0,
    temporary: 0,
    paceNow: 0,
    cancelled: 0,
    refused: 0,
    asked: 0,
    checked: 0,
  };

  constructor(crypto: Crypto, time: VirtualTime, random: Random, problems: string[], fault: () => void) {
    this.#crypto = crypto;
    this.#time = time;
    this.#random = random;
    this.#problems = problems;
    this.#fault = fault;
  }

  /** The power went: what was no permanent parameter is over. */
  restarted(): void {
    this.#temporary = undefined;
    this.#paceNow = false;
  }

  /** The session is over, however it ended. @param implant where the device has power */
  left({ therapy }: Implant): void {
    this.#temporary = undefined;
    if (therapy.temporary !== undefined) this.#problem("temporary parameters outlive their session");
  }

  /** Asks what became of what is in doubt, and holds the device's parameters against what they should be. */
  async check(session: Programmer, who: Person): Promise<void> {
    await this.#settle(session, who);
    this.count.checked++;
    const { permanent, temporary, paceNow, inForce } = await pacing.readParameters(session);
    const doubt = this.#doubt?.parameters;
    if (doubt !== undefined && name(permanent) === name(doubt)) this.#done(doubt);
    this.#paceNow ??= paceNow;
    this.#same("permanent parameters", name(permanent), name(this.#permanent));
    this.#same("temporary parameters", temporary, this.#temporary !== undefined);
    this.#same("Pace-Now", paceNow, this.#paceNow);
    const should = this.#paceNow ? PACE_NOW : (this.#temporary ?? this.#permanent);
    this.#same("parameters in force", name(inForce), name(should));
  }

  /** One thing of all that a programmer may ask for, and what is refused. */
  async act(session: Programmer, who: Person): Promise<void> {
    const acts = [
      () => this.#program(session, who),
      () => this.#program(session, who),
      () => this.#temporarily(session),
      () => this.#emergency(session),
      () => this.#cancel(session),
      () => this.#outOfRange(session),
    ];
    await this.#random.pick(acts)();
    await this.#time.sleep(CYCLES_MS);
    await this.check(session, who);
  }

  /** Before the Authority's word has come. */
  async withoutWord(session: Programmer): Promise<void> {
    await this.refused("credential/freshness", pacing.stage(session, NOMINAL));
  }

  async #program(session: Programmer, who: Person): Promise<void> {
    const staged = await pacing.stage(session, this.#any());
    const operation = new Operation(this.#crypto, MADE_AT + Math.floor(this.#time.now / 1000));
    this.#doubt = { who, parameters: staged.parameters, operation };
    if (this.#paceNow === true) this.#paceNow = undefined;
    this.#fault();
    await pacing.program(session, operation, staged);
    this.#done(staged.parameters);
    this.#temporary = undefined;
    this.#paceNow = false;
    if (this.#random.next(3) > 0) return;
    await pacing.program(session, operation, staged); // asked again it is done once, and answered as before
    const other = await pacing.stage(session, this.#other(staged.parameters));
    await this.refused("device/parameter", pacing.program(session, operation, other));
  }

  async #temporarily(session: Programmer): Promise<void> {
    const staged = await pacing.stage(session, this.#any());
    const operation = new Operation(this.#crypto, MADE_AT + Math.floor(this.#time.now / 1000));
    const asked = pacing.programTemporarily(session, operation, staged);
    if (this.#paceNow === true) return this.refused("cardiac/busy", asked);
    await asked;
    this.#temporary = staged.parameters;
    this.count.temporary++;
  }

  async #emergency(session: Programmer): Promise<void> {
    const before = this.#paceNow;
    this.#paceNow = before === true ? true : undefined;
    this.#fault();
    await pacing.paceNow(session);
    this.#paceNow = true;
    this.#temporary = undefined;
    this.count.paceNow++;
  }

  async #cancel(session: Programmer): Promise<void> {
    if (this.#paceNow === true) this.#paceNow = undefined;
    await pacing.cancel(session);
    this.#paceNow = false;
    this.#temporary = undefined;
    this.count.cancelled++;
  }

  async #outOfRange(session: Programmer): Promise<void> {
    const wrong = this.#random.pick([
      { ...NOMINAL, lowerRateLimitPpm: 29 },
      { ...NOMINAL, lowerRateLimitPpm: 125 },
      { ...NOMINAL, avDelayMs: 75 },
    ]);
    await this.refused("cardiac/parameter", pacing.stage(session, wrong));
  }

  async #settle(session: Programmer, who: Person): Promise<void> {
    const doubt = this.#doubt;
    if (doubt?.who !== who) return;
    const done = await doubt.operation.outcome(session);
    this.count.asked++;
    this.#doubt = undefined;
    if (done !== undefined) this.#done(doubt.parameters);
  }

  #done(parameters: PacingParameters): void {
    this.#permanent = parameters;
    this.count.programmed++;
    this.#doubt = undefined;
  }

  /** Whoever asks for this is refused so. @throws VagusError where the link was lost before anybody said */
  async refused(code: string, asked: Promise<unknown>): Promise<void> {
    const came = await asked.then(
      () => "done",
      (error: unknown) => (error instanceof VagusError ? error.code : String(error)),
    );
    if (/^(gatt|session)\/(disconnected|timeout|closed|order)$/.test(came))
      throw new VagusError("gatt/disconnected", "the link was lost");
    this.count.refused++;
    this.#same("a refusal", came, code);
  }

  #any(): PacingParameters {
    const random = this.#random;
    const mode = random.pick(["VVI", "DDD", "AAI", "VOO"] as const);
    return {
      ...NOMINAL,
      mode,
      lowerRateLimitPpm: 50 + random.next(41),
      avDelayMs: 100 + 10 * random.next(11),
    };
  }

  /** Chance may give the same twice. */
  #other(than: PacingParameters): PacingParameters {
    for (;;) {
      const other = this.#any();
      if (name(other) !== name(than)) return other;
    }
  }

  #same(what: string, came: unknown, expected: unknown): void {
    if (came !== expected) this.#problem(`${what}: expected ${expected}, came ${came}`);
  }

  #problem(what: string): void {
    this.#problems.push(`hour ${(this.#time.now / 3_600_000).toFixed(2)}: ${what}`);
  }
}
