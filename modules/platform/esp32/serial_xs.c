#include "xsmc.h"

#include <string.h>

#include "serial.h"

/* (text): true, or false where it did not go out */
void xs_vagus_serial(xsMachine *the) {
  const char *text = xsmcToString(xsArg(0));
  int error = serial_write(text, strlen(text));
  xsmcSetBoolean(xsResult, error == 0);
}
