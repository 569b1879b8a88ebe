/** Proof of possession (RFC 8747): the claim `cnf` names the key that the token's holder has to prove. */
import type { CborValue } from "../cbor/index.js";
import { asLabelled } from "../cbor/shape.js";
import { fromCoseKey, type PublicKey, toCoseKey } from "../cose/key.js";
import type { Crypto } from "../crypto/port.js";
import { VagusError } from "../error/index.js";
import { CLAIM, type Claims } from "./claims.js";

/** Confirmation methods (section 3.1); we use the first. */
const COSE_KEY = 1;

// cnf = { 1: COSE_Key }
export function cnfOf(key: PublicKey): CborValue {
  return new Map<CborValue, CborValue>([[COSE_KEY, toCoseKey(key) as Map<CborValue, CborValue>]]);
}

/**
 * The key in a token's `cnf`. A token confirms one key (section 3.1): other members are refused.
 * @throws VagusError `cwt/claim` where there is none, `cose/key` for a key that cannot be.
 */
export function confirmedKey(crypto: Crypto, claims: Claims): PublicKey {
  const cnf = asLabelled(claims.get(CLAIM.cnf), "cwt/claim", "cnf");
  if (cnf.size !== 1 || !cnf.has(COSE_KEY)) {
    throw new VagusError(
      "cwt/claim",
      `cnf: expected one COSE_Key, came labels ${[...cnf.keys()].join(", ")}`,
    );
  }
  return fromCoseKey(crypto, cnf.get(COSE_KEY));
}
