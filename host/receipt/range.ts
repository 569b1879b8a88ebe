/**
 * A run of tokens of one stream as they were verified and stored, declared gaps and boots among them:
 *
 *   range   [ stream, cti of the first, cti of the last, count, hash, digest ]
 *
 *   hash    the first 16 bytes of the last token's SHA-256, as a release names it
 *   digest  of all of them: d(0) is 32 zero bytes, d(n) = SHA-256( d(n - 1) || SHA-256( token n ) )
 *
 * So a range can be gone on with from session to session, and nothing in it be missing, doubled or moved.
 */
import { concat, equal } from "../../modules/bytes/index.js";
import type { CborValue } from "../../modules/cbor/index.js";
import { asArray, asBytes, asUint } from "../../modules/cbor/shape.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { CTI_LENGTH, type Cti, encodeCti, PREV_LENGTH } from "../../modules/reading/index.js";

const CODE = "host/receipt";
const DIGEST_LENGTH = 32;

export interface Range {
  readonly stream: number;
  readonly first: Uint8Array;
  readonly last: Uint8Array;
  readonly count: number;
  readonly hash: Uint8Array;
  readonly digest: Uint8Array;
}

/** A range that grows with each token. */
export class RunningRange {
  readonly #crypto: Crypto;
  readonly stream: number;
  readonly first: Uint8Array;
  #last: Uint8Array;
  #count = 0;
  #hash = new Uint8Array(PREV_LENGTH);
  #digest: Uint8Array = new Uint8Array(DIGEST_LENGTH);

  constructor(crypto: Crypto, stream: number, first: Cti) {
    this.#crypto = crypto;
    this.stream = stream;
    this.first = encodeCti(first);
    this.#last = this.first;
  }

  add(token: Uint8Array, cti: Cti): void {
    const hash = this.#crypto.sha256(token);
    this.#digest = this.#crypto.sha256(concat(this.#digest, hash));
    this.#hash = hash.slice(0, PREV_LENGTH);
    this.#last = encodeCti(cti);
    this.#count++;
  }

  get range(): Range {
    const { stream, first } = this;
    return { stream, first, last: this.#last, count: this.#count, hash: this.#hash, digest: this.#digest };
  }
}

export function encodeRange({ stream, first, last, count, hash, digest }: Range): CborValue {
  return [stream, first, last, count, hash, digest];
}

/** @throws VagusError `host/receipt` */
export function decodeRange(value: CborValue): Range {
  const [stream, first, last, count, hash, digest] = asArray(value, CODE, "range", 6);
  return {
    stream: asUint(stream, CODE, "stream", 255),
    first: asBytes(first, CODE, "first cti", CTI_LENGTH).slice(),
    last: asBytes(last, CODE, "last cti", CTI_LENGTH).slice(),
    count: asUint(count, CODE, "count"),
    hash: asBytes(hash, CODE, "hash of the last", PREV_LENGTH).slice(),
    digest: asBytes(digest, CODE, "digest", DIGEST_LENGTH).slice(),
  };
}

export function sameRange(a: Range, b: Range): boolean {
  return (
    a.stream === b.stream &&
    a.count === b.count &&
    equal(a.first, b.first) &&
    equal(a.last, b.last) &&
    equal(a.hash, b.hash) &&
    equal(a.digest, b.digest)
  );
}
