/** CWT claims (RFC 8392 and IANA's registry) and their types. */
import type { CborValue } from "../cbor/index.js";
import { asArray, asBytes, asInt, asLabelled, asMap, asText } from "../cbor/shape.js";
import type { Label } from "../cose/headers.js";
import { VagusError } from "../error/index.js";

export type Claims = Map<Label, CborValue>;

export const CLAIM = {
  iss: 1,
  sub: 2,
  aud: 3,
  exp: 4,
  nbf: 5,
  iat: 6,
  cti: 7,
  /** RFC 8747 */
  cnf: 8,
  /** RFC 8693, RFC 9200 */
  scope: 9,
  /** RFC 9711: a nonce that the verifier gave */
  nonce: 10,
  /** Token Status List */
  statusList: 65533,
  ttl: 65534,
  status: 65535,
} as const;

/** Private claims are numbered from here down (RFC 8392 section 9.1.1: "less than -65536"). */
export const FIRST_PRIVATE_CLAIM = -65537;

/**
 * Checks the types of the registered claims (section 3.1). A NumericDate is an integer; a float only where `floats`
 * allows it for others' tokens, and never tagged.
 * @throws VagusError `cwt/claim`, `cwt/malformed` for what is no map of integer and text labels.
 */
export function readClaims(value: CborValue, floats = false): Claims {
  const claims = asLabelled(value, "cwt/malformed", "claims");
  for (const [label, claim] of claims) {
    if (label === CLAIM.iss || label === CLAIM.sub) asText(claim, "cwt/claim", `claim ${label}`);
    else if (label === CLAIM.scope) asText(claim, "cwt/claim", "scope");
    else if (label === CLAIM.aud) audiences(claim);
    else if (label === CLAIM.cti) asBytes(claim, "cwt/claim", "cti");
    else if (label === CLAIM.cnf || label === CLAIM.status) asMap(claim, "cwt/claim", `claim ${label}`);
    else if (label === CLAIM.exp || label === CLAIM.nbf || label === CLAIM.iat) {
      numericDate(claim, `claim ${label}`, floats);
    }
  }
  return claims;
}

/** `aud` as a list: one text or an array of them (RFC 8392 section 3.1.3). */
export function audiences(value: CborValue): string[] {
  if (typeof value === "string") return [value];
  return asArray(value, "cwt/claim", "aud").map((one) => asText(one, "cwt/claim", "aud"));
}

function numericDate(value: CborValue, field: string, floats: boolean): void {
  if (!(floats && typeof value === "number" && Number.isFinite(value))) asInt(value, "cwt/claim", field);
}

/** @throws VagusError `cwt/claim` naming the first label that is missing. */
export function requireClaims(claims: Claims, labels: readonly Label[]): void {
  for (const label of labels) {
    if (!claims.has(label)) throw new VagusError("cwt/claim", `expected claim ${label}, it is missing`);
  }
}
