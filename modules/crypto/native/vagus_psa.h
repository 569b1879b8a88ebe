/* What the PSA files share. Calls that Mbed TLS 2.28 and TF-PSA-Crypto 1.0 both have, and no others. */
#ifndef VAGUS_PSA_H
#define VAGUS_PSA_H

#include <psa/crypto.h>

#include "vagus_crypto.h"

struct vagus_psa_key {
  psa_key_type_t type;
  psa_key_usage_t usage;
  psa_algorithm_t algorithm;
};

/* A volatile key: destroy it after use, PSA has 32 places for all of them. */
psa_status_t vagus_psa_import(struct vagus_psa_key kind, struct vagus_bytes bytes, psa_key_id_t *id);

/* Of vagus_ccm_long.c, for vagus_ccm.c, which checks all lengths first: `aad` of 65,280 bytes to 4 GiB. */
int vagus_ccm_long_seal(const struct vagus_ccm *ccm, struct vagus_bytes text, uint8_t *out);
int vagus_ccm_long_open(const struct vagus_ccm *ccm, struct vagus_bytes text, uint8_t *out);

#endif
