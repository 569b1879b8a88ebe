/** A token of a stream, or one that declares something of it, whose signature holds; nothing more is known of it yet. */
import { equal } from "../bytes/index.js";
import type { CborValue } from "../cbor/index.js";
import { HEADER, kidOf, parseSign1Unverified, signatureAlgorithm } from "../cose/index.js";
import type { Crypto } from "../crypto/port.js";
import { CLAIM, TYP, type Typ, verifyCwt } from "../cwt/index.js";
import { VagusError } from "../error/index.js";
import type { AcceptedToken, DeviceKey } from "./accepted.js";
import { type Cti, decodeCti, PRIVATE_CLAIM } from "./claims.js";

const KINDS = new Map<Typ, { kind: AcceptedToken["kind"]; label: number }>([
  [TYP.reading, { kind: "reading", label: PRIVATE_CLAIM.reading }],
  [TYP.streamHeader, { kind: "header", label: PRIVATE_CLAIM.header }],
  [TYP.head, { kind: "head", label: PRIVATE_CLAIM.head }],
  [TYP.gap, { kind: "gap", label: PRIVATE_CLAIM.gap }],
  [TYP.boot, { kind: "boot", label: PRIVATE_CLAIM.boot }],
  [TYP.tip, { kind: "tip", label: PRIVATE_CLAIM.tip }],
]);

export interface Authentic {
  readonly kind: AcceptedToken["kind"];
  readonly token: Uint8Array;
  readonly cti: Cti;
  readonly iat: number;
  /** What is the kind's own. */
  readonly claim: CborValue;
}

/**
 * @param keys the device's: one of them has signed
 * @throws VagusError `cwt/typ`, `cose/key`, `cose/bad-signature`, and what CWT, COSE and CBOR refuse
 */
export function authenticate(crypto: Crypto, keys: readonly DeviceKey[], token: Uint8Array): Authentic {
  const message = parseSign1Unverified(token, { understood: [HEADER.typ] });
  const typ = message.protected.get(HEADER.typ) as Typ;
  const known = KINDS.get(typ);
  if (known === undefined) {
    throw new VagusError("cwt/typ", `expected a token of a stream, came typ ${String(typ)}`);
  }
  const { kind, label } = known;
  const named = kidOf(message);
  const key = keys.find(({ kid }) => named !== undefined && equal(named, kid));
  if (key === undefined) {
    throw new VagusError(
      "cose/key",
      "expected a token of the paired device, came one that names another key",
    );
  }
  const { claims } = verifyCwt(crypto, token, {
    typ,
    key,
    algorithms: [signatureAlgorithm(key.curve)],
    required: [CLAIM.iat, CLAIM.cti, label],
  });
  const cti = decodeCti(claims.get(CLAIM.cti));
  return { kind, token, cti, iat: claims.get(CLAIM.iat) as number, claim: claims.get(label) };
}
