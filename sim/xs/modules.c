/*
 * ES modules from files. A specifier is a path: relative to the module that names it, or to the working
 * folder for the first one. There are no bare specifiers: the bundler resolves those.
 */
#include "xsAll.h"
#include "xsScript.h"
#include "runner.h"

#include <limits.h>

static void reportSyntax(void* console, txString path, txInteger line, txString format, c_va_list arguments) {
  (void)console;
  fprintf(stderr, "%s:%ld: ", path ? path : "?", (long)line);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
}

static txScript* parse(txMachine* the, const char* path) {
  FILE* file = fopen(path, "r");
  if (file == NULL) return NULL;
  txParser parser;
  txParserJump jump;
  txScript* script = NULL;
  fxInitializeParser(&parser, the, the->parserBufferSize, the->parserTableModulo);
  parser.reportError = reportSyntax;
  parser.firstJump = &jump;
  if (setjmp(jump.jmp_buf) == 0) {
    parser.path = fxNewParserSymbol(&parser, (txString)path);
    fxParserTree(&parser, file, (txGetter)fgetc, 0, NULL);
    fxParserHoist(&parser);
    fxParserBind(&parser);
    script = fxParserCode(&parser);
  }
  fclose(file);
  fxTerminateParser(&parser);
  return script;
}

txID fxFindModule(txMachine* the, txSlot* realm, txID importer, txSlot* specifier) {
  (void)realm;
  char name[PATH_MAX];
  char path[2 * PATH_MAX];
  char real[PATH_MAX];
  fxToStringBuffer(the, specifier, name, sizeof(name));
  const char* base = importer == XS_NO_ID ? NULL : fxGetKeyName(the, importer);
  const char* slash = base ? strrchr(base, '/') : NULL;
  if (slash && name[0] == '.')
    snprintf(path, sizeof(path), "%.*s/%s", (int)(slash - base), base, name);
  else
    snprintf(path, sizeof(path), "%s", name);
  return realpath(path, real) ? fxNewNameC(the, real) : XS_NO_ID;
}

void fxLoadModule(txMachine* the, txSlot* module, txID moduleID) {
  txScript* script = parse(the, fxGetKeyName(the, moduleID));
  if (script) fxResolveModule(the, module, moduleID, script, C_NULL, C_NULL);
}

static void loaded(txMachine* the) { (void)the; }

static void failed(txMachine* the) {
  mxException = *mxArgv(0);
  fxAbort(the, XS_UNHANDLED_EXCEPTION_EXIT);
}

/* Starts to import the module; it has run when the promise jobs that follow have. */
void modulesRun(txMachine* the, const char* path) {
  txSlot* realm = mxProgram.value.reference->next->value.module.realm;
  fxBeginHost(the);
  mxTry(the) {
    mxPushStringC((txString)path);
    fxRunImport(the, realm, XS_NO_ID);
    mxDub();
    fxGetID(the, mxID(_then));
    mxCall();
    fxNewHostFunction(the, loaded, 1, XS_NO_ID, XS_NO_ID);
    fxNewHostFunction(the, failed, 1, XS_NO_ID, XS_NO_ID);
    mxRunCount(2);
    mxPop();
  }
  mxCatch(the) { fxAbort(the, XS_UNHANDLED_EXCEPTION_EXIT); }
  fxEndHost(the);
}
