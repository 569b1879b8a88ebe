import { equal } from "../bytes/index.js";
import type { CborValue } from "../cbor/index.js";
import type { Crypto } from "../crypto/port.js";
import { VagusError } from "../error/index.js";
import type {
  Accepted,
  AcceptedBoot,
  AcceptedGap,
  AcceptedHead,
  AcceptedHeader,
  AcceptedReading,
  AcceptedTip,
  AcceptedToken,
  DeviceKey,
} from "./accepted.js";
import { type Authentic, authenticate } from "./authentic.js";
import {
  type Cti,
  type Cursor,
  decodeHead,
  decodeHeader,
  decodeReading,
  PREV_LENGTH,
  type StreamFormat,
} from "./claims.js";
import { decodeContent } from "./content.js";
import { type Boot, DECLARATIONS, decodeBoot, decodeGap, decodeTip, type Tip } from "./declarations.js";
import { after, type Hole, holeBefore, holeOfBoot, order } from "./holes.js";

/** Behind which token a verifier stands, and what the next one has to fit. Behind a gap what nobody has told is undefined. */
export interface StreamPosition {
  readonly format: StreamFormat | undefined;
  readonly cti: Cursor;
  readonly nextSample: number | undefined;
  readonly prev: Uint8Array | undefined;
  readonly closed: boolean;
}

const OLDEST: Cursor = { boot: 0, sequence: 0 };

/**
 * Checks the tokens of one stream as they come: signature, typ, chain, sequence, samples. What is refused changes
 * nothing: the right token is still accepted afterwards.
 */
export class StreamVerifier {
  readonly #crypto: Crypto;
  readonly #device: DeviceKey;
  readonly #stream: number;
  #position: StreamPosition | undefined;
  /** A token that is to come: the newest that the device said it has. */
  #tip: NonNullable<Tip["last"]> | undefined;
  /** The newest boot that was declared, and what it said. */
  #boot: { readonly count: number; readonly claim: Boot } | undefined;

  /** @param position where another one was, to go on from */
  constructor(crypto: Crypto, device: DeviceKey, stream: number, position?: StreamPosition) {
    this.#crypto = crypto;
    this.#device = device;
    this.#stream = stream;
    this.#position = position;
  }

  /** Where the next token is to be fetched from; undefined before the first. */
  get next(): Cursor | undefined {
    return this.#position && after(this.#position.cti);
  }

  /** Takes back what it accepted: the next token has to fit behind an earlier one, as that had been its last. */
  resume(position: StreamPosition | undefined): void {
    this.#position = position;
  }

  /** What the device said it has, in a tip, and what has not come as yet. */
  get awaited(): Hole | undefined {
    return this.#tip && { first: this.next ?? OLDEST, last: this.#tip };
  }

  /** All that it knows, to go on from in another one. */
  get position(): StreamPosition | undefined {
    return this.#position;
  }

  /**
   * @throws VagusError `reading/header` for anything before the header, `reading/order` for a sequence or a sample
   *   index that is not the next, and for a gap or a boot that contradicts what came before; `reading/chain` where
   *   `prev` is not the hash of the token before, or a boot names another hash for it;
   *   `reading/malformed`, `cardiac/malformed`, and what CWT, COSE and CBOR refuse
   */
  accept(token: Uint8Array): AcceptedToken {
    return this.take(authenticate(this.#crypto, [this.#device], token));
  }

  /** One whose signature has been checked. @throws VagusError as `accept` */
  take({ kind, token, cti, iat, claim }: Authentic): AcceptedToken {
    const declares = kind === "gap" || kind === "boot" || kind === "tip";
    const accepted = { token, cti, iat };
    this.#expectStream(declares ? DECLARATIONS : this.#stream, cti.stream);
    if (kind === "gap") return this.#gap(accepted, claim);
    if (kind === "boot") return this.#declaredBoot(accepted, claim);
    if (kind === "tip") return this.#told(accepted, claim);
    if (kind === "header") return this.#header(accepted, claim);
    return kind === "reading" ? this.#reading(accepted, claim) : this.#head(accepted, claim);
  }

  #expectStream(expected: number, came: number): void {
    if (came !== expected) throw new VagusError("reading/order", `expected stream ${expected}, came ${came}`);
  }

  /** The tokens that are gone are behind us: what comes next follows the last of them. */
  #gap(accepted: Omit<Accepted, "uncertainty">, value: CborValue): AcceptedGap {
    const claim = decodeGap(value);
    const { stream, first, last, lastHash } = claim;
    this.#expectStream(this.#stream, stream);
    const position = this.#position;
    const before = position?.cti;
    if (accepted.cti.boot < last.boot || (before !== undefined && order(last, before) <= 0)) {
      throw new VagusError(
        "reading/order",
        `expected a gap behind ${show(before)}, came one up to ${show(last)}`,
      );
    }
    const hole = position && holeBefore(first, position.cti, position.closed, this.#bootOf(first));
    this.#reached(last);
    const format = claim.format ?? (before?.boot === last.boot ? position?.format : undefined);
    this.#position = { format, cti: last, nextSample: undefined, prev: lastHash, closed: false };
    return { ...accepted, ...claim, kind: "gap", hole };
  }

  /** Nothing is behind us by it: tokens of that boot may still come from flash. */
  #declaredBoot(accepted: Omit<Accepted, "uncertainty">, value: CborValue): AcceptedBoot {
    const claim = decodeBoot(value);
    const { stream, before, ceiling, last } = claim;
    this.#expectStream(this.#stream, stream);
    const { boot: count } = accepted.cti;
    const position = this.#position;
    const at = position?.cti;
    const contradicts = at?.boot === before && at.sequence >= ceiling;
    if (before >= count || contradicts || (this.#boot !== undefined && count < this.#boot.count)) {
      const expected = `expected a boot that goes on behind ${show(at)}`;
      throw new VagusError(
        "reading/order",
        `${expected}, came ${count} behind ${before}, ceiling ${ceiling}`,
      );
    }
    const named = at?.boot === before && at.sequence === last?.sequence ? last.hash : undefined;
    if (named !== undefined && position?.prev !== undefined && !equal(named, position.prev)) {
      throw new VagusError("reading/chain", `expected the hash of ${show(at)}, came another`);
    }
    this.#boot = { count, claim };
    return { ...accepted, ...claim, kind: "boot", hole: at && holeOfBoot(claim, at) };
  }

  /** Nothing is behind us by it: but what comes has to come there, by that hash. */
  #told(accepted: Omit<Accepted, "uncertainty">, value: CborValue): AcceptedTip {
    const claim = decodeTip(value);
    const { stream, last } = claim;
    this.#expectStream(this.#stream, stream);
    const position = this.#position;
    const at = position?.cti;
    const ahead = last === undefined ? (at === undefined ? 0 : -1) : at === undefined ? 1 : order(last, at);
    if (ahead < 0 || (last !== undefined && accepted.cti.boot < last.boot)) {
      const expected = `expected a stream that has come to ${show(at)}`;
      throw new VagusError("reading/order", `${expected}, came one that has come to ${show(last)}`);
    }
    if (ahead === 0 && last !== undefined && position?.prev !== undefined)
      checkHash(last.hash, position.prev, at);
    this.#tip = ahead > 0 ? last : undefined;
    return { ...accepted, ...claim, kind: "tip", awaited: this.awaited };
  }

  /** What was declared of the boot that this token is of. */
  #bootOf({ boot }: Cursor): Boot | undefined {
    return this.#boot?.count === boot ? this.#boot.claim : undefined;
  }

  #header(accepted: Omit<Accepted, "uncertainty">, claim: CborValue): AcceptedHeader {
    const format = decodeHeader(claim);
    const position = this.#position;
    const before = position?.cti;
    const { cti } = accepted;
    if (before !== undefined && order(cti, before) <= 0) {
      throw new VagusError("reading/order", `expected a header after ${show(before)}, came ${show(cti)}`);
    }
    const hole = position && holeBefore(cti, position.cti, position.closed, this.#bootOf(cti));
    this.#advance(accepted, format, format.firstSample, false);
    return { ...accepted, kind: "header", format, hole, uncertainty: format.uncertainty };
  }

  #reading(accepted: Omit<Accepted, "uncertainty">, claim: CborValue): AcceptedReading {
    const { firstSample, prev, block, uncertainty } = decodeReading(claim);
    const { format, nextSample } = this.#next(accepted.cti, prev);
    if (nextSample !== undefined && firstSample !== nextSample) {
      throw new VagusError("reading/order", `expected first sample ${nextSample}, came ${firstSample}`);
    }
    const content = decodeContent(this.#stream, block, firstSample, format);
    this.#advance(accepted, format, content.nextSample, false);
    return { ...accepted, ...content, kind: "reading", uncertainty };
  }

  #head(accepted: Omit<Accepted, "uncertainty">, claim: CborValue): AcceptedHead {
    const { nextSample, prev, uncertainty } = decodeHead(claim);
    const position = this.#next(accepted.cti, prev);
    if (position.nextSample !== undefined && nextSample !== position.nextSample) {
      throw new VagusError(
        "reading/order",
        `expected next sample ${position.nextSample}, came ${nextSample}`,
      );
    }
    this.#advance(accepted, position.format, nextSample, true);
    return { ...accepted, kind: "head", nextSample, uncertainty };
  }

  /** The position that a token with this `cti` and `prev` follows. */
  #next(cti: Cti, prev: Uint8Array): StreamPosition & { readonly format: StreamFormat } {
    const position = this.#position;
    const format = position?.format;
    if (position === undefined || format === undefined || position.closed) {
      throw new VagusError("reading/header", `expected a stream header, came ${show(cti)}`);
    }
    const { boot, sequence } = position.cti;
    if (cti.boot !== boot || cti.sequence !== sequence + 1) {
      throw new VagusError(
        "reading/order",
        `expected ${show({ boot, sequence: sequence + 1 })}, came ${show(cti)}`,
      );
    }
    if (position.prev !== undefined && !equal(prev, position.prev)) {
      throw new VagusError("reading/chain", "expected the hash of the token before, came another");
    }
    return { ...position, format };
  }

  #reached(cursor: Cursor): void {
    if (this.#tip !== undefined && order(this.#tip, cursor) <= 0) this.#tip = undefined;
  }

  #advance(
    accepted: Omit<Accepted, "uncertainty">,
    format: StreamFormat,
    nextSample: number,
    closed: boolean,
  ): void {
    const prev = this.#crypto.sha256(accepted.token).subarray(0, PREV_LENGTH);
    const tip = this.#tip;
    if (tip !== undefined && order(tip, accepted.cti) === 0) checkHash(prev, tip.hash, tip);
    this.#reached(accepted.cti);
    this.#position = { format, cti: accepted.cti, nextSample, prev, closed };
  }
}

function checkHash(came: Uint8Array, expected: Uint8Array, of: Cursor | undefined): void {
  if (!equal(came, expected))
    throw new VagusError("reading/chain", `expected the hash of ${show(of)}, came another`);
}

function show(cti: { boot: number; sequence: number } | undefined): string {
  return cti === undefined ? "nothing" : `boot ${cti.boot} sequence ${cti.sequence}`;
}
