/** A status list as it comes: is it this Authority's, and of which time? */
import { equal, toHex } from "../../modules/bytes/index.js";
import { signatureAlgorithm } from "../../modules/cose/index.js";
import { type Anchor, issuerOf } from "../../modules/credential/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import {
  CLAIM,
  readStatusListToken,
  type StatusListToken,
  type TokenTime,
  TYP,
  verifyCwt,
  type Zlib,
} from "../../modules/cwt/index.js";
import { VagusError } from "../../modules/error/index.js";

/** A status list of half a million credentials has about 1 KB; one with every second revoked, 60 KB. */
const LIST_MAX = 1 << 20;

/** @throws VagusError `cwt/issuer` for another's, `cwt/status`, `cwt/…`, `cose/…`, `cbor/…` */
export function verifyStatusList(
  crypto: Crypto,
  token: Uint8Array,
  { anchor, zlib, time }: { readonly anchor: Anchor; readonly zlib: Zlib; readonly time: TokenTime },
): StatusListToken {
  const { claims } = verifyCwt(crypto, token, {
    typ: TYP.statusList,
    algorithms: [signatureAlgorithm(anchor.curve)],
    key: (kid) => {
      if (kid !== undefined && equal(kid, anchor.kid)) return anchor;
      throw new VagusError(
        "cwt/issuer",
        `expected a list of the Authority ${toHex(anchor.kid)}, came one of ${kid ? toHex(kid) : "nobody"}`,
      );
    },
    issuer: issuerOf(anchor),
    required: [CLAIM.sub, CLAIM.iat, CLAIM.statusList],
    time,
    maxSize: LIST_MAX,
  });
  return readStatusListToken(claims, zlib);
}
