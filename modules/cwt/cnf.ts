/** Proof of possession (RFC 8747): the claim `cnf` names the key that the token's holder has to prove. */
import type { CborValue } from "../cbor/index.js";
import { asBytes, asLabelled } from "../cbor/shape.js";
import { fromCoseKey, type PublicKey, toCoseKey } from "../cose/key.js";
import type { Crypto } from "../crypto/port.js";
import { VagusError } from "../error/index.js";
import { CLAIM, type Claims } from "./claims.js";

/** Confirmation methods (section 3.1): a key, or its name. */
const COSE_KEY = 1;
const KID = 3;

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

// cnf = { 3: kid }   for a verifier that knows the key already (section 3.4)
export function cnfOfKid(kid: Uint8Array): CborValue {
  return new Map<CborValue, CborValue>([[KID, kid]]);
}

/** The name of the key in a token's `cnf`. @throws VagusError `cwt/claim` where there is none, or more than it */
export function confirmedKid(claims: Claims): Uint8Array {
  const cnf = asLabelled(claims.get(CLAIM.cnf), "cwt/claim", "cnf");
  if (cnf.size !== 1) throw new VagusError("cwt/claim", `cnf: expected one kid, came ${cnf.size} members`);
  return asBytes(cnf.get(KID), "cwt/claim", "cnf kid");
}
