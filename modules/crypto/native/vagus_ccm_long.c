/*
 * AES-CCM (SP 800-38C) for additional data that PSA's AEAD does not take, over AES's block function alone.
 *
 *   B_0    flags || nonce || length     flags: 64 + 8 (t - 2) / 2 + (q - 1); t tag bytes, q = 15 - nonce's length
 *   B_1 …  ff fe || aad's length, 4 bytes || aad || 0 …
 *          plaintext || 0 …             the CBC-MAC of all of it is T
 *   Ctr_i  q - 1 || nonce || i          S_i = AES(Ctr_i); ciphertext = plaintext ^ S_1 S_2 …, tag = t bytes of T ^ S_0
 */
#include <string.h>

#include "vagus_psa.h"

#define BLOCK 16
#define ECB PSA_ALG_ECB_NO_PADDING

struct run {
  psa_key_id_t key;
  psa_cipher_operation_t aes;
  psa_status_t status;
  size_t used; /* bytes of `mac` that wait for the rest of their block */
  uint8_t mac[BLOCK], counter[BLOCK], stream[BLOCK], piece[BLOCK], input[BLOCK];
};

/* In place. After a failure it does nothing more, and `status` keeps the reason. */
static void encipher(struct run *run, uint8_t block[BLOCK]) {
  size_t written;
  if (run->status != PSA_SUCCESS) return;
  memcpy(run->input, block, BLOCK);
  run->status = psa_cipher_update(&run->aes, run->input, BLOCK, block, BLOCK, &written);
  if (run->status == PSA_SUCCESS && written != BLOCK) run->status = PSA_ERROR_GENERIC_ERROR;
}

static void write_number(uint8_t *out, size_t size, size_t value) {
  for (; size > 0; value >>= 8) out[--size] = (uint8_t)value;
}

static void absorb(struct run *run, const uint8_t *data, size_t length) {
  for (size_t i = 0; i < length && run->status == PSA_SUCCESS; i++) {
    run->mac[run->used++] ^= data[i];
    if (run->used < BLOCK) continue;
    encipher(run, run->mac);
    run->used = 0;
  }
}

static void pad_with_zeros(struct run *run) {
  if (run->used > 0) encipher(run, run->mac);
  run->used = 0;
}

/* Ctr_0 (appendix A.3). */
static void start_counter(struct run *run, struct vagus_bytes nonce) {
  memset(run->counter, 0, BLOCK);
  run->counter[0] = (uint8_t)(14 - nonce.length);
  memcpy(run->counter + 1, nonce.data, nonce.length);
}

/* Makes T what is sent of it, and leaves the counter at 0. */
static void mask_tag(struct run *run, struct vagus_bytes nonce) {
  start_counter(run, nonce);
  memcpy(run->stream, run->counter, BLOCK);
  encipher(run, run->stream);
  for (size_t i = 0; i < BLOCK; i++) run->mac[i] ^= run->stream[i];
}

static size_t block_at(size_t done, size_t length) {
  return length - done < BLOCK ? length - done : BLOCK;
}

/* One block, or what is left of it, under the next S_i. The counter has room: the caller checked the length against q. */
static void crypt_block(struct run *run, const uint8_t *in, size_t length, uint8_t *out) {
  for (size_t i = BLOCK - 1; ++run->counter[i] == 0; i--) continue;
  memcpy(run->stream, run->counter, BLOCK);
  encipher(run, run->stream);
  for (size_t i = 0; i < length && run->status == PSA_SUCCESS; i++) out[i] = in[i] ^ run->stream[i];
}

static void crypt(struct run *run, struct vagus_bytes in, uint8_t *out) {
  for (size_t done = 0; done < in.length && run->status == PSA_SUCCESS; done += BLOCK)
    crypt_block(run, in.data + done, block_at(done, in.length), out + done);
}

/* B_0 and the additional data (appendices A.2.1 and A.2.2). */
static void begin(struct run *run, const struct vagus_ccm *ccm, size_t plaintext) {
  const struct vagus_psa_key kind = {PSA_KEY_TYPE_AES, PSA_KEY_USAGE_ENCRYPT, ECB};
  size_t q = 15 - ccm->nonce.length;
  uint8_t prefix[6] = {0xff, 0xfe};
  *run = (struct run){.aes = PSA_CIPHER_OPERATION_INIT};
  run->status = vagus_psa_import(kind, ccm->key, &run->key);
  if (run->status == PSA_SUCCESS) run->status = psa_cipher_encrypt_setup(&run->aes, run->key, ECB);
  run->mac[0] = (uint8_t)(64 + 8 * (ccm->tag_length - 2) / 2 + (q - 1));
  memcpy(run->mac + 1, ccm->nonce.data, ccm->nonce.length);
  write_number(run->mac + BLOCK - q, q, plaintext);
  encipher(run, run->mac);
  write_number(prefix + 2, 4, ccm->aad.length);
  absorb(run, prefix, sizeof prefix);
  absorb(run, ccm->aad.data, ccm->aad.length);
  pad_with_zeros(run);
}

static int end(struct run *run) {
  int status = run->status == PSA_SUCCESS                   ? VAGUS_OK
               : run->status == PSA_ERROR_INVALID_SIGNATURE ? VAGUS_BAD_TAG
                                                            : VAGUS_FAILED;
  psa_cipher_abort(&run->aes);
  psa_destroy_key(run->key);
  vagus_wipe(run, sizeof *run);
  return status;
}

/* SP 800-38C section 6.1. */
int vagus_ccm_long_seal(const struct vagus_ccm *ccm, struct vagus_bytes text, uint8_t *out) {
  struct run run;
  begin(&run, ccm, text.length);
  absorb(&run, text.data, text.length);
  pad_with_zeros(&run);
  mask_tag(&run, ccm->nonce);
  crypt(&run, text, out);
  if (run.status == PSA_SUCCESS) memcpy(out + text.length, run.mac, ccm->tag_length);
  return end(&run);
}

/* SP 800-38C section 6.2, in two passes: the second writes the plaintext, once the tag holds. */
int vagus_ccm_long_open(const struct vagus_ccm *ccm, struct vagus_bytes text, uint8_t *out) {
  struct run run;
  struct vagus_bytes ciphertext = {text.data, text.length - ccm->tag_length};
  begin(&run, ccm, ciphertext.length);
  start_counter(&run, ccm->nonce);
  for (size_t done = 0; done < ciphertext.length && run.status == PSA_SUCCESS; done += BLOCK) {
    size_t length = block_at(done, ciphertext.length);
    crypt_block(&run, ciphertext.data + done, length, run.piece);
    absorb(&run, run.piece, length);
  }
  pad_with_zeros(&run);
  mask_tag(&run, ccm->nonce);
  if (run.status == PSA_SUCCESS && !vagus_equal(run.mac, text.data + ciphertext.length, ccm->tag_length))
    run.status = PSA_ERROR_INVALID_SIGNATURE;
  crypt(&run, ciphertext, out);
  return end(&run);
}
