/*
 * SIGINT and SIGTERM as callbacks. Until a callback is set they end the process, as usual.
 */
#include "xs.h"
#include "runner.h"

#include <signal.h>

static volatile sig_atomic_t pending[2];
static xsSlot listener;
static bool listening;

/* Signals come only while the run loop waits, so none is missed between a look and the wait. */
const sigset_t* signalMask(void) {
  static sigset_t none;
  sigemptyset(&none);
  return &none;
}

static void note(int number) { pending[number == SIGTERM] = 1; }

/* xs_on_signal(callback): callback("SIGINT" | "SIGTERM"); undefined takes it away */
void xs_on_signal(xsMachine* the) {
  if (listening) xsForget(listener);
  listening = xsToInteger(xsArgc) > 0 && xsTest(xsArg(0));
  if (listening) {
    if (!xsIsCallable(xsArg(0))) xsTypeError("the callback is not a function");
    listener = xsArg(0);
    xsRemember(listener);
  }
  struct sigaction action = {.sa_handler = listening ? note : SIG_DFL};
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  sigset_t both;
  sigemptyset(&both);
  sigaddset(&both, SIGINT);
  sigaddset(&both, SIGTERM);
  sigprocmask(listening ? SIG_BLOCK : SIG_UNBLOCK, &both, NULL);
}

/* Calls back for one signal that has come; false when none has. */
bool signalDeliver(xsMachine* machine) {
  int which = pending[0] ? 0 : 1;
  if (!listening || !pending[which]) return false;
  pending[which] = 0;
  xsBeginHost(machine);
  xsVars(1);
  xsVar(0) = xsString(which ? "SIGTERM" : "SIGINT");
  xsCallFunction1(xsAccess(listener), xsGlobal, xsVar(0));
  xsEndHost(machine);
  return true;
}
