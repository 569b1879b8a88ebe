/* Ed25519 (RFC 8032) and X25519 (RFC 7748) over libsodium, which PSA Crypto has not. */
#include <sodium.h>

#include "vagus_crypto.h"

int vagus_sodium_init(void) {
  return sodium_init() < 0 ? VAGUS_FAILED : VAGUS_OK;
}

void vagus_wipe(void *data, size_t length) {
  sodium_memzero(data, length);
}

int vagus_equal(const uint8_t *a, const uint8_t *b, size_t length) {
  return sodium_memcmp(a, b, length) == 0;
}

void vagus_ed25519_from_seed(const uint8_t seed[32], uint8_t public_key[32], uint8_t secret[64]) {
  crypto_sign_seed_keypair(public_key, secret, seed);
}

int vagus_ed25519_sign(const uint8_t secret[64], struct vagus_bytes message, uint8_t out[VAGUS_SIGNATURE]) {
  return crypto_sign_detached(out, NULL, message.data, message.length, secret) == 0 ? VAGUS_OK : VAGUS_FAILED;
}

/*
 * Up to 1.0.20 libsodium checks [S]B = R + [k]A itself; later ones check it times the cofactor. There R and A have to lie in
 * the subgroup of prime order besides, where both say the same.
 */
#define COFACTORLESS (SODIUM_LIBRARY_VERSION_MAJOR * 100 + SODIUM_LIBRARY_VERSION_MINOR <= 2602)

int vagus_ed25519_verify(struct vagus_bytes key, struct vagus_bytes message, struct vagus_bytes signature) {
  if (key.length != 32 || signature.length != VAGUS_SIGNATURE) return VAGUS_BAD_TAG;
  if (crypto_sign_verify_detached(signature.data, message.data, message.length, key.data) != 0) return VAGUS_BAD_TAG;
  if (COFACTORLESS) return VAGUS_OK;
  if (!crypto_core_ed25519_is_valid_point(signature.data)) return VAGUS_BAD_TAG;
  return crypto_core_ed25519_is_valid_point(key.data) ? VAGUS_OK : VAGUS_BAD_TAG;
}

int vagus_x25519_public(const uint8_t scalar[32], uint8_t out[32]) {
  return crypto_scalarmult_base(out, scalar) == 0 ? VAGUS_OK : VAGUS_FAILED;
}

/* crypto_scalarmult fails where the result is all zero (RFC 7748 section 6.1). */
int vagus_x25519_agree(const uint8_t scalar[32], struct vagus_bytes peer, uint8_t out[VAGUS_SHARED]) {
  if (peer.length != 32) return VAGUS_BAD_POINT;
  return crypto_scalarmult(out, scalar, peer.data) == 0 ? VAGUS_OK : VAGUS_BAD_POINT;
}
