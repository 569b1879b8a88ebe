import { compare, equal } from "../bytes/index.js";
import { decodeBlock } from "../cardiac/codec/index.js";
import type { CborValue } from "../cbor/index.js";
import { HEADER, parseSign1Unverified, signatureAlgorithm, type VerificationKey } from "../cose/index.js";
import type { Crypto } from "../crypto/port.js";
import { CLAIM, type Cwt, TYP, type Typ, verifyCwt } from "../cwt/index.js";
import { VagusError } from "../error/index.js";
import {
  type Cti,
  decodeCti,
  decodeHead,
  decodeHeader,
  decodeReading,
  type HeaderClaim,
  PREV_LENGTH,
  PRIVATE_CLAIM,
  type Uncertainty,
} from "./claims.js";

/** The device whose stream it is: its public key and the name that tokens give it. */
export interface DeviceKey extends VerificationKey {
  readonly kid: Uint8Array;
}

interface Accepted {
  readonly token: Uint8Array;
  readonly cti: Cti;
  readonly iat: number;
  readonly uncertainty: Uncertainty;
}
export interface AcceptedHeader extends Accepted {
  readonly kind: "header";
  readonly format: HeaderClaim;
}
export interface AcceptedReading extends Accepted {
  readonly kind: "reading";
  readonly firstSample: number;
  readonly channels: readonly Int16Array[];
}
export interface AcceptedHead extends Accepted {
  readonly kind: "head";
  readonly nextSample: number;
}
export type AcceptedToken = AcceptedHeader | AcceptedReading | AcceptedHead;

interface Position {
  readonly format: HeaderClaim;
  readonly cti: Cti;
  readonly nextSample: number;
  readonly prev: Uint8Array;
  readonly closed: boolean;
}

const KINDS = new Map<Typ, { kind: AcceptedToken["kind"]; label: number }>([
  [TYP.reading, { kind: "reading", label: PRIVATE_CLAIM.reading }],
  [TYP.streamHeader, { kind: "header", label: PRIVATE_CLAIM.header }],
  [TYP.head, { kind: "head", label: PRIVATE_CLAIM.head }],
]);

/**
 * Checks the tokens of one stream as they come: signature, typ, chain, sequence, samples. What is refused changes
 * nothing: the right token is still accepted afterwards.
 */
export class StreamVerifier {
  readonly #crypto: Crypto;
  readonly #device: DeviceKey;
  readonly #stream: number;
  #position: Position | undefined;

  constructor(crypto: Crypto, device: DeviceKey, stream: number) {
    this.#crypto = crypto;
    this.#device = device;
    this.#stream = stream;
  }

  /**
   * @throws VagusError `reading/header` for anything before the header, `reading/order` for a sequence or a sample
   *   index that is not the next, `reading/chain` where `prev` is not the hash of the token before,
   *   `reading/malformed`, `cardiac/malformed`, and what CWT, COSE and CBOR refuse
   */
  accept(token: Uint8Array): AcceptedToken {
    const typ = parseSign1Unverified(token, { understood: [HEADER.typ] }).protected.get(HEADER.typ);
    const known = KINDS.get(typ as Typ);
    if (known === undefined) {
      throw new VagusError("cwt/typ", `expected a stream's header, reading or head, came typ ${String(typ)}`);
    }
    const cwt = this.#verify(token, typ as Typ, known.label);
    const cti = decodeCti(cwt.claims.get(CLAIM.cti));
    if (cti.stream !== this.#stream) {
      throw new VagusError("reading/order", `expected stream ${this.#stream}, came ${cti.stream}`);
    }
    const accepted = { token, cti, iat: cwt.claims.get(CLAIM.iat) as number };
    const claim = cwt.claims.get(known.label);
    if (known.kind === "header") return this.#header(accepted, claim);
    return known.kind === "reading" ? this.#reading(accepted, claim) : this.#head(accepted, claim);
  }

  #verify(token: Uint8Array, typ: Typ, label: number): Cwt {
    return verifyCwt(this.#crypto, token, {
      typ,
      algorithms: [signatureAlgorithm(this.#device.curve)],
      key: (named) => {
        if (named !== undefined && compare(named, this.#device.kid) === 0) return this.#device;
        throw new VagusError(
          "cose/key",
          "expected a token of the paired device, came one that names another key",
        );
      },
      required: [CLAIM.iat, CLAIM.cti, label],
    });
  }

  #header(accepted: Omit<Accepted, "uncertainty">, claim: CborValue): AcceptedHeader {
    const format = decodeHeader(claim);
    const before = this.#position?.cti;
    const { cti } = accepted;
    const newer =
      before === undefined ||
      cti.boot > before.boot ||
      (cti.boot === before.boot && cti.sequence > before.sequence);
    if (!newer) {
      throw new VagusError("reading/order", `expected a header after ${show(before)}, came ${show(cti)}`);
    }
    this.#advance(accepted, format, format.firstSample, false);
    return { ...accepted, kind: "header", format, uncertainty: format.uncertainty };
  }

  #reading(accepted: Omit<Accepted, "uncertainty">, claim: CborValue): AcceptedReading {
    const { firstSample, prev, block, uncertainty } = decodeReading(claim);
    const { format, nextSample } = this.#next(accepted.cti, prev);
    if (firstSample !== nextSample) {
      throw new VagusError("reading/order", `expected first sample ${nextSample}, came ${firstSample}`);
    }
    const channels = decodeBlock(block, format.channels.length);
    this.#advance(accepted, format, firstSample + channels[0].length, false);
    return { ...accepted, kind: "reading", firstSample, channels, uncertainty };
  }

  #head(accepted: Omit<Accepted, "uncertainty">, claim: CborValue): AcceptedHead {
    const { nextSample, prev, uncertainty } = decodeHead(claim);
    const position = this.#next(accepted.cti, prev);
    if (nextSample !== position.nextSample) {
      throw new VagusError(
        "reading/order",
        `expected next sample ${position.nextSample}, came ${nextSample}`,
      );
    }
    this.#advance(accepted, position.format, nextSample, true);
    return { ...accepted, kind: "head", nextSample, uncertainty };
  }

  /** The position that a token with this `cti` and `prev` follows. */
  #next(cti: Cti, prev: Uint8Array): Position {
    const position = this.#position;
    if (position === undefined || position.closed) {
      throw new VagusError("reading/header", `expected a stream header, came ${show(cti)}`);
    }
    const { boot, sequence } = position.cti;
    if (cti.boot !== boot || cti.sequence !== sequence + 1) {
      throw new VagusError(
        "reading/order",
        `expected ${show({ boot, sequence: sequence + 1 })}, came ${show(cti)}`,
      );
    }
    if (!equal(prev, position.prev)) {
      throw new VagusError("reading/chain", "expected the hash of the token before, came another");
    }
    return position;
  }

  #advance(
    accepted: Omit<Accepted, "uncertainty">,
    format: HeaderClaim,
    nextSample: number,
    closed: boolean,
  ): void {
    const prev = this.#crypto.sha256(accepted.token).subarray(0, PREV_LENGTH);
    this.#position = { format, cti: accepted.cti, nextSample, prev, closed };
  }
}

function show(cti: { boot: number; sequence: number } | undefined): string {
  return cti === undefined ? "nothing" : `boot ${cti.boot} sequence ${cti.sequence}`;
}
