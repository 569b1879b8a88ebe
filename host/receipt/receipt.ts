/**
 * A receipt: which readings a host had received and verified by when. Whoever has it can show that they were there before a
 * device was revoked, and that none has been left out since.
 *
 *   receipt   typ 65014, kid of the programmer's or the hub's key
 *   sub (2)   the device     iat (6)  the host's time     cti (7)  8 random bytes
 *   -65544    [ range, … ]   at least one, one a run of tokens: see `range.ts`
 */
import { equal, toHex } from "../../modules/bytes/index.js";
import type { CborValue } from "../../modules/cbor/index.js";
import { asArray, asText, asUint } from "../../modules/cbor/shape.js";
import { keyId, signatureAlgorithm, type VerificationKey } from "../../modules/cose/index.js";
import type { Crypto, PrivateKey, SigningCurve } from "../../modules/crypto/port.js";
import { CLAIM, type Claims, signCwt, TYP, verifyCwt } from "../../modules/cwt/index.js";
import { VagusError } from "../../modules/error/index.js";
import { type AcceptedToken, type Cti, encodeCti } from "../../modules/reading/index.js";
import { PRIVATE_CLAIM } from "./claims.js";
import { decodeRange, encodeRange, type Range, RunningRange } from "./range.js";

/** Ranges of a receipt: three streams, each of them interrupted a few times. */
const RANGES_MAX = 32;

export interface Receipt {
  /** The device's `sub`. */
  readonly device: string;
  /** Seconds since 1970, by the host's clock. */
  readonly issued: number;
  readonly ranges: readonly Range[];
}

/** Someone whose signature a receipt may have. */
export interface ReceiptSigner extends VerificationKey {
  readonly kid: Uint8Array;
}

/** @throws VagusError `host/receipt` for a receipt of nothing, or of more than one has room for */
export function signReceipt(
  crypto: Crypto,
  key: PrivateKey<SigningCurve>,
  { device, issued, ranges }: Receipt,
): Promise<Uint8Array> {
  checkCount(ranges.length);
  const claims: Claims = new Map<number, CborValue>([
    [CLAIM.sub, device],
    [CLAIM.iat, issued],
    [CLAIM.cti, crypto.random(8)],
    [PRIVATE_CLAIM.receipt, ranges.map(encodeRange)],
  ]);
  return signCwt(crypto, key, { typ: TYP.receipt, kid: keyId(crypto, key), claims });
}

/**
 * @param signers those who may have signed it
 * @throws VagusError `host/receipt`, `cose/key` where another one did, `cwt/…`, `cose/…`, `cbor/…`
 */
export function verifyReceipt(
  crypto: Crypto,
  token: Uint8Array,
  signers: readonly ReceiptSigner[],
): Receipt & { readonly signer: ReceiptSigner } {
  let signer: ReceiptSigner | undefined;
  const { claims } = verifyCwt(crypto, token, {
    typ: TYP.receipt,
    algorithms: signers.map(({ curve }) => signatureAlgorithm(curve)),
    key: (kid) => {
      signer = signers.find((one) => kid !== undefined && equal(kid, one.kid));
      if (signer !== undefined) return signer;
      throw new VagusError(
        "cose/key",
        `expected a receipt of a programmer that is known, came one of ${kid ? toHex(kid) : "nobody"}`,
      );
    },
    required: [CLAIM.sub, CLAIM.iat, CLAIM.cti, PRIVATE_CLAIM.receipt],
  });
  const ranges = asArray(claims.get(PRIVATE_CLAIM.receipt), "host/receipt", "ranges");
  checkCount(ranges.length);
  return {
    device: asText(claims.get(CLAIM.sub), "cwt/claim", "sub"),
    issued: asUint(claims.get(CLAIM.iat), "cwt/claim", "iat"),
    ranges: ranges.map(decodeRange),
    signer: signer as ReceiptSigner,
  };
}

function checkCount(count: number): void {
  if (count >= 1 && count <= RANGES_MAX) return;
  throw new VagusError("host/receipt", `expected 1 to ${RANGES_MAX} ranges, came ${count}`);
}

/** What has come and has no receipt as yet: tokens go in as they are stored, a receipt comes out when one is due. */
export class ReceiptBook {
  readonly #crypto: Crypto;
  readonly #open = new Map<number, RunningRange>();
  #ended: Range[] = [];

  constructor(crypto: Crypto) {
    this.#crypto = crypto;
  }

  /** Streams of which something came since the last receipt. */
  get due(): boolean {
    return this.#open.size > 0 || this.#ended.length > 0;
  }

  add(accepted: AcceptedToken): void {
    const { token, cti } = accepted;
    this.take(streamOf(accepted), token, cti);
  }

  /** The same for a token that is only known by what it says. */
  take(stream: number, token: Uint8Array, cti: Cti): void {
    const open = this.#open.get(stream) ?? new RunningRange(this.#crypto, stream, cti);
    this.#open.set(stream, open);
    open.add(token, cti);
  }

  /** What comes next of a stream does not follow what came last. */
  cut(stream: number): void {
    const open = this.#open.get(stream);
    if (open !== undefined) this.#ended.push(open.range);
    this.#open.delete(stream);
  }

  /**
   * Receipts for all of it, as a rule one; what comes next goes into another one.
   * @param issued seconds since 1970
   * @returns none where nothing came
   */
  async sign(key: PrivateKey<SigningCurve>, device: string, issued: number): Promise<Uint8Array[]> {
    for (const stream of [...this.#open.keys()]) this.cut(stream);
    const ranges = this.#ended;
    this.#ended = [];
    const receipts: Uint8Array[] = [];
    for (let at = 0; at < ranges.length; at += RANGES_MAX) {
      const some = ranges.slice(at, at + RANGES_MAX);
      receipts.push(await signReceipt(this.#crypto, key, { device, issued, ranges: some }));
    }
    return receipts;
  }
}

/** The stream that a token is of, or that it declares something of. */
export function streamOf(accepted: AcceptedToken): number {
  const { kind } = accepted;
  return kind === "gap" || kind === "boot" || kind === "tip" ? accepted.stream : accepted.cti.stream;
}

/** A token's name, to find it by. */
export function nameOf(stream: number, cti: Uint8Array | Cti): string {
  return `${stream} ${toHex(cti instanceof Uint8Array ? cti : encodeCti(cti))}`;
}
