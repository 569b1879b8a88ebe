/*
 * The process around the program: arguments, environment, exit, clocks, randomness.
 */
#include "xs.h"
#include "runner.h"

#include <errno.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

/* xs_arguments(): the strings after the module's name */
void xs_arguments(xsMachine* the) {
  xsVars(1);
  xsResult = xsNewArray(0);
  for (int i = 0; i < options.argumentCount; i++) {
    xsVar(0) = xsString(options.arguments[i]);
    xsSetIndex(xsResult, i, xsVar(0));
  }
}

/* xs_environment(name): a string, or undefined */
void xs_environment(xsMachine* the) {
  const char* value = getenv(xsToString(xsArg(0)));
  if (value) xsResult = xsString((xsStringValue)value);
}

/* xs_engine(): its name and version */
void xs_engine(xsMachine* the) {
  char name[32];
  engineName(name, sizeof(name));
  xsResult = xsString(name);
}

/* xs_exit(code) does not come back */
void xs_exit(xsMachine* the) {
  int code = xsToInteger(xsArgc) > 0 ? xsToInteger(xsArg(0)) : 0;
  if (code < 0 || code > 255) xsRangeError("expected an exit code from 0 to 255, got %d", code);
  finish(the, code);
}

/* xs_tether(): from now on the program ends, with 0, when its standard input does: when whoever started it is gone */
bool tethered;
void xs_tether(xsMachine* the) {
  (void)the;
  tethered = true;
}

/* Reads what is there and forgets it. Has the other side let go? */
bool tetherLetGo(void) {
  char bytes[256];
  ssize_t got = read(STDIN_FILENO, bytes, sizeof(bytes));
  return got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN);
}

/* xs_clock_monotonic(): milliseconds since some moment, as a float */
void xs_clock_monotonic(xsMachine* the) { xsResult = xsNumber(timerNow()); }

/* xs_clock_wall(): milliseconds since 1970, as a float */
void xs_clock_wall(xsMachine* the) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  xsResult = xsNumber((double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6);
}

/* xs_random(length): an ArrayBuffer from getrandom(2) */
void xs_random(xsMachine* the) {
  enum { LIMIT = 65536 };
  static uint8_t bytes[LIMIT];
  xsIntegerValue length = xsToInteger(xsArg(0));
  if (length < 0 || length > LIMIT) xsRangeError("expected 0 to %d random bytes, got %d", LIMIT, length);
  for (ssize_t done = 0; done < length;) {
    ssize_t got = getrandom(bytes + done, (size_t)(length - done), 0);
    if (got < 0 && errno != EINTR) xsUnknownError("no random bytes: %s", strerror(errno));
    if (got > 0) done += got;
  }
  xsResult = xsArrayBuffer(bytes, length);
  memset(bytes, 0, (size_t)length);
}
