/* AES-CCM (SP 800-38C) over PSA Crypto. */
#include <stdbool.h>

#include "vagus_psa.h"

/* PSA's CCM writes only the two-byte form of the length of the additional data (SP 800-38C appendix A.2.2). */
#define LONGEST_PSA_AAD 0xfeff

static bool lengths_allowed(const struct vagus_ccm *ccm, size_t plaintext) {
  size_t key = ccm->key.length, nonce = ccm->nonce.length, tag = ccm->tag_length;
  if (key != 16 && key != 24 && key != 32) return false;
  if (nonce < 7 || nonce > 13) return false;
  if ((uint64_t)ccm->aad.length >> 32 != 0) return false;
  if (tag < 4 || tag > 16 || tag % 2 != 0) return false;
  /* The plaintext's length is written in the 15 - nonce bytes of B_0 that are left. */
  return 15 - nonce >= sizeof plaintext || plaintext >> 8 * (15 - nonce) == 0;
}

static psa_algorithm_t algorithm(const struct vagus_ccm *ccm) {
  return PSA_ALG_AEAD_WITH_SHORTENED_TAG(PSA_ALG_CCM, ccm->tag_length);
}

static int import(const struct vagus_ccm *ccm, psa_key_usage_t usage, psa_key_id_t *id) {
  struct vagus_psa_key kind = {PSA_KEY_TYPE_AES, usage, algorithm(ccm)};
  return vagus_psa_import(kind, ccm->key, id) == PSA_SUCCESS ? VAGUS_OK : VAGUS_FAILED;
}

int vagus_ccm_seal(const struct vagus_ccm *ccm, struct vagus_bytes text, uint8_t *out) {
  psa_key_id_t id;
  size_t written;
  if (!lengths_allowed(ccm, text.length)) return VAGUS_BAD_LENGTH;
  if (ccm->aad.length > LONGEST_PSA_AAD) return vagus_ccm_long_seal(ccm, text, out);
  int imported = import(ccm, PSA_KEY_USAGE_ENCRYPT, &id);
  if (imported != VAGUS_OK) return imported;
  psa_status_t status =
      psa_aead_encrypt(id, algorithm(ccm), ccm->nonce.data, ccm->nonce.length, ccm->aad.data, ccm->aad.length,
                       text.data, text.length, out, text.length + ccm->tag_length, &written);
  psa_destroy_key(id);
  return status == PSA_SUCCESS ? VAGUS_OK : VAGUS_FAILED;
}

int vagus_ccm_open(const struct vagus_ccm *ccm, struct vagus_bytes text, uint8_t *out) {
  psa_key_id_t id;
  size_t written;
  if (!lengths_allowed(ccm, 0)) return VAGUS_BAD_LENGTH;
  if (text.length < ccm->tag_length || !lengths_allowed(ccm, text.length - ccm->tag_length)) return VAGUS_BAD_TAG;
  if (ccm->aad.length > LONGEST_PSA_AAD) return vagus_ccm_long_open(ccm, text, out);
  int imported = import(ccm, PSA_KEY_USAGE_DECRYPT, &id);
  if (imported != VAGUS_OK) return imported;
  psa_status_t status =
      psa_aead_decrypt(id, algorithm(ccm), ccm->nonce.data, ccm->nonce.length, ccm->aad.data, ccm->aad.length,
                       text.data, text.length, out, text.length - ccm->tag_length, &written);
  psa_destroy_key(id);
  if (status == PSA_ERROR_INVALID_SIGNATURE) return VAGUS_BAD_TAG;
  return status == PSA_SUCCESS ? VAGUS_OK : VAGUS_FAILED;
}
