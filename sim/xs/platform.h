/*
 * What XS's own sources need to know of the machine that they are built for: Linux with GCC or Clang, on
 * x86 or ARM, 32 or 64 bits. XS reads this file first, through -DXSPLATFORM="platform.h".
 */
#ifndef VAGUS_XS_PLATFORM_H
#define VAGUS_XS_PLATFORM_H

#undef mxLinux
#define mxLinux 1
#undef mxLittleEndian
#define mxLittleEndian 1

#define mxExport extern
#define mxImport extern
#define XS_FUNCTION_NORETURN __attribute__((noreturn))

#include <ctype.h>
#include <float.h>
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Keys of 32 bits fit into a slot of 64-bit XS (32 bytes); a slot of 32-bit XS has room for 16 (16 bytes). */
#if INTPTR_MAX == INT64_MAX
#define mx32bitID 1
#endif

#define mxUseGCCAtomics 1
#define mxUsePOSIXThreads 1
#define mxUseDefaultBuildKeys 1
#define mxUseDefaultParseScript 1
#define mxUseDefaultSharedChunks 1

/* Atomics.wait links the machines that wait. */
#define mxMachinePlatform \
  void* waiterCondition;  \
  void* waiterData;       \
  void* waiterLink;

#endif
