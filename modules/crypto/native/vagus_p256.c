/* P-256 over PSA Crypto: deterministic ECDSA with SHA-256 (RFC 6979) and ECDH. */
#include "vagus_psa.h"

#define PAIR PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1)
#define POINT PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_SECP_R1)
#define ECDSA PSA_ALG_ECDSA(PSA_ALG_SHA_256)
#define DETERMINISTIC PSA_ALG_DETERMINISTIC_ECDSA(PSA_ALG_SHA_256)

static int is_uncompressed(struct vagus_bytes point) {
  return point.length == VAGUS_POINT && point.data[0] == 4;
}

static psa_status_t import_scalar(const uint8_t scalar[32], psa_key_usage_t usage, psa_algorithm_t algorithm,
                                  psa_key_id_t *id) {
  struct vagus_psa_key kind = {PAIR, usage, algorithm};
  return vagus_psa_import(kind, (struct vagus_bytes){scalar, 32}, id);
}

int vagus_p256_generate(uint8_t scalar[32], uint8_t public_key[VAGUS_POINT]) {
  psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
  psa_key_id_t id;
  size_t written;
  psa_set_key_type(&attributes, PAIR);
  psa_set_key_bits(&attributes, 256);
  psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_EXPORT);
  if (psa_generate_key(&attributes, &id) != PSA_SUCCESS) return VAGUS_FAILED;
  psa_status_t status = psa_export_key(id, scalar, 32, &written);
  if (status == PSA_SUCCESS) status = psa_export_public_key(id, public_key, VAGUS_POINT, &written);
  psa_destroy_key(id);
  return status == PSA_SUCCESS ? VAGUS_OK : VAGUS_FAILED;
}

int vagus_p256_import(const uint8_t scalar[32], uint8_t public_key[VAGUS_POINT]) {
  psa_key_id_t id;
  size_t written;
  psa_status_t status = import_scalar(scalar, 0, PSA_ALG_NONE, &id);
  if (status == PSA_ERROR_INVALID_ARGUMENT) return VAGUS_BAD_KEY;
  if (status != PSA_SUCCESS) return VAGUS_FAILED;
  status = psa_export_public_key(id, public_key, VAGUS_POINT, &written);
  psa_destroy_key(id);
  return status == PSA_SUCCESS ? VAGUS_OK : VAGUS_FAILED;
}

int vagus_p256_sign(const uint8_t scalar[32], struct vagus_bytes message, uint8_t out[VAGUS_SIGNATURE]) {
  psa_key_id_t id;
  uint8_t hash[VAGUS_HASH];
  size_t written;
  if (vagus_sha256(message, hash) != VAGUS_OK) return VAGUS_FAILED;
  if (import_scalar(scalar, PSA_KEY_USAGE_SIGN_HASH, DETERMINISTIC, &id) != PSA_SUCCESS) return VAGUS_FAILED;
  psa_status_t status = psa_sign_hash(id, DETERMINISTIC, hash, sizeof hash, out, VAGUS_SIGNATURE, &written);
  psa_destroy_key(id);
  return status == PSA_SUCCESS ? VAGUS_OK : VAGUS_FAILED;
}

int vagus_p256_verify(struct vagus_bytes key, struct vagus_bytes message, struct vagus_bytes signature) {
  struct vagus_psa_key kind = {POINT, PSA_KEY_USAGE_VERIFY_HASH, ECDSA};
  psa_key_id_t id;
  uint8_t hash[VAGUS_HASH];
  if (!is_uncompressed(key) || signature.length != VAGUS_SIGNATURE) return VAGUS_BAD_TAG;
  if (vagus_sha256(message, hash) != VAGUS_OK) return VAGUS_FAILED;
  psa_status_t status = vagus_psa_import(kind, key, &id);
  if (status == PSA_ERROR_INVALID_ARGUMENT) return VAGUS_BAD_TAG;
  if (status != PSA_SUCCESS) return VAGUS_FAILED;
  status = psa_verify_hash(id, ECDSA, hash, sizeof hash, signature.data, signature.length);
  psa_destroy_key(id);
  if (status == PSA_ERROR_INSUFFICIENT_MEMORY) return VAGUS_FAILED;
  return status == PSA_SUCCESS ? VAGUS_OK : VAGUS_BAD_TAG;
}

int vagus_p256_agree(const uint8_t scalar[32], struct vagus_bytes peer, uint8_t out[VAGUS_SHARED]) {
  psa_key_id_t id;
  size_t written;
  if (!is_uncompressed(peer)) return VAGUS_BAD_POINT;
  if (import_scalar(scalar, PSA_KEY_USAGE_DERIVE, PSA_ALG_ECDH, &id) != PSA_SUCCESS) return VAGUS_FAILED;
  psa_status_t status =
      psa_raw_key_agreement(PSA_ALG_ECDH, id, peer.data, peer.length, out, VAGUS_SHARED, &written);
  psa_destroy_key(id);
  if (status == PSA_ERROR_INVALID_ARGUMENT) return VAGUS_BAD_POINT;
  return status == PSA_SUCCESS ? VAGUS_OK : VAGUS_FAILED;
}

int vagus_p256_on_curve(struct vagus_bytes point) {
  struct vagus_psa_key kind = {POINT, 0, PSA_ALG_NONE};
  psa_key_id_t id;
  if (!is_uncompressed(point)) return VAGUS_BAD_POINT;
  psa_status_t status = vagus_psa_import(kind, point, &id);
  if (status == PSA_ERROR_INVALID_ARGUMENT) return VAGUS_BAD_POINT;
  if (status != PSA_SUCCESS) return VAGUS_FAILED;
  psa_destroy_key(id);
  return VAGUS_OK;
}
