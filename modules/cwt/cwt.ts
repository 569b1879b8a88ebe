/** CBOR Web Tokens (RFC 8392), signed: claims in a COSE_Sign1 with a protected `typ`. */
import { type CborOptions, type CborValue, decode, encode } from "../cbor/index.js";
import { HEADER, type HeaderMap, type Headers, kidOf, type Label } from "../cose/headers.js";
import {
  checkSignature,
  parseSign1Unverified,
  type Sign1,
  sign1,
  type VerificationKey,
} from "../cose/sign1.js";
import type { Crypto, PrivateKey, SignatureAlgorithm, SigningCurve } from "../crypto/port.js";
import { VagusError } from "../error/index.js";
import { audiences, CLAIM, type Claims, readClaims, requireClaims } from "./claims.js";
import { checkTime, type TokenTime } from "./time.js";
import { checkTyp, type Typ } from "./typ.js";

/** The tag of a CWT (section 6); it never stands alone, but in front of a COSE tag. */
const CWT_TAG = 61;

export interface CwtContent {
  typ: Typ;
  /** Names the signer's key; goes into the protected bucket. */
  kid?: Uint8Array;
  claims: Claims;
}

export interface Cwt {
  typ: Typ | undefined;
  kid: Uint8Array | undefined;
  claims: Claims;
  headers: Headers;
}

export interface VerifyCwtOptions extends CborOptions {
  /** The one kind of token that is accepted here. `undefined` only for others' tokens, which may have none. */
  typ: Typ | undefined;
  key: VerificationKey | ((kid: Uint8Array | undefined) => VerificationKey);
  algorithms: readonly SignatureAlgorithm[];
  /** What is known of the time. Without it a token with `exp` or `nbf` is refused, as nobody could tell. */
  time?: TokenTime;
  /** One of these has to be in `aud`. */
  audience?: string | readonly string[];
  issuer?: string;
  /** Labels of claims that have to be there. */
  required?: readonly Label[];
  understood?: readonly Label[];
  /** Accept tag 18, and tag 61 around it: others write them, we do not. */
  tags?: boolean;
}

/** Signs claims as a token of the kind `typ`, untagged. Types of registered claims are checked as on reading. */
export function signCwt(
  crypto: Crypto,
  key: PrivateKey<SigningCurve>,
  { typ, kid, claims }: CwtContent,
): Promise<Uint8Array> {
  try {
    const header: HeaderMap = new Map<Label, CborValue>([[HEADER.typ, typ]]);
    if (kid !== undefined) header.set(HEADER.kid, kid);
    const payload = encode(readClaims(claims as Map<CborValue, CborValue>) as Map<CborValue, CborValue>);
    return sign1(crypto, key, { protected: header, payload });
  } catch (error) {
    return Promise.reject(error);
  }
}

/**
 * The token, if it is of the kind expected, its signature holds and its claims may be believed now. In this order:
 * nothing about keys or claims is looked at in a token of another kind.
 * @throws VagusError `cwt/typ`, `cose/algorithm`, `cose/bad-signature`, `cwt/malformed`, `cwt/claim`, `cwt/issuer`,
 *   `cwt/audience`, `cwt/expired`, `cwt/not-yet`, `cose/…` and `cbor/…` for what is no token at all.
 */
export function verifyCwt(crypto: Crypto, bytes: Uint8Array, options: VerifyCwtOptions): Cwt {
  const message = parseSign1Unverified(untagged(bytes, options), {
    ...options,
    understood: understood(options),
  });
  if (options.typ !== undefined) checkTyp(message, options.typ);
  const kid = kidOf(message);
  const { key } = options;
  const verified = checkSignature(crypto, message, {
    algorithms: options.algorithms,
    key: typeof key === "function" ? () => key(kid) : key,
  });
  const cwt = read(verified, verified.payload, options);
  checkClaims(cwt.claims, options);
  return cwt;
}

/** What a token says, **without looking at its signature** or at anything but its form. */
export function parseCwtUnverified(
  bytes: Uint8Array,
  options: CborOptions & { tags?: boolean; understood?: readonly Label[] } = {},
): Cwt {
  const message = parseSign1Unverified(untagged(bytes, options), {
    ...options,
    understood: understood(options),
  });
  if (message.payload === undefined) throw new VagusError("cwt/malformed", "the claims are missing");
  return read(message, message.payload, options);
}

function read(message: Sign1, payload: Uint8Array, options: CborOptions): Cwt {
  const typ = message.protected.get(HEADER.typ);
  return {
    typ: typeof typ === "number" || typeof typ === "string" ? typ : undefined,
    kid: kidOf(message),
    claims: readClaims(decode(payload, options), options.floats === true),
    headers: { protected: message.protected, unprotected: message.unprotected },
  };
}

/** The checks of claims that the caller asked for; for nested and MACed tokens too. */
export function checkClaims(
  claims: Claims,
  options: Pick<VerifyCwtOptions, "time" | "audience" | "issuer" | "required">,
): void {
  requireClaims(claims, options.required ?? []);
  if (options.issuer !== undefined && claims.get(CLAIM.iss) !== options.issuer) {
    throw new VagusError("cwt/issuer", `expected ${options.issuer}, came another or none`);
  }
  if (options.audience !== undefined) {
    const accepted = typeof options.audience === "string" ? [options.audience] : options.audience;
    const came = claims.has(CLAIM.aud) ? audiences(claims.get(CLAIM.aud)) : [];
    if (!came.some((audience) => accepted.includes(audience))) {
      throw new VagusError(
        "cwt/audience",
        `expected ${accepted.join(" or ")}, came ${came.join(", ") || "none"}`,
      );
    }
  }
  checkTime(claims, options.time);
}

function understood(options: { understood?: readonly Label[] }): Label[] {
  return [HEADER.typ, ...(options.understood ?? [])];
}

// 61( 18( COSE_Sign1 ) ), 18( COSE_Sign1 ) or COSE_Sign1: the heads are D8 3D and D2
function untagged(bytes: Uint8Array, options: { tags?: boolean }): Uint8Array {
  let at = 0;
  if (bytes[0] === 0xd8 && bytes[1] === CWT_TAG && bytes[2] === 0xd2) at = 3;
  else if (bytes[0] === 0xd2) at = 1;
  if (at > 0 && options.tags !== true) throw new VagusError("cwt/malformed", "expected no tag in front");
  return bytes.subarray(at);
}
