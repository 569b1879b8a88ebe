/*
 * vagus-xs: runs a JavaScript module on XS, headless. Arguments, the run loop, and the end.
 */
#include "xsAll.h"
#include "runner.h"

#include <errno.h>
#include <getopt.h>

Options options = {
    .slots = -1,
    .chunkBytes = -1,
    .slotsAbove = -1,
    .chunkBytesAbove = -1,
    .stepSlots = 64,
    .stepChunkBytes = 1024,
    .stackSlots = 4096,
};

void engineName(char* name, size_t size) {
  snprintf(name, size, "XS %d.%d.%d", XS_MAJOR_VERSION, XS_MINOR_VERSION, XS_PATCH_VERSION);
}

static const char help[] =
    "vagus-xs [options] module.js [argument…]\n"
    "Runs an ES module, or a bundle of them, on the XS JavaScript engine without hardware.\n"
    "\n"
    "  --slots N               heap of at most N slots, and the engine's own are among them\n"
    "  --chunks BYTES          chunk heap of at most BYTES\n"
    "  --slots-above N         at most N slots more than are in use after loading\n"
    "  --chunks-above BYTES    at most BYTES more of chunks than are in use after loading\n"
    "  --stack N               stack of N slots (4096)\n"
    "  --meter-limit N         at most N byte codes\n"
    "  --measure               let the heap grow only by what live data needs, for the report's peak figures\n"
    "  --step-slots N          in steps of N slots (64)\n"
    "  --step-chunks BYTES     and BYTES of chunks (1024)\n"
    "  --gc-stress             collect garbage at every allocation after loading (slow)\n"
    "  --report FILE           write figures as JSON at the end\n"
    "  --version, --help\n"
    "\n"
    "Exit codes: the program's own; 1 uncaught exception or rejection; 2 wrong usage; 70 out of memory;\n"
    "71 stack overflow; 72 meter limit; 73 the engine failed.\n";

static void usage(const char* reason, const char* what) __attribute__((noreturn));
static void usage(const char* reason, const char* what) {
  fprintf(stderr, "vagus-xs: %s %s (--help tells more)\n", reason, what);
  exit(EXIT_USAGE);
}

static uint64_t number(const char* text, uint64_t least, uint64_t most) {
  char* end;
  errno = 0;
  unsigned long long value = strtoull(text, &end, 10);
  if (errno || end == text || *end || *text == '-' || value < least || value > most) usage("not a number in range:", text);
  return value;
}

static void readOptions(int count, char** arguments) {
  enum { SLOTS = 256, CHUNKS, SLOTS_ABOVE, CHUNKS_ABOVE, STACK, LIMIT, MEASURE, STEP_SLOTS, STEP_CHUNKS, STRESS, REPORT, VERSION, HELP };
  static const struct option names[] = {
      {"slots", 1, 0, SLOTS},           {"chunks", 1, 0, CHUNKS},
      {"slots-above", 1, 0, SLOTS_ABOVE}, {"chunks-above", 1, 0, CHUNKS_ABOVE},
      {"stack", 1, 0, STACK},           {"meter-limit", 1, 0, LIMIT},
      {"measure", 0, 0, MEASURE},       {"step-slots", 1, 0, STEP_SLOTS},
      {"step-chunks", 1, 0, STEP_CHUNKS}, {"gc-stress", 0, 0, STRESS},
      {"report", 1, 0, REPORT},         {"version", 0, 0, VERSION},
      {"help", 0, 0, HELP},             {0, 0, 0, 0}};
  const uint64_t most = 1 << 24;
  opterr = 0;
  for (int option; (option = getopt_long(count, arguments, "+:", names, NULL)) != -1;) switch (option) {
      case SLOTS: options.slots = (int32_t)number(optarg, 1, most); break;
      case CHUNKS: options.chunkBytes = (int32_t)number(optarg, 1, most * 16); break;
      case SLOTS_ABOVE: options.slotsAbove = (int32_t)number(optarg, 0, most); break;
      case CHUNKS_ABOVE: options.chunkBytesAbove = (int32_t)number(optarg, 0, most * 16); break;
      case STACK: options.stackSlots = (int32_t)number(optarg, 256, most); break;
      case LIMIT: options.meterLimit = number(optarg, 1, UINT64_MAX); break;
      case MEASURE: options.measure = true; break;
      case STEP_SLOTS: options.stepSlots = (int32_t)number(optarg, 2, most); break;
      case STEP_CHUNKS: options.stepChunkBytes = (int32_t)number(optarg, 16, most) & ~15; break;
      case STRESS: options.gcStress = true; break;
      case REPORT: options.report = optarg; break;
      case VERSION: {
        char name[32];
        engineName(name, sizeof(name));
        puts(name);
        exit(0);
      }
      case HELP: fputs(help, stdout); exit(0);
      case ':': usage("no value for", arguments[optind - 1]);
      default: usage("unknown option", arguments[optind - 1]);
    }
  if (optind >= count) usage("no module to run;", "give a file");
  options.module = arguments[optind];
  options.arguments = arguments + optind + 1;
  options.argumentCount = count - optind - 1;
}

/* A limit makes a heap of fixed size; without one it grows in large steps. One slot heads the heap. */
static txMachine* createMachine(void) {
  bool fixedSlots = options.slots >= 0, fixedChunks = options.chunkBytes >= 0;
  txCreation creation = {
      .initialChunkSize = fixedChunks ? options.chunkBytes : 1 << 20,
      .incrementalChunkSize = fixedChunks ? 0 : 1 << 20,
      .initialHeapCount = fixedSlots ? options.slots + 1 : 1 << 15,
      .incrementalHeapCount = fixedSlots ? 0 : 1 << 15,
      .stackCount = options.stackSlots,
      .initialKeyCount = 4096,
      .incrementalKeyCount = 4096,
      .nameModulo = 1993,
      .symbolModulo = 127,
      .parserBufferSize = 1 << 23,
      .parserTableModulo = 1993,
  };
  fxInitializeSharedCluster();
  return fxCreateMachine(&creation, "vagus", NULL, XS_NO_ID);
}

/* As in Node, a rejection that nobody has handled when the promise jobs are done is an error. */
static void runJobs(txMachine* the) {
  while (platformTakeJobs()) fxRunPromiseJobs(the);
  fxEndJob(the);
  fxCheckUnhandledRejections(the, 1);
}

/* Waits for the next timer, socket or signal; false when there is none of the first two to wait for. */
static bool waitAndServe(txMachine* the) {
  int count = socketCount();
  double deadline = timerDeadline();
  if (count == 0 && deadline == HUGE_VAL) return false;
  struct pollfd entries[count + 1];
  socketFill(entries);
  entries[count] = (struct pollfd){.fd = tethered ? STDIN_FILENO : -1, .events = POLLIN};
  double left = ceil(deadline - timerNow());
  struct timespec timeout = {.tv_sec = 0};
  if (left > 0 && left < 1e9) timeout = (struct timespec){(time_t)(left / 1e3), (long)fmod(left, 1e3) * 1000000};
  if (ppoll(entries, (nfds_t)count + 1, left < 1e9 ? &timeout : NULL, signalMask()) > 0) {
    if (entries[count].revents != 0 && tetherLetGo()) finish(the, 0);
    if (count > 0) socketServe(the, entries, count);
  }
  return true;
}

static void runLoop(txMachine* the) {
  do {
    runJobs(the);
    if (signalDeliver(the) || timerRunDue(the)) runJobs(the);
  } while (waitAndServe(the));
}

void finish(txMachine* the, int exitCode) {
  measureReport(the, exitCode);
  fflush(stdout);
  fflush(stderr);
  _exit(exitCode);
}

int main(int count, char** arguments) {
  readOptions(count, arguments);
  if (access(options.module, R_OK) != 0) usage("cannot read", options.module);
  txMachine* the = createMachine();
  if (the == NULL) return EXIT_ENGINE;
  measureStart(the);
  nativesInstall(the);
  consoleInstall(the);
  timerInstall(the);
  modulesRun(the, options.module);
  runJobs(the);
  measureResident(the);
  runLoop(the);
  measureReport(the, 0);
  fxDeleteMachine(the);
  fxTerminateSharedCluster();
  return 0;
}
