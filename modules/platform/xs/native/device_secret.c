/*
 * The headless device's secret: 16 bytes in the file that VAGUS_DEVICE_SECRET names, made with random bytes where it is
 * missing. Without the variable the device has no secret and seals no keys.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "../../../crypto/native/vagus_crypto.h"

static int read_all(int file, uint8_t out[VAGUS_DEVICE_SECRET]) {
  uint8_t beyond;
  if (read(file, out, VAGUS_DEVICE_SECRET) != VAGUS_DEVICE_SECRET) return VAGUS_FAILED;
  return read(file, &beyond, 1) == 0 ? VAGUS_OK : VAGUS_FAILED;
}

static int write_all(int file, uint8_t out[VAGUS_DEVICE_SECRET]) {
  int status = vagus_random(out, VAGUS_DEVICE_SECRET);
  if (status != VAGUS_OK) return status;
  if (write(file, out, VAGUS_DEVICE_SECRET) != VAGUS_DEVICE_SECRET) return VAGUS_FAILED;
  return fsync(file) == 0 ? VAGUS_OK : VAGUS_FAILED;
}

int vagus_device_secret(uint8_t out[VAGUS_DEVICE_SECRET]) {
  const char *path = getenv("VAGUS_DEVICE_SECRET");
  if (path == NULL || path[0] == 0) return VAGUS_UNSUPPORTED;
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file >= 0) {
    int status = read_all(file, out);
    close(file);
    return status;
  }
  if (errno != ENOENT) return VAGUS_FAILED;
  file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return VAGUS_FAILED;
  int status = write_all(file, out);
  if (close(file) != 0) status = VAGUS_FAILED;
  if (status != VAGUS_OK) unlink(path);
  return status;
}
