/**
 * The cryptography that the firmware and the host need, as a port. Two implementations stand behind it:
 * `native` (C over PSA Crypto and libsodium, for XS) and `portable` (noble, for hosts and browsers).
 *
 * Operations on private keys return promises, since a browser's CryptoKeys are asynchronous; the rest is
 * synchronous. A `PrivateKey` is a handle: its bytes never reach JavaScript in the native implementation.
 */

/** Signing curves, and what a key on them is for. P-256 signs (ES256) or agrees (ECDH), never both. */
export type SigningCurve = "Ed25519" | "P-256";
export type AgreementCurve = "X25519" | "P-256-ECDH";
export type Curve = SigningCurve | AgreementCurve;

/** COSE's names of the signature algorithms (RFC 9053 section 2): Ed25519 signs EdDSA, P-256 signs ES256. */
export type SignatureAlgorithm = "EdDSA" | "ES256";

/** A private key that JavaScript can use but not read. */
export interface PrivateKey<C extends Curve = Curve> {
  readonly curve: C;
  /** 32 bytes on Ed25519 and X25519; on P-256 the 65 bytes of the uncompressed point (04 || x || y). */
  readonly publicKey: Uint8Array;
  /** Forgets the key; any further use throws `crypto/closed`. Closing twice does nothing. */
  close(): void;
}

/** Every method refuses what is not a `Uint8Array` where one belongs: `crypto/type`. */
export interface Crypto {
  readonly name: "native" | "portable";

  /** `length` bytes from the platform's cryptographic generator, 0 to 1024 of them. */
  random(length: number): Uint8Array;

  /** SHA-256 (FIPS 180-4): 32 bytes. */
  sha256(message: Uint8Array): Uint8Array;
  /** HMAC-SHA-256 (RFC 2104): 32 bytes. */
  hmacSha256(key: Uint8Array, message: Uint8Array): Uint8Array;
  /** HKDF-Extract with SHA-256 (RFC 5869 section 2.2): 32 bytes. An empty salt is 32 zero bytes. */
  hkdfExtract(salt: Uint8Array, ikm: Uint8Array): Uint8Array;
  /** HKDF-Expand with SHA-256 (RFC 5869 section 2.3). @throws `crypto/bad-length` beyond 8160 bytes, and for a `prk` below 32. */
  hkdfExpand(prk: Uint8Array, info: Uint8Array, length: number): Uint8Array;

  /**
   * AES-CCM (NIST SP 800-38C, RFC 3610). Key 16 bytes (24 and 32 too), nonce 7 to 13, tag 4, 6, … 16.
   * @returns ciphertext || tag.
   * @throws `crypto/bad-length` where a length is not allowed, and where the plaintext is too long for the nonce.
   */
  aesCcmSeal(
    key: Uint8Array,
    nonce: Uint8Array,
    aad: Uint8Array,
    plaintext: Uint8Array,
    tagLength: number,
  ): Uint8Array;
  /**
   * The other way. @throws `crypto/bad-tag` and returns no byte of plaintext when the tag is not right, or the
   * ciphertext is of a length that nobody can have sealed under this nonce.
   */
  aesCcmOpen(
    key: Uint8Array,
    nonce: Uint8Array,
    aad: Uint8Array,
    ciphertext: Uint8Array,
    tagLength: number,
  ): Uint8Array;

  /**
   * Does `signature` (64 bytes: R || S, or r || s) hold for `message` under `publicKey`? ES256 hashes with
   * SHA-256 and accepts high s (RFC 9053 does not ask for low s); EdDSA follows RFC 8032 strictly: canonical S and
   * key, neither key nor R of small order, the equation without the cofactor. False for anything that is not a
   * signature; a malformed key is false too.
   */
  verify(
    algorithm: SignatureAlgorithm,
    publicKey: Uint8Array,
    message: Uint8Array,
    signature: Uint8Array,
  ): boolean;

  /** A fresh key pair. */
  generate<C extends Curve>(curve: C): Promise<PrivateKey<C>>;
  /**
   * A key from its private bytes (32: the seed of Ed25519, the scalar of the others): for hosts, tests and vectors.
   * @throws `crypto/bad-key` where the length or the range is wrong.
   */
  importKey<C extends Curve>(curve: C, privateBytes: Uint8Array): Promise<PrivateKey<C>>;
  /** Ed25519: R || S over the message; P-256: r || s over its SHA-256, deterministic (RFC 6979). 64 bytes. */
  sign(key: PrivateKey<SigningCurve>, message: Uint8Array): Promise<Uint8Array>;
  /**
   * Diffie-Hellman: 32 bytes, the u coordinate (X25519) or x (P-256; the peer's key uncompressed, 65 bytes).
   * @throws `crypto/bad-point` for a point off the curve, at infinity, or an all-zero X25519 result (RFC 7748 section 6.1).
   */
  agree(key: PrivateKey<AgreementCurve>, peerPublicKey: Uint8Array): Promise<Uint8Array>;

  /**
   * The key wrapped under the device secret (AES-CCM, a fresh random nonce stored in front): an opaque blob to be
   * kept in flash. @throws `crypto/unsupported` where this instance was given no device secret.
   */
  seal(key: PrivateKey): Uint8Array;
  /** The other way. @throws `crypto/bad-tag` for a blob that another device, or nobody, sealed. */
  unseal<C extends Curve>(curve: C, blob: Uint8Array): Promise<PrivateKey<C>>;

  /**
   * The uncompressed P-256 point (65 bytes) of a compressed one (33 bytes, SEC 1 section 2.3.4), or of an x alone
   * (32 bytes: the even y; RFC 9528 section 3.7 sends only x). @throws `crypto/bad-point` for an x that is on no point.
   */
  decompressP256(point: Uint8Array): Uint8Array;
  /** Is this uncompressed point (65 bytes) on the curve, and not at infinity? */
  isOnP256(point: Uint8Array): boolean;
}
