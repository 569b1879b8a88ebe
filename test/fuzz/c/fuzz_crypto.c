/*
 * libFuzzer over the C of modules/crypto/native. The first byte chooses the function, the next ones the lengths of its
 * arguments; every argument stands in a heap block of exactly its length, so that the sanitizer sees a byte too many.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vagus_crypto.h"

int vagus_device_secret(uint8_t out[VAGUS_DEVICE_SECRET]) {
  memset(out, 7, VAGUS_DEVICE_SECRET);
  return VAGUS_OK;
}

struct input {
  const uint8_t *data;
  size_t left;
};

static uint8_t byte(struct input *in) {
  if (in->left == 0) return 0;
  in->left--;
  return *in->data++;
}

/* A copy of up to `most` bytes. */
static struct vagus_bytes take(struct input *in, size_t most) {
  size_t length = byte(in);
  if (length > most) length = most;
  if (length > in->left) length = in->left;
  uint8_t *copy = malloc(length);
  if (length > 0) memcpy(copy, in->data, length);
  in->data += length;
  in->left -= length;
  return (struct vagus_bytes){copy, length};
}

static void drop(struct vagus_bytes bytes) {
  free((void *)bytes.data);
}

static void check(int holds, const char *what) {
  if (holds) return;
  fprintf(stderr, "broken: %s\n", what);
  abort();
}

/* Any lengths: a status; and where sealing works, opening gives the plaintext back and one bit less does not. */
static void ccm(struct input *in) {
  struct vagus_ccm ccm = {take(in, 40), take(in, 20), take(in, 255), byte(in) % 20};
  struct vagus_bytes text = take(in, 255);
  uint8_t *sealed = malloc(text.length + ccm.tag_length);
  if (vagus_ccm_seal(&ccm, text, sealed) == VAGUS_OK) {
    uint8_t *opened = malloc(text.length);
    struct vagus_bytes whole = {sealed, text.length + ccm.tag_length};
    check(vagus_ccm_open(&ccm, whole, opened) == VAGUS_OK, "what was sealed opens");
    check(text.length == 0 || memcmp(opened, text.data, text.length) == 0, "to the plaintext");
    sealed[byte(in) % whole.length] ^= 1;
    check(vagus_ccm_open(&ccm, whole, opened) == VAGUS_BAD_TAG, "a changed one does not");
    free(opened);
  }
  uint8_t *out = malloc(text.length > ccm.tag_length ? text.length - ccm.tag_length : 0);
  check(vagus_ccm_open(&ccm, text, out) != VAGUS_OK, "noise does not open");
  free(out);
  free(sealed);
  drop(text);
  drop(ccm.aad);
  drop(ccm.nonce);
  drop(ccm.key);
}

static void hashes(struct input *in) {
  struct vagus_bytes key = take(in, 200), message = take(in, 255);
  uint8_t hash[VAGUS_HASH];
  check(vagus_sha256(message, hash) == VAGUS_OK, "sha256");
  check(vagus_hmac_sha256(key, message, hash) == VAGUS_OK, "hmac");
  size_t length = byte(in) * 40;
  uint8_t *out = malloc(length);
  int status = vagus_hkdf_expand(key, message, out, length);
  check(status == (length > 255 * VAGUS_HASH ? VAGUS_BAD_LENGTH : VAGUS_OK), "hkdf");
  free(out);
  drop(message);
  drop(key);
}

static void verify(struct input *in) {
  int curve = byte(in) % (VAGUS_CURVES + 1);
  struct vagus_bytes key = take(in, 80), signature = take(in, 80), message = take(in, 255);
  vagus_verify((enum vagus_curve)curve, key, message, signature);
  vagus_p256_on_curve(key);
  drop(message);
  drop(signature);
  drop(key);
}

static void keys(struct input *in) {
  enum vagus_curve curve = (enum vagus_curve)(byte(in) % VAGUS_CURVES);
  struct vagus_bytes secret = take(in, 40), peer = take(in, 80), message = take(in, 255);
  struct vagus_key key;
  if (vagus_key_import(&key, curve, secret) == VAGUS_OK) {
    uint8_t signature[VAGUS_SIGNATURE], shared[VAGUS_SHARED], sealed[VAGUS_SEALED];
    if (vagus_key_sign(&key, message, signature) == VAGUS_OK) {
      struct vagus_bytes public_key = {key.public_key, vagus_public_length(curve)};
      check(vagus_verify(curve, public_key, message, (struct vagus_bytes){signature, sizeof signature}) == VAGUS_OK,
            "what was signed verifies");
    }
    vagus_key_agree(&key, peer, shared);
    check(vagus_key_seal(&key, sealed) == VAGUS_OK, "sealing");
    struct vagus_key other;
    check(vagus_key_unseal(&other, curve, (struct vagus_bytes){sealed, sizeof sealed}) == VAGUS_OK, "unsealing");
    check(memcmp(other.secret, key.secret, 32) == 0, "the same key");
    vagus_key_wipe(&other);
  }
  vagus_key_wipe(&key);
  check(vagus_key_unseal(&key, curve, message) != VAGUS_OK, "noise does not unseal");
  drop(message);
  drop(peer);
  drop(secret);
}

int LLVMFuzzerInitialize(int *argc, char ***argv) {
  (void)argc;
  (void)argv;
  check(vagus_crypto_init() == VAGUS_OK, "init");
  return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct input in = {data, size};
  switch (byte(&in) % 6) {
    case 0:
    case 1:
    case 2:
      ccm(&in);
      break;
    case 3:
      hashes(&in);
      break;
    case 4:
      verify(&in);
      break;
    default:
      keys(&in);
  }
  return 0;
}
