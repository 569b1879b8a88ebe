/**
 * ID_CRED_x: which credential a side speaks for (RFC 9528 section 3.5.3). It is a COSE header map; CRED_x, the
 * credential itself, is an item of CBOR whose bytes nobody re-encodes: a CWT (untagged COSE_Sign1), a CWT claims
 * set, or a certificate as a byte string.
 *
 *   { 4 : kid }              by reference; in a plaintext only the kid travels, as a byte string or a small integer
 *   { 13 : COSE_Sign1 }      kcwt, by value
 *   { 14 : claims }          kccs, by value
 *   { 34 : [ alg, hash ] }   x5t and whatever else the application knows
 */
import { concat } from "../bytes/index.js";
import { type CborValue, decode, encode } from "../cbor/index.js";
import { asLabelled } from "../cbor/shape.js";
import { scan } from "../cbor/strict.js";
import { HEADER } from "../cose/headers.js";
import type { PublicKey } from "../cose/key.js";
import type { AgreementCurve, PrivateKey, SigningCurve } from "../crypto/port.js";
import { VagusError } from "../error/index.js";
import type { EadItem } from "./ead.js";
import { bytesIn, decodeIdentifier, encodeIdentifier, isMap, malformed } from "./items.js";

/** What one side authenticates with. */
export interface EdhocIdentity {
  /** The encoded header map. */
  readonly id_cred: Uint8Array;
  /** CRED_x, an encoded item. */
  readonly cred: Uint8Array;
  /** A signature key or a static DH key, as the method wants it. */
  readonly key: PrivateKey<SigningCurve> | PrivateKey<AgreementCurve>;
}

/** ID_CRED_x as it came. `encoded` is the header map; `cred` is CRED_x where it came by value. */
export type IdCred = { readonly encoded: Uint8Array } & (
  | { readonly kind: "kid"; readonly kid: Uint8Array }
  | { readonly kind: "kcwt" | "kccs"; readonly cred: Uint8Array }
  | { readonly kind: "other"; readonly label?: CborValue }
);

/** The credential that an ID_CRED stands for, believed by the application; it may carry what else is known. */
export interface PeerCredential {
  readonly cred: Uint8Array;
  readonly key: Pick<PublicKey, "curve" | "publicKey">;
}

/**
 * The decision whether to trust: finds the credential, checks who issued it, when it ends, whether it is revoked.
 * Throws to refuse: `edhoc/unknown-credential` where a reference is not known, anything else for any other reason.
 * Nobody has proved anything yet; proof of the private key comes after it.
 */
export type FetchCredential<P extends PeerCredential> = (
  id_cred: IdCred,
  ead: readonly EadItem[],
) => Promise<P>;

export function kidIdCred(kid: Uint8Array): Uint8Array {
  return encode(new Map([[HEADER.kid, kid]]));
}

// a1 0d CRED_x, a1 0e CRED_x
export function kcwtIdCred(cred: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(0xa1, HEADER.kcwt), cred);
}

export function kccsIdCred(cred: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(0xa1, HEADER.kccs), cred);
}

/** How ID_CRED_x stands in a plaintext: a lone kid is compact (section 3.5.3.2). @throws as `readIdCred` */
export function encodeIdCred(id_cred: Uint8Array): Uint8Array {
  const found = readIdCred(id_cred);
  return found.kind === "kid" ? encodeIdentifier(found.kid) : id_cred;
}

/** The other way. @throws VagusError `edhoc/malformed` where a lone kid is not compact, `edhoc/credential` */
export function decodeIdCred(item: Uint8Array | undefined): IdCred {
  if (!isMap(item)) {
    const kid = decodeIdentifier(item, "ID_CRED");
    return { kind: "kid", kid, encoded: kidIdCred(kid) };
  }
  const found = readIdCred(item.slice());
  if (found.kind === "kid") throw malformed("ID_CRED: expected a kid alone, came a map around it");
  return found;
}

/**
 * Takes an encoded header map apart; the credential in it is not decoded.
 * @throws VagusError `edhoc/malformed`; `edhoc/credential` for a map with `alg` or `typ`: it is the protected bucket
 *   of EDHOC's signature, and must not look like that of a token; `cbor/…`
 */
export function readIdCred(encoded: Uint8Array): IdCred {
  if (!isMap(encoded) || encoded[0] === 0xa0) throw malformed("ID_CRED: expected a map that is not empty");
  if (encoded[0] === 0xa1) {
    const keyEnd = scan(encoded, 1, {}).end;
    const label = decode(encoded.subarray(1, keyEnd));
    const value = encoded.subarray(keyEnd);
    if (label === HEADER.kid) return { kind: "kid", kid: bytesIn(value, "kid").slice(), encoded };
    if (label === HEADER.kcwt) return { kind: "kcwt", cred: value, encoded };
    if (label === HEADER.kccs) return { kind: "kccs", cred: value, encoded };
  }
  const labels = [...asLabelled(decode(encoded), "edhoc/malformed", "ID_CRED").keys()];
  if (labels.includes(HEADER.alg) || labels.includes(HEADER.typ)) {
    throw new VagusError("edhoc/credential", "ID_CRED: expected neither alg nor typ");
  }
  return { kind: "other", ...(labels.length === 1 && { label: labels[0] }), encoded };
}
