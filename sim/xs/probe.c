/*
 * A native class of one number, with which the tests watch native(), Native() and destructors.
 */
#include "xsmc.h"
#include "runner.h"

#include <stdlib.h>

static int live;

void xs_probe_destructor(void* data) {
  if (data == NULL) return;
  live--;
  free(data);
}

/* xs_probe.call(this, value) */
void xs_probe(xsMachine* the) {
  int* data = malloc(sizeof(int));
  if (data == NULL) xsUnknownError("no memory");
  *data = xsmcToInteger(xsArg(0));
  live++;
  xsmcSetHostData(xsThis, data);
}

/* xs_probe_get.call(this): the value */
void xs_probe_get(xsMachine* the) {
  int* data = xsmcGetHostData(xsThis);
  if (data == NULL) xsTypeError("closed");
  xsmcSetInteger(xsResult, *data);
}

/* xs_probe_live(): how many there are whose destructor has not run */
void xs_probe_live(xsMachine* the) { xsmcSetInteger(xsResult, live); }
