/*
 * What the runner's files know of each other. It is included after xsAll.h (files that look inside the
 * machine) or after xs.h or xsmc.h (files of natives): never two of them in one file.
 */
#ifndef VAGUS_XS_RUNNER_H
#define VAGUS_XS_RUNNER_H

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#ifdef __XSALL__
typedef txMachine Machine;
#else
typedef xsMachine Machine;
#endif

/* Exit codes; `--help` prints them. */
enum {
  EXIT_UNCAUGHT = 1,
  EXIT_USAGE = 2,
  EXIT_MEMORY = 70,
  EXIT_STACK = 71,
  EXIT_METER = 72,
  EXIT_ENGINE = 73,
};

/* Heap limits and steps; a limit of -1 is none. `above` limits count from what is resident after loading. */
typedef struct {
  int32_t slots, chunkBytes;
  int32_t slotsAbove, chunkBytesAbove;
  int32_t stepSlots, stepChunkBytes;
  int32_t stackSlots;
  uint64_t meterLimit;
  const char* report;
  bool measure, gcStress;
  const char* module;
  char** arguments;
  int argumentCount;
} Options;

extern Options options;

/* platform.c: memory and promise jobs */
bool platformTakeJobs(void);

/* measure.c: what is resident, what is needed above it, and the meter */
void measureStart(Machine* the);
void measureResident(Machine* the);
void measureReport(Machine* the, int exitCode);

/* natives.c */
void nativesInstall(Machine* the);

/* modules.c */
void modulesRun(Machine* the, const char* path);

/* console.c */
void consoleInstall(Machine* the);
void consolePrintException(Machine* the, const char* what);

/* timer.c: milliseconds of a clock that never goes back */
double timerNow(void);
void timerInstall(Machine* the);
/* The time at which the next timer is due; infinity without one. */
double timerDeadline(void);
/* Runs the timer that is longest overdue; false when none is. */
bool timerRunDue(Machine* the);

/* process.c: does the program end with its standard input, and has that ended? */
extern bool tethered;
bool tetherLetGo(void);

/* socket.c */
int socketCount(void);
void socketFill(struct pollfd* entries);
void socketServe(Machine* the, const struct pollfd* entries, int count);

/* signal.c */
const sigset_t* signalMask(void);
bool signalDeliver(Machine* the);

/* main.c: writes the report and ends the process */
void finish(Machine* the, int exitCode) __attribute__((noreturn));
/* The engine's name and version: "XS 13.3.0". */
void engineName(char* name, size_t size);

#endif
