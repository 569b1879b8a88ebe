/* What the desktop simulator offers the firmware beyond the SDK: environment, standard output, files written in place. */
#include "xsAll.h"
#include "xsmc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH = 4096 };

/* (): text */
void xs_sim_engine(xsMachine *the) {
  char name[32];
  snprintf(name, sizeof name, "XS %d.%d.%d", XS_MAJOR_VERSION, XS_MINOR_VERSION, XS_PATCH_VERSION);
  xsmcSetString(xsResult, name);
}

/* (): what is in use after a collection of garbage, as JSON */
void xs_sim_heap(xsMachine *the) {
  char text[64];
  xsCollectGarbage();
  snprintf(text, sizeof text, "{\"slots\":%ld,\"chunkBytes\":%ld}", (long)the->currentHeapCount,
           (long)the->currentChunksSize);
  xsmcSetString(xsResult, text);
}

/* (name): text or undefined */
void xs_sim_environment(xsMachine *the) {
  char *value = getenv(xsmcToString(xsArg(0)));
  if (value != NULL) xsmcSetString(xsResult, value);
}

/* (name, value) */
void xs_sim_keep(xsMachine *the) {
  char name[64];
  xsmcToStringBuffer(xsArg(0), name, sizeof name);
  char *value = xsmcToString(xsArg(1));
#ifdef _WIN32
  _putenv_s(name, value);
#else
  setenv(name, value, 1);
#endif
}

/* (line) */
void xs_sim_print(xsMachine *the) {
  puts(xsmcToString(xsArg(0)));
  fflush(stdout);
}

/* Strings move when XS allocates, and errors need their path. */
static char *path_of(xsMachine *the, char path[PATH]) {
  xsmcToStringBuffer(xsArg(0), path, PATH);
  return path;
}

static long offset_of(xsMachine *the, int index) {
  return (long)xsmcToNumber(xsArg(index));
}

/* (path): bytes or undefined */
void xs_sim_file_size(xsMachine *the) {
  char path[PATH];
  FILE *file = fopen(path_of(the, path), "rb");
  if (file == NULL) return;
  if (fseek(file, 0, SEEK_END) == 0) xsmcSetNumber(xsResult, (xsNumberValue)ftell(file));
  fclose(file);
}

/* (path, offset, length): ArrayBuffer */
void xs_sim_file_read(xsMachine *the) {
  char path[PATH];
  long offset = offset_of(the, 1);
  xsIntegerValue length = xsmcToInteger(xsArg(2));
  path_of(the, path);
  void *bytes = xsmcSetArrayBuffer(xsResult, NULL, length);
  FILE *file = fopen(path, "rb");
  int good = file != NULL && fseek(file, offset, SEEK_SET) == 0 && fread(bytes, 1, length, file) == (size_t)length;
  if (file != NULL) fclose(file);
  if (!good) xsUnknownError("expected %d bytes at %ld of %s", (int)length, offset, path);
}

/* (path, bytes, offset) */
void xs_sim_file_write(xsMachine *the) {
  char path[PATH];
  long offset = offset_of(the, 2);
  void *bytes;
  xsUnsignedValue length;
  path_of(the, path);
  xsmcGetBufferReadable(xsArg(1), &bytes, &length);
  FILE *file = fopen(path, "r+b");
  if (file == NULL) file = fopen(path, "w+b");
  int good = file != NULL && fseek(file, offset, SEEK_SET) == 0 && fwrite(bytes, 1, length, file) == length;
  if (file != NULL && fclose(file) != 0) good = 0;
  if (!good) xsUnknownError("cannot write %u bytes at %ld of %s", (unsigned)length, offset, path);
}
