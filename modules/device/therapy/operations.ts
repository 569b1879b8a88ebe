/**
 * Commands that are done once, however often they are asked for, and whatever becomes of link and power: what is to be done
 * is in flash, with who asked for it, before it is done (`audit/outcomes.ts`). From then on it is done, at the next start
 * if not now, and the reply says so; a command that is refused has left nothing.
 *
 *   effect  [ 1, [ 21 numbers ] ]             these become the permanent parameters
 *           [ 2, [ 21 numbers ] ]             these come into force for this session; they end with the power
 *           [ 3, stream, boot, sequence, hash ]   what is kept of the stream up to this token is given up
 */
import { type Outcome, Outcomes } from "../../audit/index.js";
import type { CborValue } from "../../cbor/index.js";
import { asArray, asUint } from "../../cbor/shape.js";
import { VagusError } from "../../error/index.js";
import type { Flash } from "../../flash/index.js";
import { DEVICE_SECTOR } from "../layout.js";
import { openAnew } from "./open-anew.js";

export type Effect = readonly [kind: number, ...of: CborValue[]];
export const EFFECT = { program: 1, temporary: 2, release: 3 } as const;

/**
 * Does it; `again` where it may have been done before: it was begun, and the power went.
 * @returns `later`: it could not be done to its end now, and is done again; `never`: it is over
 * @throws VagusError `flash/…` for what is to be done later; others only again, for what cannot be done: it is over then
 */
export type Doer = (
  effect: readonly CborValue[],
  who: Uint8Array,
  again: boolean,
) => "done" | "later" | "never";

/** Who asks for what: the kid of a key, a number of its own, and the hash of the whole request. */
export interface Request {
  readonly who: Uint8Array;
  readonly operation: number;
  readonly hash: Uint8Array;
}

export class Operations {
  readonly #flash: Flash;
  readonly #failed: (error: unknown) => void;
  readonly #doers: (Doer | undefined)[] = [];
  #outcomes: Outcomes | undefined;

  /** @param failed is told what could not be written, or had rotted */
  constructor(flash: Flash, failed: (error: unknown) => void) {
    this.#flash = flash;
    this.#failed = failed;
  }

  /** How an effect is done. What was left of it when the power went is done now. */
  teach(kind: number, doer: Doer): void {
    this.#doers[kind] = doer;
    this.try(() => this.recover(this.open()));
  }

  /** @returns null: not done; true: under way. @throws VagusError `audit/too-old` where nobody knows any more, `flash/corrupt` */
  outcome({ who, operation, hash }: Request): CborValue {
    const found = this.open().find(who, operation, hash);
    if (found === "old") throw tooOld(operation);
    if (found === undefined || found === "other") return null;
    return found === "begun" ? true : [found.code, found.result];
  }

  /**
   * @param prepare the effect; throws where it cannot be done, and nothing is written then
   * @throws VagusError what `prepare` throws; `device/parameter` for an operation that was another request, `audit/too-old`
   *   for one whose outcome is not kept any more: it was asked for already;
   *   `audit/pending` while another cannot be brought to its end; `flash/program`
   */
  once(request: Request, prepare: () => Effect): CborValue {
    let outcomes = openAnew(this.#flash, DEVICE_SECTOR.outcomes, () => this.open(), this.#failed);
    this.try(() => this.recover(outcomes));
    const { who, operation, hash } = request;
    const known = outcomes.find(who, operation, hash);
    if (known !== undefined) return resultOf(known, operation);
    const effect = prepare();
    try {
      outcomes.begin(who, operation, hash, [...effect]);
    } catch (error) {
      outcomes = this.begun(request, error);
    }
    this.do(outcomes, effect, false);
    return null;
  }

  private open(): Outcomes {
    this.#outcomes ??= new Outcomes(this.#flash, DEVICE_SECTOR.outcomes);
    return this.#outcomes;
  }

  /** A write that failed may have come far enough to be found at the next start: then it is begun. @throws what it failed with */
  private begun({ who, operation, hash }: Request, error: unknown): Outcomes {
    this.#outcomes = undefined;
    const outcomes = this.open();
    if (outcomes.find(who, operation, hash) !== "begun") throw error;
    this.#failed(error);
    return outcomes;
  }

  private recover(outcomes: Outcomes): void {
    const pending = outcomes.pending();
    if (pending === undefined) return;
    const [kind, ...rest] = asArray(pending, "flash/corrupt", "effect");
    this.do(outcomes, [asUint(kind, "flash/corrupt", "effect"), ...rest], true);
  }

  /** What fails here is told: the effect is in flash. */
  private do(outcomes: Outcomes, [kind, ...of]: Effect, again: boolean): void {
    let how: ReturnType<Doer> = "later";
    try {
      how = this.#doers[kind]?.(of, outcomes.asker as Uint8Array, again) ?? "later";
    } catch (error) {
      this.#failed(error);
      const lasting = error instanceof VagusError && !error.code.startsWith("flash/");
      if (again && lasting) how = "never";
    }
    this.try(() => {
      if (how === "done") outcomes.finish(0, null);
      if (how === "never") outcomes.drop();
    });
  }

  private try(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#outcomes = undefined; // what is in flash is looked at anew
      this.#failed(error);
    }
  }
}

function tooOld(operation: number): VagusError {
  return new VagusError(
    "audit/too-old",
    `expected an operation that is new or one of the last, came ${operation}, which was asked for long ago`,
  );
}

function resultOf(known: Outcome | "other" | "begun" | "old", operation: number): CborValue {
  if (known === "old") throw tooOld(operation);
  if (known === "other")
    throw new VagusError(
      "device/parameter",
      `expected an operation of this request alone, came ${operation}, which was another`,
    );
  return known === "begun" ? null : known.result; // what is in flash is done
}
