/**
 * What the holder of a key signs about itself.
 *
 *   request           typ 65013: "I hold this key and want a credential for it"
 *   kid  of the key that signs: the one in cnf, or where a device changes its key the one that it had
 *   cti (7)  8 random bytes     cnf (8)  the COSE_Key
 *
 *   self-revocation   typ 65012: the last thing that a device's key signs before it is purged
 *   sub (2)  the device     iat (6)  its time     cti (7)  8 random bytes     -65540  epoch of its revocation list
 */
import { equal } from "../bytes/index.js";
import type { CborValue } from "../cbor/index.js";
import { asText, asUint } from "../cbor/shape.js";
import { keyId, signatureAlgorithm, toVerificationKey, type VerificationKey } from "../cose/index.js";
import type { Crypto, PrivateKey, SigningCurve } from "../crypto/port.js";
import {
  CLAIM,
  type Claims,
  cnfOf,
  confirmedKey,
  parseCwtUnverified,
  signCwt,
  TYP,
  verifyCwt,
} from "../cwt/index.js";
import { VagusError } from "../error/index.js";
import { PRIVATE_CLAIM } from "./claims.js";

const REQUEST_MAX = 320;

/** A key with its name. */
export interface NamedKey extends VerificationKey {
  readonly kid: Uint8Array;
}

/** @param signer the key itself, or the one that vouches for it */
export function requestCredential(
  crypto: Crypto,
  key: VerificationKey,
  signer: PrivateKey<SigningCurve>,
): Promise<Uint8Array> {
  const { curve, publicKey } = key;
  const claims: Claims = new Map<number, CborValue>([
    [CLAIM.cti, crypto.random(8)],
    [CLAIM.cnf, cnfOf({ curve, publicKey })],
  ]);
  return signCwt(crypto, signer, { typ: TYP.request, kid: keyId(crypto, signer), claims });
}

/**
 * The key that a request asks a credential for.
 * @param vouching the key that the holder had, if it is known: it may have signed instead of the new one
 * @throws VagusError `credential/request` where another key signed, `cwt/…`, `cose/…`, `cbor/…`
 */
export function verifyRequest(crypto: Crypto, request: Uint8Array, vouching?: NamedKey): NamedKey {
  const { claims } = parseCwtUnverified(request, { maxSize: REQUEST_MAX });
  const key = toVerificationKey(confirmedKey(crypto, claims));
  const named = { ...key, kid: keyId(crypto, key) };
  verifyCwt(crypto, request, {
    typ: TYP.request,
    algorithms: [signatureAlgorithm(key.curve)],
    key: (kid) => {
      const signer = [named, ...(vouching === undefined ? [] : [vouching])].find(
        (known) => kid !== undefined && equal(known.kid, kid),
      );
      if (signer !== undefined) return signer;
      throw new VagusError(
        "credential/request",
        "expected a request signed by its own key, came one by another",
      );
    },
    required: [CLAIM.cnf, CLAIM.cti],
    maxSize: REQUEST_MAX,
  });
  return named;
}

export interface SelfRevocation {
  /** The device's `sub`. */
  readonly device: string;
  /** Seconds since 1970, by the device's time. */
  readonly issued: number;
  /** Of the revocation list that it had. */
  readonly epoch: number;
}

export function signSelfRevocation(
  crypto: Crypto,
  key: PrivateKey<SigningCurve>,
  { device, issued, epoch }: SelfRevocation,
): Promise<Uint8Array> {
  const claims: Claims = new Map<number, CborValue>([
    [CLAIM.sub, device],
    [CLAIM.iat, issued],
    [CLAIM.cti, crypto.random(8)],
    [PRIVATE_CLAIM.epoch, epoch],
  ]);
  return signCwt(crypto, key, { typ: TYP.selfRevocation, kid: keyId(crypto, key), claims });
}

/** @throws VagusError `cwt/…`, `cose/…`, `cbor/…` */
export function verifySelfRevocation(
  crypto: Crypto,
  token: Uint8Array,
  key: VerificationKey,
): SelfRevocation {
  const { claims } = verifyCwt(crypto, token, {
    typ: TYP.selfRevocation,
    algorithms: [signatureAlgorithm(key.curve)],
    key,
    required: [CLAIM.sub, CLAIM.iat, CLAIM.cti, PRIVATE_CLAIM.epoch],
    maxSize: REQUEST_MAX,
  });
  return {
    device: asText(claims.get(CLAIM.sub), "cwt/claim", "sub"),
    issued: asUint(claims.get(CLAIM.iat), "cwt/claim", "iat"),
    epoch: asUint(claims.get(PRIVATE_CLAIM.epoch), "cwt/claim", "epoch"),
  };
}
