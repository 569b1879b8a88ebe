/*
 * How much memory and work a program needs.
 *
 * `--measure`: when the module has been loaded, the heap is collected and what is left is *resident*. Then every
 * free slot is tied up and the chunks' block is cut at its end, so that the heap is full. XS grows a heap only
 * when a collection has freed nothing (slots) or not enough (chunks, which the same collection also moves
 * together), so from here on it grows only by what live data needs: garbage is never counted, and need is
 * never missed, whatever the collector's timing. The growth goes in small steps; the figure is the end of the
 * last one, a size with which the program has just been seen to run.
 *
 * `--slots-above` and `--chunks-above` give exactly so much above resident, and no more: the cross-check.
 */
#include "xsAll.h"
#include "runner.h"

extern void fxGrowSlots(txMachine* the, txSize count);
extern int gxStress;

static txSlot ballast;
static struct {
  bool taken;
  txSize slots, chunkBytes, ballastSlots;
  txSize slotsAtCut;
  txByte* limitAtCut;
  uint64_t meter;
} resident;

/* The engine's meter has 32 bits; it is emptied into this one before it runs over. */
static uint64_t metered;
static const txU4 meterStep = (txU4)1 << 30;

static uint64_t meter(txMachine* the) { return metered + the->meterIndex; }

static txU4 meterInterval(txMachine* the) {
  if (options.meterLimit == 0) return meterStep;
  uint64_t total = meter(the);
  uint64_t left = options.meterLimit > total ? options.meterLimit - total : 0;
  return left > meterStep ? meterStep : left == 0 ? 1 : (txU4)left;
}

static txBoolean emptyMeter(txMachine* the, txU4 index) {
  metered += index;
  the->meterIndex = 0;
  if (options.meterLimit && metered >= options.meterLimit) return 0;
  the->meterCount = meterInterval(the);
  return 1;
}

void measureStart(txMachine* the) { fxBeginMetering(the, emptyMeter, meterInterval(the)); }

/* Hangs all free slots on one object that stays: the free list's links are an object's links already. */
static void tieUpFreeSlots(txMachine* the) {
  txSlot* first = the->freeHeap;
  if (first == NULL) return;
  for (txSlot* slot = first; slot; slot = slot->next) {
    slot->ID = XS_NO_ID;
    slot->flag = XS_NO_FLAG;
    slot->kind = XS_UNDEFINED_KIND;
    resident.ballastSlots++;
  }
  first->kind = XS_INSTANCE_KIND;
  first->value.instance.garbage = NULL;
  first->value.instance.prototype = NULL;
  ballast.kind = XS_REFERENCE_KIND;
  ballast.value.reference = first;
  fxRemember(the, &ballast);
  the->freeHeap = NULL;
  the->currentHeapCount += resident.ballastSlots;
}

static void fillSlots(txMachine* the) {
  if (options.slotsAbove < 0 && !options.measure) return;
  tieUpFreeSlots(the);
  if (options.slotsAbove >= 0) {
    if (options.slotsAbove >= 2) fxGrowSlots(the, options.slotsAbove);
    the->minimumHeapCount = 0;
  } else
    the->minimumHeapCount = options.stepSlots;
  resident.slotsAtCut = resident.slots + resident.ballastSlots;
}

static void fillChunks(txMachine* the) {
  if (options.chunkBytesAbove < 0 && !options.measure) return;
  txBlock* block = the->firstBlock;
  resident.limitAtCut = block->current;
  txByte* limit = block->current + (options.chunkBytesAbove >= 0 ? options.chunkBytesAbove : 0);
  the->maximumChunksSize += (txSize)(limit - block->limit);
  block->limit = limit;
  the->minimumChunksSize = options.chunkBytesAbove >= 0 ? 0 : options.stepChunkBytes;
}

/* Takes what is in use now as resident, and limits what comes on top of it. */
void measureResident(txMachine* the) {
  if (ballast.kind == XS_REFERENCE_KIND) fxForget(the, &ballast);
  memset(&resident, 0, sizeof(resident));
  memset(&ballast, 0, sizeof(ballast));
  fxCollect(the, XS_COMPACT_FLAG);
  resident.taken = true;
  resident.slots = the->currentHeapCount;
  resident.chunkBytes = the->currentChunksSize;
  resident.meter = meter(the);
  fillSlots(the);
  fillChunks(the);
  if (options.gcStress) gxStress = 1;
}

static void printFigure(FILE* file, const char* name, bool known, long long value) {
  if (known)
    fprintf(file, ",\n  \"%s\": %lld", name, value);
  else
    fprintf(file, ",\n  \"%s\": null", name);
}

/* Writes the report of `--report`; figures that were not taken are null. */
void measureReport(txMachine* the, int exitCode) {
  if (options.report == NULL) return;
  FILE* file = fopen(options.report, "w");
  if (file == NULL) {
    perror(options.report);
    return;
  }
  bool peak = options.measure && resident.taken;
  bool ofSlots = peak && options.slotsAbove < 0, ofChunks = peak && options.chunkBytesAbove < 0;
  char engine[32];
  engineName(engine, sizeof(engine));
  fprintf(file, "{\n  \"engine\": \"%s\",\n  \"exitCode\": %d", engine, exitCode);
  printFigure(file, "slotBytes", true, sizeof(txSlot));
  printFigure(file, "residentSlots", resident.taken, resident.slots);
  printFigure(file, "residentChunkBytes", resident.taken, resident.chunkBytes);
  printFigure(file, "heapPeakSlots", ofSlots, the->maximumHeapCount - resident.slotsAtCut);
  printFigure(file, "heapPeakChunkBytes", ofChunks, the->firstBlock ? the->firstBlock->limit - resident.limitAtCut : 0);
  printFigure(file, "meter", true, (long long)meter(the));
  printFigure(file, "meterAfterLoad", resident.taken, (long long)(meter(the) - resident.meter));
  fprintf(file, "\n}\n");
  fclose(file);
}

/* xs_heap(): { slots, chunkBytes } in use, garbage that has not been collected included */
void xs_heap(txMachine* the) {
  txInteger slots = the->currentHeapCount - resident.ballastSlots;
  txInteger bytes = the->currentChunksSize;
  mxPush(mxObjectPrototype);
  txSlot* property = fxLastProperty(the, fxNewObjectInstance(the));
  property = fxNextIntegerProperty(the, property, slots, fxID(the, "slots"), XS_NO_FLAG);
  fxNextIntegerProperty(the, property, bytes, fxID(the, "chunkBytes"), XS_NO_FLAG);
  mxPullSlot(mxResult);
}

/* xs_meter(): byte codes run since the start */
void xs_meter(txMachine* the) {
  mxResult->kind = XS_NUMBER_KIND;
  mxResult->value.number = (txNumber)meter(the);
}

/* xs_collect(): collects garbage and moves the chunks together */
void xs_collect(txMachine* the) { fxCollect(the, XS_COMPACT_FLAG); }

/* xs_resident(): takes what is in use now as resident, instead of what was after loading */
void xs_resident(txMachine* the) { measureResident(the); }
