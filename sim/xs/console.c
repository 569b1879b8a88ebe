/*
 * console.log, .info and .debug to standard output, .warn and .error to standard error: the arguments with a
 * space between, errors with their stack, other objects as JSON.
 */
#include "xs.h"
#include "runner.h"

/* Leaves in xsVar(0) the text for `value`; may throw what a getter of the object throws. */
static void describe(xsMachine* the, xsSlot value) {
  xsVar(0) = value;
  if (xsTypeOf(value) != xsReferenceType) return;
  if (xsIsInstanceOf(value, xsErrorPrototype)) {
    xsVar(1) = xsGet(value, xsID("stack"));
    if (xsTypeOf(xsVar(1)) == xsStringType || xsTypeOf(xsVar(1)) == xsStringXType) {
      xsVar(0) = xsVar(1);
      return;
    }
  } else if (!xsIsInstanceOf(value, xsFunctionPrototype)) {
    xsVar(1) = xsGet(xsGlobal, xsID("JSON"));
    xsVar(1) = xsCall1(xsVar(1), xsID("stringify"), value);
    if (xsTypeOf(xsVar(1)) != xsUndefinedType) xsVar(0) = xsVar(1);
  }
}

static void print(xsMachine* the, FILE* stream) {
  xsIntegerValue count = xsToInteger(xsArgc);
  xsVars(2);
  for (xsIntegerValue i = 0; i < count; i++) {
    describe(the, xsArg(i));
    if (i > 0) fputc(' ', stream);
    if (xsTypeOf(xsVar(0)) == xsSymbolType)
      fputs("Symbol()", stream);
    else
      fputs(xsToString(xsVar(0)), stream);
  }
  fputc('\n', stream);
  fflush(stream);
}

static void printOut(xsMachine* the) { print(the, stdout); }
static void printError(xsMachine* the) { print(the, stderr); }

void consoleInstall(xsMachine* machine) {
  xsBeginHost(machine);
  {
    static const struct {
      const char* name;
      xsCallback callback;
    } methods[] = {{"log", printOut}, {"info", printOut}, {"debug", printOut}, {"warn", printError}, {"error", printError}};
    xsVars(2);
    xsVar(0) = xsNewObject();
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
      xsVar(1) = xsNewHostFunction(methods[i].callback, 0);
      xsSet(xsVar(0), xsID((xsStringValue)methods[i].name), xsVar(1));
    }
    xsDefine(xsGlobal, xsID("console"), xsVar(0), xsDontEnum);
  }
  xsEndHost(machine);
}

/* Prints the pending exception with its stack. An object whose own getters throw gets a line all the same. */
void consolePrintException(xsMachine* the, const char* what) {
  fflush(stdout);
  fxBeginHost(the);
  xsVars(3);
  xsVar(2) = xsException;
  fprintf(stderr, "%s: ", what);
  xsTry {
    describe(the, xsVar(2));
    fprintf(stderr, "%s\n", xsToString(xsVar(0)));
  }
  xsCatch { fprintf(stderr, "an object that cannot be printed\n"); }
  fxEndHost(the);
}
