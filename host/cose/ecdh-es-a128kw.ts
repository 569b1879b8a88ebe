/** A COSE_recipient by ECDH-ES + A128KW (RFC 9053 section 6.4): a content key wrapped for the holder of a key. Host only. */
import { aeskw } from "@noble/ciphers/aes.js";
import { type CborValue, encode } from "../../modules/cbor/index.js";
import { asArray, asBytes } from "../../modules/cbor/shape.js";
import { ALGORITHM, allowedAlgorithm } from "../../modules/cose/algorithms.js";
import {
  encodeProtected,
  HEADER,
  type HeaderMap,
  type Label,
  readHeaders,
} from "../../modules/cose/headers.js";
import { fromCoseKey, type KeyCurve, type PublicKey, toCoseKey } from "../../modules/cose/key.js";
import type { AgreementCurve, Crypto, PrivateKey } from "../../modules/crypto/port.js";
import { VagusError } from "../../modules/error/index.js";

/** Header parameter of the sender's ephemeral key (RFC 9053 section 6.3.1). */
const EPHEMERAL_KEY = -1;
const KEK_LENGTH = 16;

/** @throws VagusError `cose/key` for a key that is not for agreement, `crypto/bad-point`. */
export async function wrapKey(
  crypto: Crypto,
  recipient: PublicKey,
  contentKey: Uint8Array,
): Promise<CborValue> {
  const ephemeral = await crypto.generate(agreementCurve(recipient.curve));
  const protectedBytes = encodeProtected(new Map([[HEADER.alg, ALGORITHM["ECDH-ES+A128KW"]]]));
  const secret = await crypto.agree(ephemeral, recipient.publicKey);
  const own = toCoseKey({ curve: recipient.curve, publicKey: ephemeral.publicKey });
  ephemeral.close();
  const unprotected: HeaderMap = new Map<Label, CborValue>([
    [EPHEMERAL_KEY, own as Map<CborValue, CborValue>],
  ]);
  if (recipient.kid !== undefined) unprotected.set(HEADER.kid, recipient.kid);
  const wrapped = aeskw(keyEncryptionKey(crypto, secret, protectedBytes)).encrypt(contentKey);
  return [protectedBytes, unprotected as Map<CborValue, CborValue>, wrapped];
}

// COSE_recipient = [ protected: bstr { 1: -29 }, unprotected: { -1: COSE_Key, ? 4: kid }, ciphertext: bstr ]
/**
 * The content key in a recipient structure.
 * @throws VagusError `cose/decrypt` where it was wrapped for another key; `cose/key`, `cose/algorithm`, `cose/…`
 */
export async function unwrapKey(
  crypto: Crypto,
  recipient: CborValue,
  key: PrivateKey<AgreementCurve>,
): Promise<Uint8Array> {
  const parts = asArray(recipient, "cose/malformed", "COSE_recipient", 3);
  const wrapped = asBytes(parts[2], "cose/malformed", "ciphertext");
  const { headers, authenticated } = readHeaders(parts[0], parts[1], {});
  allowedAlgorithm(headers.protected, [ALGORITHM["ECDH-ES+A128KW"]]);
  const ephemeral = fromCoseKey(crypto, headers.unprotected.get(EPHEMERAL_KEY));
  if (agreementCurve(ephemeral.curve) !== key.curve) {
    throw new VagusError("cose/key", `expected an ephemeral key for ${key.curve}, came ${ephemeral.curve}`);
  }
  const secret = await crypto.agree(key, ephemeral.publicKey);
  try {
    return aeskw(keyEncryptionKey(crypto, secret, authenticated)).decrypt(wrapped);
  } catch {
    throw new VagusError("cose/decrypt", "the content key does not unwrap");
  }
}

// COSE_KDF_Context = [ -3 (A128KW), PartyU [nil, nil, nil], PartyV [nil, nil, nil], SuppPubInfo [128, protected] ]
/** HKDF-SHA-256 over the secret, without salt, with the context of RFC 9053 section 5.2: 16 bytes. */
function keyEncryptionKey(crypto: Crypto, secret: Uint8Array, protectedBytes: Uint8Array): Uint8Array {
  const party = [null, null, null];
  const context = encode([ALGORITHM.A128KW, party, party, [8 * KEK_LENGTH, protectedBytes]]);
  return crypto.hkdfExpand(crypto.hkdfExtract(new Uint8Array(0), secret), context, KEK_LENGTH);
}

function agreementCurve(curve: KeyCurve): AgreementCurve {
  if (curve === "Ed25519") throw new VagusError("cose/key", "expected a key for agreement, came Ed25519");
  return curve === "P-256" ? "P-256-ECDH" : curve;
}
