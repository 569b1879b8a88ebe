/** COSE (RFC 9052, RFC 9053) as Vagus uses it: keys, thumbprints (RFC 9679), COSE_Sign1, COSE_Encrypt0. */
export { type AeadAlgorithm, ALGORITHM, signatureAlgorithm, TAG_LENGTH } from "./algorithms.js";
export {
  type Decrypt0Options,
  type Decrypted,
  decodePartialIv,
  decrypt0,
  type Encrypt0Content,
  encodePartialIv,
  encrypt0,
  MAX_PARTIAL_IV,
  partialIvOf,
} from "./encrypt0.js";
export { COSE_TAG, HEADER, type HeaderMap, type Headers, header, kidOf, type Label } from "./headers.js";
export {
  type CoseKey,
  CRV,
  fromCoseKey,
  KEY,
  type KeyCurve,
  KTY,
  type PublicKey,
  toCoseKey,
  toVerificationKey,
} from "./key.js";
export {
  parseSign1Unverified,
  type Sign1,
  type Sign1Content,
  type Sign1Options,
  sign1,
  sigStructure,
  type VerificationKey,
  type VerifyOptions,
  verifySign1,
} from "./sign1.js";
export { KEY_ID_LENGTH, keyId, thumbprint } from "./thumbprint.js";
