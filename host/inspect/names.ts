/** Names of numbers, from IANA's registries of COSE, CWT and CBOR tags, and from the modules that give our own. */
import { PRIVATE_CLAIM as OF_CREDENTIALS } from "../../modules/credential/claims.js";
import { CLAIM } from "../../modules/cwt/claims.js";
import { TYP } from "../../modules/cwt/typ.js";
import { PRIVATE_CLAIM } from "../../modules/reading/claims.js";
import { PRIVATE_CLAIM as OF_EVIDENCE } from "../receipt/claims.js";

export type Names = ReadonlyMap<number | string, string>;

function names(table: Record<number, string>, ...ours: Record<string, number | string>[]): Names {
  const map = new Map<number | string, string>();
  for (const [number, name] of Object.entries(table)) map.set(Number(number), name);
  for (const own of ours) for (const [name, number] of Object.entries(own)) map.set(number, name);
  return map;
}

export const CLAIMS = names(
  {
    38: "ace_profile",
    39: "cnonce",
    40: "exi",
    256: "ueid",
    257: "sueids",
    258: "oemid",
    259: "hwmodel",
    260: "hwversion",
    262: "oemboot",
    263: "dbgstat",
    264: "location",
    265: "eat_profile",
    266: "submods",
    270: "swname",
    271: "swversion",
    272: "manifests",
    273: "measurements",
  },
  CLAIM,
  PRIVATE_CLAIM,
  OF_CREDENTIALS,
  OF_EVIDENCE,
);

/** RFC 8747 section 3.1, RFC 9679 section 5.6. */
export const CONFIRMATIONS = names({ 1: "COSE_Key", 2: "Encrypted_COSE_Key", 3: "kid", 5: "ckt" });

export const HEADERS = names({
  1: "alg",
  2: "crit",
  3: "content type",
  4: "kid",
  5: "IV",
  6: "Partial IV",
  7: "counter signature",
  9: "CounterSignature0",
  10: "kid context",
  11: "Countersignature version 2",
  12: "Countersignature0 version 2",
  13: "kcwt",
  14: "kccs",
  15: "CWT Claims",
  16: "typ",
  32: "x5bag",
  33: "x5chain",
  34: "x5t",
  35: "x5u",
  [-1]: "ephemeral key",
  [-2]: "static key",
  [-3]: "static key id",
  [-20]: "salt",
  [-21]: "PartyU identity",
  [-22]: "PartyU nonce",
  [-23]: "PartyU other",
  [-24]: "PartyV identity",
  [-25]: "PartyV nonce",
  [-26]: "PartyV other",
});

export const ALGORITHMS = names({
  1: "A128GCM",
  2: "A192GCM",
  3: "A256GCM",
  4: "HMAC 256/64",
  5: "HMAC 256/256",
  6: "HMAC 384/384",
  7: "HMAC 512/512",
  10: "AES-CCM-16-64-128",
  11: "AES-CCM-16-64-256",
  12: "AES-CCM-64-64-128",
  13: "AES-CCM-64-64-256",
  14: "AES-MAC 128/64",
  15: "AES-MAC 256/64",
  24: "ChaCha20/Poly1305",
  25: "AES-MAC 128/128",
  26: "AES-MAC 256/128",
  30: "AES-CCM-16-128-128",
  31: "AES-CCM-16-128-256",
  32: "AES-CCM-64-128-128",
  33: "AES-CCM-64-128-256",
  [-3]: "A128KW",
  [-4]: "A192KW",
  [-5]: "A256KW",
  [-6]: "direct",
  [-7]: "ES256",
  [-8]: "EdDSA",
  [-9]: "ESP256",
  [-10]: "direct+HKDF-SHA-256",
  [-11]: "direct+HKDF-SHA-512",
  [-12]: "direct+HKDF-AES-128",
  [-13]: "direct+HKDF-AES-256",
  [-14]: "SHA-1",
  [-15]: "SHA-256/64",
  [-16]: "SHA-256",
  [-19]: "Ed25519",
  [-25]: "ECDH-ES+HKDF-256",
  [-26]: "ECDH-ES+HKDF-512",
  [-27]: "ECDH-SS+HKDF-256",
  [-28]: "ECDH-SS+HKDF-512",
  [-29]: "ECDH-ES+A128KW",
  [-30]: "ECDH-ES+A192KW",
  [-31]: "ECDH-ES+A256KW",
  [-32]: "ECDH-SS+A128KW",
  [-33]: "ECDH-SS+A192KW",
  [-34]: "ECDH-SS+A256KW",
  [-35]: "ES384",
  [-36]: "ES512",
  [-37]: "PS256",
  [-38]: "PS384",
  [-39]: "PS512",
  [-43]: "SHA-384",
  [-44]: "SHA-512",
  [-47]: "ES256K",
  [-257]: "RS256",
  [-258]: "RS384",
  [-259]: "RS512",
});

/** HMAC and AES-MAC: what tells a COSE_Mac0 from a COSE_Sign1 where no tag does. */
export const MAC_ALGORITHMS: readonly number[] = [4, 5, 6, 7, 14, 15, 25, 26];

export const KEY_TYPES = names({
  1: "OKP",
  2: "EC2",
  3: "RSA",
  4: "Symmetric",
  5: "HSS-LMS",
  6: "WalnutDSA",
});
export const CURVES = names({
  1: "P-256",
  2: "P-384",
  3: "P-521",
  4: "X25519",
  5: "X448",
  6: "Ed25519",
  7: "Ed448",
  8: "secp256k1",
});
export const KEY_OPERATIONS = names({
  1: "sign",
  2: "verify",
  3: "encrypt",
  4: "decrypt",
  5: "wrap key",
  6: "unwrap key",
  7: "derive key",
  8: "derive bits",
  9: "MAC create",
  10: "MAC verify",
});

const KEY_COMMON = { 1: "kty", 2: "kid", 3: "alg", 4: "key_ops", 5: "Base IV" };
/** Parameters of a COSE_Key by its kty. */
export function keyParameters(kty: number | undefined): Names {
  if (kty === 1) return names({ ...KEY_COMMON, [-1]: "crv", [-2]: "x", [-4]: "d" });
  if (kty === 2) return names({ ...KEY_COMMON, [-1]: "crv", [-2]: "x", [-3]: "y", [-4]: "d" });
  if (kty === 3) return names({ ...KEY_COMMON, [-1]: "n", [-2]: "e", [-3]: "d" });
  return names(kty === 4 ? { ...KEY_COMMON, [-1]: "k" } : KEY_COMMON);
}

export const TYPES = names({ 61: "application/cwt" }, TYP);

export const TAGS = names({
  0: "date and time",
  1: "epoch time",
  2: "bignum",
  3: "negative bignum",
  16: "COSE_Encrypt0",
  17: "COSE_Mac0",
  18: "COSE_Sign1",
  24: "encoded CBOR",
  32: "URI",
  37: "UUID",
  61: "CWT",
  96: "COSE_Encrypt",
  97: "COSE_Mac",
  98: "COSE_Sign",
  55799: "self-described CBOR",
});
