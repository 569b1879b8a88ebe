/* Keys of all four curves, and keys at rest. */
#include <string.h>

#include "vagus_crypto.h"

static const char *const names[VAGUS_CURVES] = {"Ed25519", "P-256", "X25519", "P-256-ECDH"};

size_t vagus_public_length(enum vagus_curve curve) {
  return curve == VAGUS_P256 || curve == VAGUS_P256_ECDH ? VAGUS_POINT : 32;
}

void vagus_key_wipe(struct vagus_key *key) {
  vagus_wipe(key, sizeof *key);
}

static int from_secret(struct vagus_key *key, enum vagus_curve curve, const uint8_t secret[32]) {
  key->curve = curve;
  memcpy(key->secret, secret, 32);
  switch (curve) {
    case VAGUS_ED25519:
      vagus_ed25519_from_seed(secret, key->public_key, key->secret);
      return VAGUS_OK;
    case VAGUS_X25519:
      return vagus_x25519_public(secret, key->public_key);
    case VAGUS_P256:
    case VAGUS_P256_ECDH:
      return vagus_p256_import(secret, key->public_key);
    default:
      return VAGUS_UNSUPPORTED;
  }
}

int vagus_key_import(struct vagus_key *key, enum vagus_curve curve, struct vagus_bytes secret) {
  if (secret.length != 32) return VAGUS_BAD_KEY;
  return from_secret(key, curve, secret.data);
}

int vagus_key_generate(struct vagus_key *key, enum vagus_curve curve) {
  if (curve == VAGUS_P256 || curve == VAGUS_P256_ECDH) {
    key->curve = curve;
    return vagus_p256_generate(key->secret, key->public_key);
  }
  uint8_t secret[32];
  int status = vagus_random(secret, sizeof secret);
  if (status == VAGUS_OK) status = from_secret(key, curve, secret);
  vagus_wipe(secret, sizeof secret);
  return status;
}

int vagus_key_sign(const struct vagus_key *key, struct vagus_bytes message, uint8_t out[VAGUS_SIGNATURE]) {
  if (key->curve == VAGUS_ED25519) return vagus_ed25519_sign(key->secret, message, out);
  if (key->curve == VAGUS_P256) return vagus_p256_sign(key->secret, message, out);
  return VAGUS_BAD_KEY;
}

int vagus_verify(enum vagus_curve curve, struct vagus_bytes key, struct vagus_bytes message,
                 struct vagus_bytes signature) {
  if (curve == VAGUS_ED25519) return vagus_ed25519_verify(key, message, signature);
  if (curve == VAGUS_P256) return vagus_p256_verify(key, message, signature);
  return VAGUS_UNSUPPORTED;
}

int vagus_key_agree(const struct vagus_key *key, struct vagus_bytes peer, uint8_t out[VAGUS_SHARED]) {
  if (key->curve == VAGUS_X25519) return vagus_x25519_agree(key->secret, peer, out);
  if (key->curve == VAGUS_P256_ECDH) return vagus_p256_agree(key->secret, peer, out);
  return VAGUS_BAD_KEY;
}

static struct vagus_ccm wrapping(const uint8_t *device_secret, const uint8_t *nonce, enum vagus_curve curve) {
  return (struct vagus_ccm){
      .key = {device_secret, VAGUS_DEVICE_SECRET},
      .nonce = {nonce, VAGUS_SEAL_NONCE},
      .aad = {(const uint8_t *)names[curve], strlen(names[curve])},
      .tag_length = VAGUS_CCM_TAG,
  };
}

int vagus_key_seal(const struct vagus_key *key, uint8_t out[VAGUS_SEALED]) {
  uint8_t device_secret[VAGUS_DEVICE_SECRET];
  int status = vagus_device_secret(device_secret);
  if (status == VAGUS_OK) status = vagus_random(out, VAGUS_SEAL_NONCE);
  if (status == VAGUS_OK) {
    struct vagus_ccm ccm = wrapping(device_secret, out, key->curve);
    status = vagus_ccm_seal(&ccm, (struct vagus_bytes){key->secret, 32}, out + VAGUS_SEAL_NONCE);
  }
  vagus_wipe(device_secret, sizeof device_secret);
  return status;
}

int vagus_key_unseal(struct vagus_key *key, enum vagus_curve curve, struct vagus_bytes blob) {
  uint8_t device_secret[VAGUS_DEVICE_SECRET];
  uint8_t secret[32];
  if ((unsigned)curve >= VAGUS_CURVES) return VAGUS_UNSUPPORTED;
  int status = vagus_device_secret(device_secret);
  if (status == VAGUS_OK && blob.length != VAGUS_SEALED) status = VAGUS_BAD_TAG;
  if (status == VAGUS_OK) {
    struct vagus_ccm ccm = wrapping(device_secret, blob.data, curve);
    struct vagus_bytes sealed = {blob.data + VAGUS_SEAL_NONCE, blob.length - VAGUS_SEAL_NONCE};
    status = vagus_ccm_open(&ccm, sealed, secret);
  }
  if (status == VAGUS_OK) status = from_secret(key, curve, secret);
  vagus_wipe(secret, sizeof secret);
  vagus_wipe(device_secret, sizeof device_secret);
  return status;
}
