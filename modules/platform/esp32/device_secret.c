/*
 * The secret that wraps this device's keys at rest: 16 random bytes in NVS, made once. It is as safe as NVS is: whoever reads the chip's
 * flash has it, unless flash encryption is on.
 */
#include "esp_random.h"
#include "nvs.h"

#include "../../crypto/native/vagus_crypto.h"

int vagus_device_secret(uint8_t out[VAGUS_DEVICE_SECRET]) {
  nvs_handle_t handle;
  size_t length = VAGUS_DEVICE_SECRET;
  if (nvs_open("vagus", NVS_READWRITE, &handle) != ESP_OK) return VAGUS_FAILED;
  esp_err_t error = nvs_get_blob(handle, "secret", out, &length);
  if (error == ESP_ERR_NVS_NOT_FOUND) {
    esp_fill_random(out, VAGUS_DEVICE_SECRET);
    length = VAGUS_DEVICE_SECRET;
    error = nvs_set_blob(handle, "secret", out, length);
    if (error == ESP_OK) error = nvs_commit(handle);
  }
  nvs_close(handle);
  return error == ESP_OK && length == VAGUS_DEVICE_SECRET ? VAGUS_OK : VAGUS_FAILED;
}
