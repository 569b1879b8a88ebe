/* Randomness, SHA-256, HMAC and HKDF over PSA Crypto. */
#include <string.h>

#include "vagus_psa.h"

#define HMAC PSA_ALG_HMAC(PSA_ALG_SHA_256)

int vagus_crypto_init(void) {
  if (psa_crypto_init() != PSA_SUCCESS) return VAGUS_FAILED;
  return vagus_sodium_init();
}

psa_status_t vagus_psa_import(struct vagus_psa_key kind, struct vagus_bytes bytes, psa_key_id_t *id) {
  psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
  psa_set_key_type(&attributes, kind.type);
  psa_set_key_usage_flags(&attributes, kind.usage);
  psa_set_key_algorithm(&attributes, kind.algorithm);
  return psa_import_key(&attributes, bytes.data, bytes.length, id);
}

int vagus_random(uint8_t *out, size_t length) {
  if (length == 0) return VAGUS_OK;
  return psa_generate_random(out, length) == PSA_SUCCESS ? VAGUS_OK : VAGUS_FAILED;
}

int vagus_sha256(struct vagus_bytes message, uint8_t out[VAGUS_HASH]) {
  size_t written;
  psa_status_t status =
      psa_hash_compute(PSA_ALG_SHA_256, message.data, message.length, out, VAGUS_HASH, &written);
  return status == PSA_SUCCESS ? VAGUS_OK : VAGUS_FAILED;
}

/*
 * RFC 2104 section 2: a key longer than the hash's block of 64 bytes is hashed first. PSA refuses the empty key, which
 * is padded with zeros like any other: one zero byte is the same key.
 */
static int import_hmac_key(struct vagus_bytes key, psa_key_id_t *id) {
  static const uint8_t zero[1];
  uint8_t hashed[VAGUS_HASH];
  if (key.length > 64) {
    if (vagus_sha256(key, hashed) != VAGUS_OK) return VAGUS_FAILED;
    key = (struct vagus_bytes){hashed, sizeof hashed};
  } else if (key.length == 0) {
    key = (struct vagus_bytes){zero, sizeof zero};
  }
  struct vagus_psa_key kind = {PSA_KEY_TYPE_HMAC, PSA_KEY_USAGE_SIGN_MESSAGE, HMAC};
  psa_status_t status = vagus_psa_import(kind, key, id);
  vagus_wipe(hashed, sizeof hashed);
  return status == PSA_SUCCESS ? VAGUS_OK : VAGUS_FAILED;
}

int vagus_hmac_sha256(struct vagus_bytes key, struct vagus_bytes message, uint8_t out[VAGUS_HASH]) {
  psa_key_id_t id;
  size_t written;
  if (import_hmac_key(key, &id) != VAGUS_OK) return VAGUS_FAILED;
  psa_status_t status = psa_mac_compute(id, HMAC, message.data, message.length, out, VAGUS_HASH, &written);
  psa_destroy_key(id);
  return status == PSA_SUCCESS ? VAGUS_OK : VAGUS_FAILED;
}

/* T(n) = HMAC(prk, T(n-1) || info || n), with T(0) empty. */
static psa_status_t expand_block(psa_key_id_t prk, size_t n, struct vagus_bytes info, uint8_t block[VAGUS_HASH]) {
  psa_mac_operation_t operation = PSA_MAC_OPERATION_INIT;
  uint8_t counter = (uint8_t)n;
  size_t written;
  psa_status_t status = psa_mac_sign_setup(&operation, prk, HMAC);
  if (status == PSA_SUCCESS && n > 1) status = psa_mac_update(&operation, block, VAGUS_HASH);
  if (status == PSA_SUCCESS && info.length > 0) status = psa_mac_update(&operation, info.data, info.length);
  if (status == PSA_SUCCESS) status = psa_mac_update(&operation, &counter, 1);
  if (status == PSA_SUCCESS) status = psa_mac_sign_finish(&operation, block, VAGUS_HASH, &written);
  if (status != PSA_SUCCESS) psa_mac_abort(&operation);
  return status;
}

int vagus_hkdf_expand(struct vagus_bytes prk, struct vagus_bytes info, uint8_t *out, size_t length) {
  psa_key_id_t id;
  uint8_t block[VAGUS_HASH];
  psa_status_t status = PSA_SUCCESS;
  if (length > 255 * VAGUS_HASH) return VAGUS_BAD_LENGTH;
  if (import_hmac_key(prk, &id) != VAGUS_OK) return VAGUS_FAILED;
  for (size_t done = 0, n = 1; done < length && status == PSA_SUCCESS; done += VAGUS_HASH, n++) {
    size_t left = length - done;
    status = expand_block(id, n, info, block);
    if (status == PSA_SUCCESS) memcpy(out + done, block, left < VAGUS_HASH ? left : VAGUS_HASH);
  }
  psa_destroy_key(id);
  vagus_wipe(block, sizeof block);
  return status == PSA_SUCCESS ? VAGUS_OK : VAGUS_FAILED;
}
