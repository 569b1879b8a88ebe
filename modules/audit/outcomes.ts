/**
 * What became of commands with an effect, so that a programmer which lost the link can ask, and asking twice does it once.
 * One record, which holds the effect that is under way, the last eight outcomes, and of 32 before those that they were:
 *
 *   [ null | [ who, id, hash, effect ], [ [ who, id, hash, code, result ], … ] ]          while there are no more than eight
 *   [ null | [ who, id, hash, effect ], [ [ who, id, hash, code, result ], … ], old ]
 *
 *   who     the kid (8 bytes) of the credential's key
 *   id      the command's; it names one command of that key, over all its sessions
 *   hash    the first 16 bytes of the SHA-256 of the request
 *   effect  what has to be done (at most 256 bytes encoded), so that it can be done again
 *   old     4 bytes each, the last one last: the CRC-32 of who and id (7 bytes)
 *   code    0, or an error's number; result: of the reply (at most 48 bytes encoded)
 *
 * `begin` writes the effect down before it is applied, `finish` takes it away and adds the outcome in one version of the
 * record. An effect that lives in another record is applied between them. After a power cut `pending` gives it back, and the
 * device applies it once more, which must lead to what applying it once leads to (a value that is written over, a release that
 * does not go back), and finishes it. Where it cannot be done again the device looks whether it was done (the effect names a
 * credential's hash), and finishes it, or drops it.
 */
import { concat, equal, fromUint } from "../bytes/index.js";
import { type CborValue, decode, encode } from "../cbor/index.js";
import { asArray, asBytes, asUint } from "../cbor/shape.js";
import { VagusError } from "../error/index.js";
import { crc32 } from "../flash/crc32.js";
import { type Flash, FlashRecord } from "../flash/index.js";

export const OUTCOMES_KEPT = 8;
/** So many before those are known to have been, and no more. */
export const OLD_KEPT = 32;
export const EFFECT_MAX = 256;
export const RESULT_MAX = 48;
const NONE = new Uint8Array(0);
const MARK = 4;
const HASH = 16;
const KID = 8;
const CORRUPT = "flash/corrupt";

export interface Outcome {
  readonly code: number;
  readonly result: CborValue;
}

interface Content {
  readonly pending: CborValue[] | null;
  /** The last one last. */
  readonly done: readonly CborValue[][];
  readonly old: Uint8Array;
}

export class Outcomes {
  readonly #record: FlashRecord;

  /** @param sector the first of two. @throws VagusError `flash/corrupt`: whether a command was done is not known any more */
  constructor(flash: Flash, sector: number) {
    this.#record = new FlashRecord(flash, sector);
    this.#read();
  }

  /** The effect that was begun and not finished; undefined where there is none. */
  pending(): CborValue | undefined {
    const { pending } = this.#read();
    return pending === null ? undefined : pending[3];
  }

  /** Whose effect that is. */
  get asker(): Uint8Array | undefined {
    const { pending } = this.#read();
    return pending === null ? undefined : asBytes(pending[0], CORRUPT, "who", KID);
  }

  /**
   * What became of this command: `other` where the id has been another request's, `begun` where it is under way, `old` where
   * its outcome is not kept any more, and undefined where it was not done, or longer ago than that.
   * @param hash of the request, at least 16 bytes
   */
  find(who: Uint8Array, id: number, hash: Uint8Array): Outcome | "other" | "begun" | "old" | undefined {
    const { pending, done, old } = this.#read();
    const key = keyOf(who, id, hash);
    if (pending !== null && isOf(pending, key)) return isRequest(pending, key) ? "begun" : "other";
    for (const outcome of done) {
      if (!isOf(outcome, key)) continue;
      if (!isRequest(outcome, key)) return "other";
      return { code: asUint(outcome[3], CORRUPT, "code"), result: outcome[4] };
    }
    const mark = markOf(who, id);
    for (let at = 0; at < old.length; at += MARK) if (equal(old.subarray(at, at + MARK), mark)) return "old";
    return undefined;
  }

  /**
   * Writes down what is about to be done. Before it, `find` has said undefined.
   * @throws VagusError `audit/pending` where another effect is under way or this one was done; `audit/outcome` for an
   *   effect that is too long; `flash/program`
   */
  begin(who: Uint8Array, id: number, hash: Uint8Array, effect: CborValue): void {
    const { pending, done, old } = this.#read();
    if (pending !== null || this.find(who, id, hash) !== undefined) {
      throw new VagusError("audit/pending", `expected a new command and none under way, came command ${id}`);
    }
    checkSize("effect", effect, EFFECT_MAX);
    this.#write([...keyOf(who, id, hash), effect], done, old);
  }

  /**
   * The effect has been applied.
   * @throws VagusError `audit/pending` where none was begun; `audit/outcome` for a result that is too long; `flash/program`
   */
  finish(code: number, result: CborValue): void {
    const { pending, done, old } = this.#read();
    if (pending === null) throw noneBegun();
    checkSize("result", result, RESULT_MAX);
    const outcome = [...pending.slice(0, 3), asUint(code, "audit/outcome", "code", 0xffff), result];
    const all = [...done, outcome];
    const marks = all.slice(0, -OUTCOMES_KEPT).map(([who, id]) => markOf(who as Uint8Array, id as number));
    this.#write(null, all.slice(-OUTCOMES_KEPT), concat(old, ...marks).slice(-OLD_KEPT * MARK));
  }

  /** The effect has not been applied and will not be: the command may be asked for anew. @throws VagusError as `finish` */
  drop(): void {
    const { pending, done, old } = this.#read();
    if (pending === null) throw noneBegun();
    this.#write(null, done, old);
  }

  #read(): Content {
    const { value } = this.#record;
    if (value === undefined) return { pending: null, done: [], old: NONE };
    const content = asArray(decode(value), CORRUPT, "outcomes");
    const [pending, done, old = NONE] = asArray(content, CORRUPT, "outcomes", content.length === 3 ? 3 : 2);
    return {
      old: asBytes(old, CORRUPT, "old outcomes"),
      pending: pending === null ? null : asArray(pending, CORRUPT, "effect", 4),
      done: asArray(done, CORRUPT, "outcomes").map((outcome) => asArray(outcome, CORRUPT, "outcome", 5)),
    };
  }

  #write(pending: CborValue[] | null, done: readonly CborValue[][], old: Uint8Array): void {
    this.#record.write(encode(old.length === 0 ? [pending, [...done]] : [pending, [...done], old]));
  }
}

/** Of a command whose outcome goes. */
function markOf(who: Uint8Array, id: number): Uint8Array {
  return fromUint(crc32(concat(who, fromUint(id, 7))), MARK);
}

type Key = [who: Uint8Array, id: number, hash: Uint8Array];

/** @throws VagusError `audit/outcome` */
function keyOf(who: Uint8Array, id: number, hash: Uint8Array): Key {
  return [
    asBytes(who, "audit/outcome", "who", KID),
    asUint(id, "audit/outcome", "command id"),
    asBytes(hash.subarray(0, HASH), "audit/outcome", "hash of the request", HASH),
  ];
}

function isOf([who, id]: readonly CborValue[], key: Key): boolean {
  return id === key[1] && equal(asBytes(who, CORRUPT, "who", KID), key[0]);
}

function isRequest(entry: readonly CborValue[], key: Key): boolean {
  return equal(asBytes(entry[2], CORRUPT, "hash", HASH), key[2]);
}

function checkSize(what: string, value: CborValue, max: number): void {
  const { length } = encode(value);
  if (length > max)
    throw new VagusError("audit/outcome", `${what}: expected at most ${max} bytes, came ${length}`);
}

function noneBegun(): VagusError {
  return new VagusError("audit/pending", "expected an effect under way, came none");
}
