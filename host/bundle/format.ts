/**
 * A bundle: all that a third party needs to check a recording with nothing but the Authority's public key. A CBOR sequence
 * (RFC 8742), in this order:
 *
 *   [ "vagus bundle", 1 ]
 *   device credential …        of each key that signed                                             typ 65000
 *   programmer credential …    of whoever signed receipts or the seal, a hub's after its own         65001, 65002
 *   status list …              the newest, and older ones, which say who held when                   application/statuslist+cwt
 *   receipt …                                                                                        65014
 *   token …                    of stream after stream, as they were stored                           65003 to 65007
 *   seal                       and nothing behind it                                                 65016
 *
 *   seal      typ 65016, kid of the programmer's or the hub's key that exported
 *   iat (6)   when     cti (7)  8 random bytes     -65545  [ items before it, SHA-256 of all bytes before it ]
 *
 * The items are deterministic CBOR and the seal has no unprotected header; on P-256 its s is the lower one: no byte of a
 * bundle can be another without it being another bundle.
 */
import { p256 } from "@noble/curves/nist.js";
import { concat, equal, fromHex, toHex } from "../../modules/bytes/index.js";
import { type CborValue, decode, encode } from "../../modules/cbor/index.js";
import { asArray, asBytes, asUint } from "../../modules/cbor/shape.js";
import { HEADER } from "../../modules/cose/headers.js";
import { keyId, parseSign1Unverified, signatureAlgorithm } from "../../modules/cose/index.js";
import type { Crypto, PrivateKey, SigningCurve } from "../../modules/crypto/port.js";
import { CLAIM, type Claims, signCwt, TYP, type Typ, verifyCwt } from "../../modules/cwt/index.js";
import { VagusError } from "../../modules/error/index.js";
import { PRIVATE_CLAIM } from "../receipt/claims.js";
import type { ReceiptSigner } from "../receipt/receipt.js";

const CODE = "host/bundle";
const NAME = "vagus bundle";
export const VERSION = 1;

export const preface = (): Uint8Array => encode([NAME, VERSION]);

/** @throws VagusError `host/bundle` for what is no bundle, or of another version */
export function checkPreface(item: Uint8Array | undefined): void {
  if (item !== undefined && equal(item, preface())) return;
  throw new VagusError(CODE, `expected a bundle, "${NAME}" version ${VERSION}, came something else`);
}

/** What an item is, by its protected `typ`. */
export type Part = "device" | "signer" | "status" | "receipt" | "token" | "seal";

/** The order in which they come. */
export const PARTS: readonly Part[] = ["device", "signer", "status", "receipt", "token", "seal"];

const PART_OF = new Map<Typ, Part>([
  [TYP.deviceCredential, "device"],
  [TYP.programmerCredential, "signer"],
  [TYP.hubCredential, "signer"],
  [TYP.statusList, "status"],
  [TYP.receipt, "receipt"],
  [TYP.streamHeader, "token"],
  [TYP.reading, "token"],
  [TYP.gap, "token"],
  [TYP.boot, "token"],
  [TYP.head, "token"],
  [TYP.seal, "seal"],
]);

/** An item has at most this: a status list with every second credential revoked. */
export const ITEM_MAX = 1 << 20;

/** @throws VagusError `host/bundle` for what no bundle has; `cose/…`, `cbor/…` */
export function partOf(item: Uint8Array): Part {
  const options = { understood: [HEADER.typ], maxSize: ITEM_MAX };
  const typ = parseSign1Unverified(item, options).protected.get(HEADER.typ) as Typ;
  const part = PART_OF.get(typ);
  if (part !== undefined) return part;
  throw new VagusError(CODE, `expected a credential, list, receipt, token or seal, came typ ${String(typ)}`);
}

export interface Seal {
  /** Seconds since 1970, by the exporter's clock. */
  readonly issued: number;
  readonly items: number;
  /** SHA-256 of all that is before it. */
  readonly digest: Uint8Array;
}

export async function signSeal(
  crypto: Crypto,
  key: PrivateKey<SigningCurve>,
  { issued, items, digest }: Seal,
): Promise<Uint8Array> {
  const claims: Claims = new Map<number, CborValue>([
    [CLAIM.iat, issued],
    [CLAIM.cti, crypto.random(8)],
    [PRIVATE_CLAIM.seal, [items, digest]],
  ]);
  const token = await signCwt(crypto, key, { typ: TYP.seal, kid: keyId(crypto, key), claims });
  if (key.curve !== "P-256") return token;
  const [headers, unprotected, payload, signature] = decode(token) as [
    CborValue,
    CborValue,
    CborValue,
    Uint8Array,
  ];
  return encode([headers, unprotected, payload, lower(signature)]);
}

/** @throws VagusError `host/bundle`, `cose/key` for a seal of another, `cwt/…`, `cose/…`, `cbor/…` */
export function verifySeal(
  crypto: Crypto,
  token: Uint8Array,
  signers: readonly ReceiptSigner[],
): Seal & { readonly signer: ReceiptSigner } {
  let signer: ReceiptSigner | undefined;
  const { claims, headers } = verifyCwt(crypto, token, {
    typ: TYP.seal,
    algorithms: signers.map(({ curve }) => signatureAlgorithm(curve)),
    key: (kid) => {
      signer = signers.find((one) => kid !== undefined && equal(kid, one.kid));
      if (signer !== undefined) return signer;
      throw new VagusError(
        "cose/key",
        `expected a seal of a programmer that is known, came one of ${kid ? toHex(kid) : "nobody"}`,
      );
    },
    required: [CLAIM.iat, CLAIM.cti, PRIVATE_CLAIM.seal],
  });
  const { signature } = parseSign1Unverified(token, { understood: [HEADER.typ] });
  if (headers.unprotected.size > 0 || (signer?.curve === "P-256" && !equal(lower(signature), signature))) {
    throw new VagusError(CODE, "expected a seal that nobody has touched, came another form of one");
  }
  const [items, digest] = asArray(claims.get(PRIVATE_CLAIM.seal), CODE, "seal", 2);
  return {
    issued: asUint(claims.get(CLAIM.iat), "cwt/claim", "iat"),
    items: asUint(items, CODE, "items"),
    digest: asBytes(digest, CODE, "digest", 32).slice(),
    signer: signer as ReceiptSigner,
  };
}

/** Both s and n - s verify (SEC 1 section 4.1.4); a seal has the lower one. */
function lower(signature: Uint8Array): Uint8Array {
  const { n } = p256.Point.CURVE();
  const s = signature.slice(32).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  if (s <= n / 2n) return signature;
  const low = (n - s).toString(16).padStart(64, "0");
  return concat(signature.slice(0, 32), fromHex(low));
}
