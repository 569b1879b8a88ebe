/*
 * Vagus's cryptography in C: no JavaScript engine here, no allocation but PSA's own. Every function gets lengths with its
 * pointers, reads nothing beyond them, and returns a status; outputs are defined only with VAGUS_OK.
 */
#ifndef VAGUS_CRYPTO_H
#define VAGUS_CRYPTO_H

#include <stddef.h>
#include <stdint.h>

/* The numbers of modules/error/codes.ts. */
enum vagus_status {
  VAGUS_OK = 0,
  VAGUS_BAD_KEY = 200,
  VAGUS_BAD_POINT = 201,
  VAGUS_BAD_LENGTH = 202,
  VAGUS_BAD_TAG = 203,
  VAGUS_CLOSED = 204,
  VAGUS_UNSUPPORTED = 205,
  VAGUS_FAILED = 206,
  VAGUS_TYPE = 207,
};

/* In the order of native/key.ts. */
enum vagus_curve { VAGUS_ED25519, VAGUS_P256, VAGUS_X25519, VAGUS_P256_ECDH, VAGUS_CURVES };

struct vagus_bytes {
  const uint8_t *data;
  size_t length;
};

#define VAGUS_HASH 32
#define VAGUS_SIGNATURE 64
#define VAGUS_SHARED 32
#define VAGUS_POINT 65
#define VAGUS_CCM_TAG 16
#define VAGUS_SEAL_NONCE 13
#define VAGUS_SEALED (VAGUS_SEAL_NONCE + 32 + VAGUS_CCM_TAG)
#define VAGUS_DEVICE_SECRET 16

/* Once before anything else; again does nothing. */
int vagus_crypto_init(void);
int vagus_random(uint8_t *out, size_t length);

int vagus_sha256(struct vagus_bytes message, uint8_t out[VAGUS_HASH]);
int vagus_hmac_sha256(struct vagus_bytes key, struct vagus_bytes message, uint8_t out[VAGUS_HASH]);
/* RFC 5869 section 2.3. VAGUS_BAD_LENGTH beyond 255 blocks. */
int vagus_hkdf_expand(struct vagus_bytes prk, struct vagus_bytes info, uint8_t *out, size_t length);

struct vagus_ccm {
  struct vagus_bytes key, nonce, aad;
  size_t tag_length;
};
/*
 * SP 800-38C. `out` has room for text.length + tag_length bytes, and for text.length - tag_length; it does not overlap
 * what is read. VAGUS_BAD_TAG leaves no plaintext in it.
 */
int vagus_ccm_seal(const struct vagus_ccm *ccm, struct vagus_bytes text, uint8_t *out);
int vagus_ccm_open(const struct vagus_ccm *ccm, struct vagus_bytes text, uint8_t *out);

/* A private key and its public one: 32 bytes, or 65 on P-256. `secret` is seed || public on Ed25519, else a scalar. */
struct vagus_key {
  enum vagus_curve curve;
  uint8_t public_key[VAGUS_POINT];
  uint8_t secret[64];
};
size_t vagus_public_length(enum vagus_curve curve);
int vagus_key_generate(struct vagus_key *key, enum vagus_curve curve);
int vagus_key_import(struct vagus_key *key, enum vagus_curve curve, struct vagus_bytes secret);
int vagus_key_sign(const struct vagus_key *key, struct vagus_bytes message, uint8_t out[VAGUS_SIGNATURE]);
int vagus_key_agree(const struct vagus_key *key, struct vagus_bytes peer, uint8_t out[VAGUS_SHARED]);
/* nonce || AES-CCM(device secret, nonce, curve's name, 32 private bytes), as portable/sealing.ts draws it. */
int vagus_key_seal(const struct vagus_key *key, uint8_t out[VAGUS_SEALED]);
int vagus_key_unseal(struct vagus_key *key, enum vagus_curve curve, struct vagus_bytes blob);
void vagus_key_wipe(struct vagus_key *key);

/* VAGUS_OK where the signature holds, VAGUS_BAD_TAG where it does not. */
int vagus_verify(enum vagus_curve curve, struct vagus_bytes key, struct vagus_bytes message,
                 struct vagus_bytes signature);
int vagus_p256_on_curve(struct vagus_bytes point);

/* Of libsodium, for the other files. */
void vagus_ed25519_from_seed(const uint8_t seed[32], uint8_t public_key[32], uint8_t secret[64]);
int vagus_ed25519_sign(const uint8_t secret[64], struct vagus_bytes message, uint8_t out[VAGUS_SIGNATURE]);
int vagus_ed25519_verify(struct vagus_bytes key, struct vagus_bytes message, struct vagus_bytes signature);
int vagus_x25519_public(const uint8_t scalar[32], uint8_t out[32]);
int vagus_x25519_agree(const uint8_t scalar[32], struct vagus_bytes peer, uint8_t out[VAGUS_SHARED]);
int vagus_sodium_init(void);
void vagus_wipe(void *data, size_t length);
/* In time that depends on the length alone. */
int vagus_equal(const uint8_t *a, const uint8_t *b, size_t length);

/* Of PSA, for vagus_key.c. */
int vagus_p256_generate(uint8_t scalar[32], uint8_t public_key[VAGUS_POINT]);
int vagus_p256_import(const uint8_t scalar[32], uint8_t public_key[VAGUS_POINT]);
int vagus_p256_sign(const uint8_t scalar[32], struct vagus_bytes message, uint8_t out[VAGUS_SIGNATURE]);
int vagus_p256_verify(struct vagus_bytes key, struct vagus_bytes message, struct vagus_bytes signature);
int vagus_p256_agree(const uint8_t scalar[32], struct vagus_bytes peer, uint8_t out[VAGUS_SHARED]);

/*
 * The platform's: the 16 bytes that wrap this device's keys at rest, the same after every start.
 * VAGUS_UNSUPPORTED where it keeps none.
 */
int vagus_device_secret(uint8_t out[VAGUS_DEVICE_SECRET]);

#endif
