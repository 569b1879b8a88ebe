/*
 * Files, whole or in part. A file can stand for a flash chip: ranges are overwritten in place, and `sync`
 * waits until they are on the disk. A missing file reads as undefined; anything else that fails throws.
 */
#include "xsmc.h"
#include "runner.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

static void fail(xsMachine* the, const char* what) __attribute__((noreturn));
static void fail(xsMachine* the, const char* what) {
  int error = errno;
  char path[512];
  xsmcToStringBuffer(xsArg(0), path, sizeof(path));
  xsUnknownError("%s %s: %s", what, path, strerror(error));
}

static int64_t integerArgument(xsMachine* the, int index, const char* name) {
  double value = xsmcToNumber(xsArg(index));
  if (!(value >= 0 && value <= 9007199254740991.0 && value == (double)(int64_t)value))
    xsRangeError("%s is not a whole number: %f", name, value);
  return (int64_t)value;
}

static bool given(xsMachine* the, int index) {
  return xsmcArgc > index && xsmcTypeOf(xsArg(index)) != xsUndefinedType;
}

/* xs_file_size(path): bytes, or undefined */
void xs_file_size(xsMachine* the) {
  struct stat status;
  if (stat(xsmcToString(xsArg(0)), &status) == 0)
    xsmcSetNumber(xsResult, (double)status.st_size);
  else if (errno != ENOENT)
    fail(the, "cannot look at");
}

/* xs_file_read(path, offset = 0, length = to the end): an ArrayBuffer, shorter at the file's end, or undefined */
void xs_file_read(xsMachine* the) {
  int64_t offset = given(the, 1) ? integerArgument(the, 1, "offset") : 0;
  int64_t length = given(the, 2) ? integerArgument(the, 2, "length") : INT32_MAX;
  struct stat status;
  int file = open(xsmcToString(xsArg(0)), O_RDONLY | O_CLOEXEC);
  if (file < 0 && errno == ENOENT) return;
  if (file < 0 || fstat(file, &status) < 0) fail(the, "cannot open");
  int64_t left = status.st_size > offset ? status.st_size - offset : 0;
  if (length > left) length = left;
  if (length > INT32_MAX / 2) {
    close(file);
    xsRangeError("the file is too long");
  }
  uint8_t* bytes = malloc((size_t)length + 1);
  int64_t done = 0;
  while (bytes && done < length) {
    ssize_t got = pread(file, bytes + done, (size_t)(length - done), offset + done);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    done += got;
  }
  close(file);
  if (bytes == NULL || (done < length && errno)) {
    free(bytes);
    fail(the, "cannot read");
  }
  xsmcSetArrayBuffer(xsResult, bytes, (xsIntegerValue)done);
  free(bytes);
}

/*
 * xs_file_write(path, bytes, offset?, sync = false): without an offset the file is replaced, with one the range
 * is overwritten in place; either way the file is made if there is none
 */
void xs_file_write(xsMachine* the) {
  bool inPlace = given(the, 2);
  int64_t offset = inPlace ? integerArgument(the, 2, "offset") : 0;
  bool sync = given(the, 3) && xsmcToBoolean(xsArg(3));
  void* bytes;
  xsUnsignedValue length;
  int file = open(xsmcToString(xsArg(0)), O_WRONLY | O_CREAT | O_CLOEXEC | (inPlace ? 0 : O_TRUNC), 0666);
  if (file < 0) fail(the, "cannot open");
  xsmcGetBufferReadable(xsArg(1), &bytes, &length); /* nothing is allocated while `bytes` is used */
  bool failed = false;
  for (xsUnsignedValue done = 0; done < length && !failed;) {
    ssize_t put = pwrite(file, (uint8_t*)bytes + done, length - done, offset + done);
    if (put < 0 && errno != EINTR) failed = true;
    if (put > 0) done += (xsUnsignedValue)put;
  }
  if (!failed && sync && fsync(file) < 0) failed = true;
  int error = errno;
  if (close(file) < 0 || failed) {
    if (failed) errno = error;
    fail(the, "cannot write");
  }
}

/* xs_file_remove(path): true, or false where there was none */
void xs_file_remove(xsMachine* the) {
  bool removed = unlink(xsmcToString(xsArg(0))) == 0;
  if (!removed && errno != ENOENT) fail(the, "cannot remove");
  xsmcSetBoolean(xsResult, removed);
}

/* xs_folder_make(path): nothing where there is one already */
void xs_folder_make(xsMachine* the) {
  if (mkdir(xsmcToString(xsArg(0)), 0777) < 0 && errno != EEXIST) fail(the, "cannot make");
}
