/*
 * PSA's randomness comes from esp_fill_random (ESP-IDF's mbedtls port). The chip's generator is a true one only while
 * the radio runs or its ADC noise is switched on; the first keys and the label are made before the radio runs. That noise
 * has to be off again when the radio starts.
 */
#include "xsmc.h"

#include "bootloader_random.h"

/* (on) */
void xs_vagus_entropy(xsMachine *the) {
  static int enabled;
  int on = xsmcToBoolean(xsArg(0));
  if (on == enabled) return;
  if (on)
    bootloader_random_enable();
  else
    bootloader_random_disable();
  enabled = on;
}
