/*
 * Timers: setTimeout, setInterval, clearTimeout, clearInterval, queueMicrotask, and the same as natives for
 * code that has no such globals. Times come from the monotonic clock. Timers due at the same millisecond run
 * in the order in which they were set; promise jobs run between any two.
 */
#include "xs.h"
#include "runner.h"

#include <time.h>

enum { ARGUMENT_LIMIT = 4 };

typedef struct Timer Timer;
struct Timer {
  Timer* next;
  xsIntegerValue id;
  double when, interval;
  bool repeats, cleared;
  int count;
  xsSlot function;
  xsSlot arguments[ARGUMENT_LIMIT];
};

static Timer* timers; /* sorted by time, then by age */
static xsIntegerValue lastId;

double timerNow(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

double timerDeadline(void) { return timers ? timers->when : HUGE_VAL; }

static void insert(Timer* timer) {
  Timer** link = &timers;
  while (*link && (*link)->when <= timer->when) link = &(*link)->next;
  timer->next = *link;
  *link = timer;
}

static void release(xsMachine* the, Timer* timer) {
  xsForget(timer->function);
  for (int i = 0; i < timer->count; i++) xsForget(timer->arguments[i]);
  free(timer);
}

/* (callback, milliseconds, …arguments): id */
static void set(xsMachine* the, bool repeats) {
  xsIntegerValue count = xsToInteger(xsArgc);
  if (count < 1 || !xsIsCallable(xsArg(0))) xsTypeError("a timer's callback is not a function");
  double delay = count > 1 ? xsToNumber(xsArg(1)) : 0;
  if (!(delay >= 1)) delay = 1;
  if (count > 2 + ARGUMENT_LIMIT) xsRangeError("a timer takes at most 4 arguments");
  Timer* timer = calloc(1, sizeof(Timer));
  if (timer == NULL) xsUnknownError("no memory for a timer");
  timer->id = ++lastId;
  timer->repeats = repeats;
  timer->interval = delay;
  timer->when = timerNow() + delay;
  timer->function = xsArg(0);
  xsRemember(timer->function);
  for (int i = 2; i < count; i++) {
    timer->arguments[timer->count] = xsArg(i);
    xsRemember(timer->arguments[timer->count]);
    timer->count++;
  }
  insert(timer);
  xsResult = xsInteger(timer->id);
}

/* the timer whose callback runs now is in no list */
static Timer* current;

static void clear(xsMachine* the) {
  if (xsToInteger(xsArgc) < 1 || xsTypeOf(xsArg(0)) != xsIntegerType) return;
  xsIntegerValue id = xsToInteger(xsArg(0));
  if (current && current->id == id) {
    current->cleared = true;
    return;
  }
  for (Timer** link = &timers; *link; link = &(*link)->next) {
    Timer* timer = *link;
    if (timer->id != id) continue;
    *link = timer->next;
    release(the, timer);
    return;
  }
}

void xs_timer_set(xsMachine* the) { set(the, false); }
void xs_timer_repeat(xsMachine* the) { set(the, true); }
void xs_timer_clear(xsMachine* the) { clear(the); }

static void call(xsMachine* machine, Timer* timer) {
  xsBeginHost(machine);
  xsSlot* a = timer->arguments;
  xsVars(5);
  xsVar(0) = xsAccess(timer->function);
  for (int i = 0; i < timer->count; i++) xsVar(1 + i) = xsAccess(a[i]);
  switch (timer->count) {
    case 0: xsCallFunction0(xsVar(0), xsGlobal); break;
    case 1: xsCallFunction1(xsVar(0), xsGlobal, xsVar(1)); break;
    case 2: xsCallFunction2(xsVar(0), xsGlobal, xsVar(1), xsVar(2)); break;
    case 3: xsCallFunction3(xsVar(0), xsGlobal, xsVar(1), xsVar(2), xsVar(3)); break;
    default: xsCallFunction4(xsVar(0), xsGlobal, xsVar(1), xsVar(2), xsVar(3), xsVar(4)); break;
  }
  xsEndHost(machine);
}

bool timerRunDue(xsMachine* the) {
  Timer* timer = timers;
  if (timer == NULL || timer->when > timerNow()) return false;
  timers = timer->next;
  current = timer;
  call(the, timer);
  current = NULL;
  if (timer->repeats && !timer->cleared) {
    double now = timerNow();
    timer->when += timer->interval;
    if (timer->when < now) timer->when = now;
    insert(timer);
  } else
    release(the, timer);
  return true;
}

/* queueMicrotask(callback): by way of a resolved promise */
static void queueMicrotask(xsMachine* the) {
  if (xsToInteger(xsArgc) < 1 || !xsIsCallable(xsArg(0))) xsTypeError("a microtask's callback is not a function");
  xsVars(2);
  xsVar(0) = xsGet(xsGlobal, xsID("Promise"));
  xsVar(1) = xsCall0(xsVar(0), xsID("resolve"));
  xsCall1_noResult(xsVar(1), xsID("then"), xsArg(0));
}

void timerInstall(xsMachine* machine) {
  xsBeginHost(machine);
  {
    static const struct {
      const char* name;
      xsCallback callback;
    } globals[] = {{"setTimeout", xs_timer_set},
                   {"setInterval", xs_timer_repeat},
                   {"clearTimeout", xs_timer_clear},
                   {"clearInterval", xs_timer_clear},
                   {"queueMicrotask", queueMicrotask}};
    xsVars(1);
    for (size_t i = 0; i < sizeof(globals) / sizeof(globals[0]); i++) {
      xsVar(0) = xsNewHostFunction(globals[i].callback, 0);
      xsDefine(xsGlobal, xsID((xsStringValue)globals[i].name), xsVar(0), xsDontEnum);
    }
  }
  xsEndHost(machine);
}
