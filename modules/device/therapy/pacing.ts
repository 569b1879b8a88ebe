/**
 * What sessions, magnet and flash have to do with the pacer, which needs none of them. What is staged, and what is temporary,
 * belongs to a session and ends with it; a magnet and Pace-Now do not.
 */
import { equal } from "../../bytes/index.js";
import {
  type BatteryStatus,
  type Chamber,
  type Implant,
  type PacingParameters,
  parametersFromNumbers,
  parametersToNumbers,
} from "../../cardiac/index.js";
import { type CborValue, encode } from "../../cbor/index.js";
import { asArray, asInt } from "../../cbor/shape.js";
import type { Crypto } from "../../crypto/port.js";
import { type ErrorCode, VagusError } from "../../error/index.js";
import { FollowUp } from "./follow-up.js";

export const HASH = 16;
export const FLAG = { temporary: 1, paceNow: 2, magnet: 4 } as const;
const BATTERY: readonly BatteryStatus[] = ["BOL", "ERN", "ERT", "ERP"];

/** What was done, by whose key: for the log, and for whoever watches. */
export type Told = (event: PacingEvent, who: Uint8Array | null, detail: CborValue) => void;
export type PacingEvent = "magnet" | "paceNow" | "parametersProgrammed" | "parametersReverted";

/** A set that was read back, and what names it: the first 16 bytes of its hash. */
export interface Staged {
  readonly hash: Uint8Array;
  readonly parameters: PacingParameters;
}

export class Pacing {
  readonly #crypto: Crypto;
  readonly #implant: Implant;
  readonly #told: Told;
  staged: Staged | undefined;
  #test: FollowUp | undefined;
  /** Whose Pace-Now it is, while it is in force. */
  #caller: Uint8Array | null = null;

  constructor(crypto: Crypto, implant: Implant, told: Told) {
    this.#crypto = crypto;
    this.#implant = implant;
    this.#told = told;
  }

  /** Command 18. */
  get parameters(): CborValue {
    const { parameters, therapy } = this.#implant;
    const { permanent, temporary, paceNow, magnet, battery } = therapy;
    const flags =
      (temporary === undefined ? 0 : FLAG.temporary) +
      (paceNow ? FLAG.paceNow : 0) +
      (magnet ? FLAG.magnet : 0);
    const staged = this.staged && parametersToNumbers(this.staged.parameters);
    const sets = [parametersToNumbers(parameters), parametersToNumbers(permanent), staged ?? null];
    return [...sets, flags, BATTERY.indexOf(battery)];
  }

  /**
   * Reads a set, and keeps it for this session until another one comes. It changes nothing yet.
   * @returns `[ hash, numbers ]`, read back from what is kept
   * @throws VagusError `device/parameter` for what are no numbers, `cardiac/parameter` with the parameter and its limit
   */
  stage(value: CborValue): CborValue {
    const parameters = fromCbor(value, "device/parameter");
    const hash = this.hash(parameters);
    this.staged = { hash, parameters };
    return [hash, parametersToNumbers(parameters)];
  }

  /** What names a set. */
  hash(parameters: PacingParameters): Uint8Array {
    return this.#crypto.sha256(encode(parametersToNumbers(parameters))).slice(0, HASH);
  }

  isPermanent(parameters: PacingParameters): boolean {
    return equal(this.hash(parameters), this.hash(this.#implant.therapy.permanent));
  }

  /** The permanent parameters from the next cycle on; Pace-Now and whatever is temporary end. */
  program(parameters: PacingParameters): void {
    this.endTest();
    this.#implant.instruct({ type: "program", parameters });
  }

  /** Until the session ends, `cancel`, or a magnet. @throws VagusError `cardiac/busy` as `checkFree` */
  programTemporarily(parameters: PacingParameters): void {
    this.checkFree();
    this.endTest();
    this.#implant.instruct({ type: "program", parameters, temporary: true });
  }

  /** @throws VagusError `cardiac/busy` where no temporary parameters are taken now */
  checkFree(): void {
    const { magnet, paceNow } = this.#implant.therapy;
    if (magnet || paceNow) {
      const by = magnet ? "a magnet" : "Pace-Now";
      throw new VagusError("cardiac/busy", `expected no more than the permanent parameters, came ${by}`);
    }
  }

  /** The specification's fixed values, until `cancel` or `program`: no lost link ends an emergency. */
  paceNow(who: Uint8Array | null): void {
    if (!this.#implant.therapy.paceNow) this.#caller = who; // who calls it again does not take it over
    this.endTest();
    this.#implant.instruct({ type: "paceNow" });
    this.#told("paceNow", who, null);
  }

  /** Is Pace-Now in force, and was it somebody else who called it? */
  isAnothers(who: Uint8Array): boolean {
    const { paceNow } = this.#implant.therapy;
    return paceNow && (this.#caller === null || !equal(this.#caller, who));
  }

  /** Ends Pace-Now, a test, and whatever is temporary. */
  cancel(who: Uint8Array | null): void {
    const { paceNow, permanent } = this.#implant.therapy;
    if (paceNow) this.#implant.instruct({ type: "program", parameters: permanent });
    if (this.endTemporary() || paceNow) this.#told("parametersReverted", who, null);
  }

  /** A magnet paces asynchronously, by the pacer alone, as long as it lies there; whatever was temporary is over. */
  magnet(on: boolean): void {
    const reverted = this.endTemporary();
    this.#implant.instruct({ type: "magnet", on });
    if (reverted) this.#told("parametersReverted", null, null);
    this.#told("magnet", null, on);
  }

  /** @throws VagusError `cardiac/busy` as `programTemporarily`, and while anything temporary is set */
  startTest(kind: number, chamber: Chamber): void {
    this.checkFree();
    if (this.#implant.therapy.temporary !== undefined) {
      throw new VagusError("cardiac/busy", "expected nothing temporary to be set, came a test");
    }
    this.#test = new FollowUp(this.#implant, kind, chamber);
  }

  /** null while it runs. @throws VagusError `device/parameter` where this session has begun none */
  get testResult(): CborValue {
    if (this.#test === undefined)
      throw new VagusError("device/parameter", "expected a test to be begun in this session, came none");
    return this.#test.result;
  }

  /** Time has passed. */
  tick(): void {
    if (this.#test?.running) this.#test.tick();
  }

  /** The session is over, however it ended: nothing of it outlives it but Pace-Now. */
  leave(who: Uint8Array | null): void {
    this.staged = undefined;
    const reverted = this.endTemporary();
    this.#test = undefined;
    if (reverted) this.#told("parametersReverted", who, null);
  }

  /** Parameters were programmed, for good or for this session. */
  toldOf(parameters: PacingParameters, who: Uint8Array, temporary: boolean): void {
    const hash = this.hash(parameters);
    this.#told("parametersProgrammed", who, temporary ? [hash, true] : hash);
  }

  /** The pacer comes first: whoever is told may fail. @returns was anything temporary? */
  private endTemporary(): boolean {
    if (this.#implant.therapy.temporary === undefined) return false;
    this.endTest();
    this.#implant.instruct({ type: "cancelTemporary" });
    return true;
  }

  private endTest(): void {
    if (this.#test?.running) this.#test.end();
  }
}

/** @throws VagusError `code` for what are no whole numbers, `cardiac/parameter` for what may not be programmed */
export function fromCbor(value: CborValue, code: ErrorCode): PacingParameters {
  return parametersFromNumbers(
    asArray(value, code, "parameters").map((number) => asInt(number, code, "parameter")),
  );
}
