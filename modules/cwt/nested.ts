/** Nested CWTs (RFC 8392 section 7.1 step 5, example A.6): a signed token inside a COSE_Encrypt0. */
import { type Decrypt0Options, decrypt0, type Encrypt0Content, encrypt0 } from "../cose/encrypt0.js";
import type { Crypto } from "../crypto/port.js";
import { type Cwt, type VerifyCwtOptions, verifyCwt } from "./cwt.js";

export interface NestedCwt extends Cwt {
  /** The signed token, which stands alone. */
  signed: Uint8Array;
  partialIv?: number;
}

/** Encrypts a token that `signCwt` made. */
export function encryptCwt(crypto: Crypto, content: Encrypt0Content, signed: Uint8Array): Uint8Array {
  return encrypt0(crypto, content, signed);
}

/** Decrypts, then verifies. @throws VagusError as `decrypt0` and `verifyCwt`. */
export function decryptCwt(
  crypto: Crypto,
  bytes: Uint8Array,
  outer: Decrypt0Options,
  inner: VerifyCwtOptions,
): NestedCwt {
  const { plaintext, partialIv } = decrypt0(crypto, outer, bytes);
  const cwt = { ...verifyCwt(crypto, plaintext, inner), signed: plaintext };
  return partialIv === undefined ? cwt : { ...cwt, partialIv };
}
