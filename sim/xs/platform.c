/*
 * XS's memory, and what XS does when it cannot go on.
 *
 * Slots and chunks each come from one address range, reserved at first and grown at its end, so that the heap
 * stays in one piece as on a device: no hole between blocks is ever counted as need.
 */
#include "xsAll.h"
#include "runner.h"

#include <sys/mman.h>

/* Address space only: pages are taken when they are touched. */
static const size_t reserved = sizeof(void*) == 8 ? (size_t)1 << 30 : (size_t)1 << 28;

static struct {
  txSlot* base;
  txSlot* top;
} slots;
static txByte* chunks;
static const char* exhausted;
static bool jobs;

static void* reserve(void) {
  void* base = mmap(NULL, reserved, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (base == MAP_FAILED) {
    perror("vagus-xs: no address space for the heap");
    exit(EXIT_ENGINE);
  }
  return base;
}

/* The first slots asked for are the stack; they are no part of the heap. */
txSlot* fxAllocateSlots(txMachine* the, txSize count) {
  if (the->stackBottom == NULL) return malloc((size_t)count * sizeof(txSlot));
  if (slots.base == NULL) slots.base = slots.top = reserve();
  txSlot* result = slots.top;
  if ((size_t)count > reserved / sizeof(txSlot) - (size_t)(result - slots.base)) {
    exhausted = "slots";
    return NULL;
  }
  slots.top += count;
  return result;
}

void fxFreeSlots(txMachine* the, void* address) {
  (void)the;
  if (address != slots.base) {
    free(address);
    return;
  }
  munmap(slots.base, reserved);
  slots.base = slots.top = NULL;
}

void* fxAllocateChunks(txMachine* the, txSize size) {
  if (chunks == NULL) chunks = reserve();
  txByte* result = the->firstBlock ? the->firstBlock->limit : chunks;
  if ((size_t)size > reserved - (size_t)(result - chunks)) {
    exhausted = "chunk bytes";
    return NULL;
  }
  return result;
}

void fxFreeChunks(txMachine* the, void* address) {
  (void)the;
  (void)address;
  munmap(chunks, reserved);
  chunks = NULL;
}


/*
 * XS asks for memory in fixed-size heaps only after a collection, so whatever is full then is full of live
 * data. Free slots left over mean that it was the chunks.
 */
static void reportExhausted(txMachine* the) {
  bool ofSlots = exhausted ? strcmp(exhausted, "slots") == 0 : the->freeHeap == NULL && the->minimumHeapCount == 0;
  if (ofSlots)
    fprintf(stderr, "out of memory: %ld slots of %ld\n", (long)the->currentHeapCount, (long)the->maximumHeapCount);
  else
    fprintf(stderr, "out of memory: %ld chunk bytes of %ld\n", (long)the->currentChunksSize,
            (long)the->maximumChunksSize);
}

void fxAbort(txMachine* the, int status) {
  switch (status) {
    case XS_NOT_ENOUGH_MEMORY_EXIT:
      reportExhausted(the);
      finish(the, EXIT_MEMORY);
    case XS_STACK_OVERFLOW_EXIT:
      fprintf(stderr, "stack overflow: the stack has %ld slots\n", (long)(the->stackTop - the->stackBottom));
      finish(the, EXIT_STACK);
    case XS_TOO_MUCH_COMPUTATION_EXIT:
      fprintf(stderr, "too much computation: the meter's limit is %llu\n", (unsigned long long)options.meterLimit);
      finish(the, EXIT_METER);
    case XS_UNHANDLED_EXCEPTION_EXIT:
      consolePrintException(the, "Uncaught exception");
      finish(the, EXIT_UNCAUGHT);
    case XS_UNHANDLED_REJECTION_EXIT:
      consolePrintException(the, "Unhandled rejection");
      finish(the, EXIT_UNCAUGHT);
    case XS_NO_MORE_KEYS_EXIT:
      fprintf(stderr, "out of memory: no more keys\n");
      finish(the, EXIT_MEMORY);
    default:
      fprintf(stderr, "XS ended with status %d\n", status);
      finish(the, EXIT_ENGINE);
  }
}

void fxCreateMachinePlatform(txMachine* the) { (void)the; }
void fxDeleteMachinePlatform(txMachine* the) { (void)the; }

void fxQueuePromiseJobs(txMachine* the) {
  (void)the;
  jobs = true;
}

/* Are there promise jobs to run? Asking takes the mark away. */
bool platformTakeJobs(void) {
  bool result = jobs;
  jobs = false;
  return result;
}
