/*
 * The binding to XS. Each native returns what it makes (an ArrayBuffer, a boolean, nothing), or the integer of an
 * error code, which TypeScript throws.
 *
 * Chunks move when XS allocates. So every native reads its numbers and makes its result first, and takes pointers into
 * buffers after that. A wrong type, a missing argument or a detached buffer throws a TypeError of XS.
 */
#include <stdlib.h>
#include <string.h>

#include "vagus_crypto.h"
#include "xsmc.h"

static struct vagus_bytes bytes(xsMachine *the, int index) {
  static const uint8_t none[1];
  void *data;
  xsUnsignedValue length;
  if (index >= xsmcArgc) xsTypeError("an argument is missing");
  xsmcGetBufferReadable(xsArg(index), &data, &length);
  return length == 0 ? (struct vagus_bytes){none, 0} : (struct vagus_bytes){data, length};
}

/* A whole number from 0 to `most`, or -1. */
static int number(xsMachine *the, int index, int most) {
  if (index >= xsmcArgc) xsTypeError("an argument is missing");
  xsType type = xsmcTypeOf(xsArg(index));
  if (type != xsIntegerType && type != xsNumberType) xsTypeError("a number is missing");
  xsNumberValue value = xsmcToNumber(xsArg(index));
  if (!(value >= 0 && value <= most) || value != (xsNumberValue)(int)value) return -1;
  return (int)value;
}

static void make_result(xsMachine *the, size_t size) {
  xsmcSetArrayBuffer(xsResult, NULL, (xsIntegerValue)size);
}

static uint8_t *result(xsMachine *the) {
  return xsmcToArrayBuffer(xsResult);
}

static void finish(xsMachine *the, int status) {
  if (status != VAGUS_OK) xsmcSetInteger(xsResult, status);
}

static void finish_boolean(xsMachine *the, int status, int otherwise) {
  if (status == VAGUS_OK || status == otherwise)
    xsmcSetBoolean(xsResult, status == VAGUS_OK);
  else
    xsmcSetInteger(xsResult, status);
}

/* (): undefined */
void xs_crypto_init(xsMachine *the) {
  finish(the, vagus_crypto_init());
}

/* (length) */
void xs_crypto_random(xsMachine *the) {
  int size = number(the, 0, 1024);
  if (size < 0) {
    finish(the, VAGUS_BAD_LENGTH);
    return;
  }
  make_result(the, (size_t)size);
  finish(the, vagus_random(result(the), (size_t)size));
}

/* (message) */
void xs_crypto_sha256(xsMachine *the) {
  make_result(the, VAGUS_HASH);
  finish(the, vagus_sha256(bytes(the, 0), result(the)));
}

/* (key, message) */
void xs_crypto_hmac_sha256(xsMachine *the) {
  make_result(the, VAGUS_HASH);
  finish(the, vagus_hmac_sha256(bytes(the, 0), bytes(the, 1), result(the)));
}

/* (prk, info, length) */
void xs_crypto_hkdf_expand(xsMachine *the) {
  int size = number(the, 2, 255 * VAGUS_HASH);
  if (size < 0) {
    finish(the, VAGUS_BAD_LENGTH);
    return;
  }
  make_result(the, (size_t)size);
  finish(the, vagus_hkdf_expand(bytes(the, 0), bytes(the, 1), result(the), (size_t)size));
}

/* (key, nonce, aad, text, tag length): the arguments of both directions */
static struct vagus_ccm ccm(xsMachine *the, int tag_length) {
  return (struct vagus_ccm){
      .key = bytes(the, 0), .nonce = bytes(the, 1), .aad = bytes(the, 2), .tag_length = (size_t)tag_length};
}

void xs_crypto_ccm_seal(xsMachine *the) {
  int tag_length = number(the, 4, VAGUS_CCM_TAG);
  size_t size = bytes(the, 3).length;
  if (tag_length < 0 || size > 0x7fffffff - VAGUS_CCM_TAG) {
    finish(the, VAGUS_BAD_LENGTH);
    return;
  }
  make_result(the, size + (size_t)tag_length);
  struct vagus_ccm arguments = ccm(the, tag_length);
  finish(the, vagus_ccm_seal(&arguments, bytes(the, 3), result(the)));
}

void xs_crypto_ccm_open(xsMachine *the) {
  int tag_length = number(the, 4, VAGUS_CCM_TAG);
  size_t size = bytes(the, 3).length;
  if (tag_length < 0) {
    finish(the, VAGUS_BAD_LENGTH);
    return;
  }
  make_result(the, size > (size_t)tag_length ? size - (size_t)tag_length : 0);
  struct vagus_ccm arguments = ccm(the, tag_length);
  finish(the, vagus_ccm_open(&arguments, bytes(the, 3), result(the)));
}

/* (curve, public key, message, signature): a boolean */
void xs_crypto_verify(xsMachine *the) {
  int curve = number(the, 0, VAGUS_CURVES - 1);
  int status = curve < 0 ? VAGUS_UNSUPPORTED
                         : vagus_verify((enum vagus_curve)curve, bytes(the, 1), bytes(the, 2), bytes(the, 3));
  finish_boolean(the, status, VAGUS_BAD_TAG);
}

/* (point): a boolean */
void xs_crypto_p256_on_curve(xsMachine *the) {
  finish_boolean(the, vagus_p256_on_curve(bytes(the, 0)), VAGUS_BAD_POINT);
}

/* The host data of a key: NULL when the garbage collector or `close` has taken it. */
void xs_crypto_key_destructor(void *data) {
  if (data == NULL) return;
  vagus_key_wipe(data);
  free(data);
}

static struct vagus_key *this_key(xsMachine *the) {
  return xsmcGetHostDataValidate(xsThis, (void *)xs_crypto_key_destructor);
}

enum origin { GENERATED, IMPORTED, UNSEALED };

/* Gives `this` a key, once, and returns the public one. */
static void make_key(xsMachine *the, enum origin origin) {
  struct vagus_key key;
  if (this_key(the) != NULL) xsTypeError("this key has its bytes already");
  int number_of_curve = number(the, 0, VAGUS_CURVES - 1);
  if (number_of_curve < 0) {
    finish(the, VAGUS_UNSUPPORTED);
    return;
  }
  enum vagus_curve curve = (enum vagus_curve)number_of_curve;
  struct vagus_bytes given = {NULL, 0};
  if (origin != GENERATED) given = bytes(the, 1);
  int status = origin == GENERATED  ? vagus_key_generate(&key, curve)
               : origin == IMPORTED ? vagus_key_import(&key, curve, given)
                                    : vagus_key_unseal(&key, curve, given);
  struct vagus_key *own = status == VAGUS_OK ? malloc(sizeof *own) : NULL;
  if (status == VAGUS_OK && own == NULL) status = VAGUS_FAILED;
  if (own != NULL) *own = key;
  vagus_key_wipe(&key);
  finish(the, status);
  if (own == NULL) return;
  xsmcSetHostData(xsThis, own);
  make_result(the, vagus_public_length(curve));
  memcpy(result(the), own->public_key, vagus_public_length(curve));
}

/* On a new key: (curve) */
void xs_crypto_key_generate(xsMachine *the) {
  make_key(the, GENERATED);
}

/* On a new key: (curve, private bytes) */
void xs_crypto_key_import(xsMachine *the) {
  make_key(the, IMPORTED);
}

/* On a new key: (curve, blob) */
void xs_crypto_key_unseal(xsMachine *the) {
  make_key(the, UNSEALED);
}

/* On a key: (message) */
void xs_crypto_key_sign(xsMachine *the) {
  struct vagus_key *key = this_key(the);
  make_result(the, VAGUS_SIGNATURE);
  finish(the, key == NULL ? VAGUS_CLOSED : vagus_key_sign(key, bytes(the, 0), result(the)));
}

/* On a key: (peer's public key) */
void xs_crypto_key_agree(xsMachine *the) {
  struct vagus_key *key = this_key(the);
  make_result(the, VAGUS_SHARED);
  finish(the, key == NULL ? VAGUS_CLOSED : vagus_key_agree(key, bytes(the, 0), result(the)));
}

/* On a key: () */
void xs_crypto_key_seal(xsMachine *the) {
  struct vagus_key *key = this_key(the);
  make_result(the, VAGUS_SEALED);
  finish(the, key == NULL ? VAGUS_CLOSED : vagus_key_seal(key, result(the)));
}

/* On a key: (): undefined */
void xs_crypto_key_close(xsMachine *the) {
  xs_crypto_key_destructor(this_key(the));
  xsmcSetHostData(xsThis, NULL);
}
