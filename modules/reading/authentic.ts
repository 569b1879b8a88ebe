/** A token of a stream, or one that declares something of it, whose signature holds; nothing more is known of it yet. */
import { equal } from "../bytes/index.js";
import type { CborValue } from "../cbor/index.js";
import { HEADER, parseSign1Unverified, signatureAlgorithm } from "../cose/index.js";
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
]);

export interface Authentic {
  readonly kind: AcceptedToken["kind"];
  readonly token: Uint8Array;
  readonly cti: Cti;
  readonly iat: number;
  /** What is the kind's own. */
  readonly claim: CborValue;
}

/** @throws VagusError `cwt/typ`, `cose/key`, `cose/bad-signature`, and what CWT, COSE and CBOR refuse */
export function authenticate(crypto: Crypto, device: DeviceKey, token: Uint8Array): Authentic {
  const typ = parseSign1Unverified(token, { understood: [HEADER.typ] }).protected.get(HEADER.typ) as Typ;
  const known = KINDS.get(typ);
  if (known === undefined) {
    throw new VagusError("cwt/typ", `expected a token of a stream, came typ ${String(typ)}`);
  }
  const { kind, label } = known;
  const { claims } = verifyCwt(crypto, token, {
    typ,
    algorithms: [signatureAlgorithm(device.curve)],
    key: (named) => {
      if (named !== undefined && equal(named, device.kid)) return device;
      throw new VagusError(
        "cose/key",
        "expected a token of the paired device, came one that names another key",
      );
    },
    required: [CLAIM.iat, CLAIM.cti, label],
  });
  const cti = decodeCti(claims.get(CLAIM.cti));
  return { kind, token, cti, iat: claims.get(CLAIM.iat) as number, claim: claims.get(label) };
}
