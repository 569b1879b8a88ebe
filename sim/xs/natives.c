/*
 * The two globals by which JavaScript reaches C, in the form of the current Moddable SDK:
 *
 *   native("xs_name").call(this, …)               a function of C, by name
 *   class X extends Native("xs_destructor") { … }  objects with host data, and the C that frees it
 *
 * On a device the compiler binds both. Here the names stand in table.h. All functions are made at the start
 * and kept, so that calling one costs no memory.
 */
#include "xsAll.h"
#include "runner.h"
#include "table.h"

#define DECLARE(NAME) extern void NAME(txMachine*);
VAGUS_NATIVES(DECLARE)
#undef DECLARE
#define DECLARE(NAME) extern void NAME(void*);
VAGUS_DESTRUCTORS(DECLARE)
#undef DECLARE

#define ROW(NAME) {#NAME, NAME},
static const struct {
  const char* name;
  txCallback callback;
} natives[] = {VAGUS_NATIVES(ROW)};

static const struct {
  const char* name;
  txDestructor destructor;
} destructors[] = {VAGUS_DESTRUCTORS(ROW)};
#undef ROW

enum {
  NATIVE_COUNT = sizeof(natives) / sizeof(natives[0]),
  DESTRUCTOR_COUNT = sizeof(destructors) / sizeof(destructors[0]),
};

static txSlot functions[NATIVE_COUNT];

static txString nameArgument(txMachine* the) {
  if (mxArgc < 1) mxTypeError("no name of a native");
  return fxToString(the, mxArgv(0));
}

static void xs_native(txMachine* the) {
  txString name = nameArgument(the);
  for (int i = 0; i < NATIVE_COUNT; i++) {
    if (strcmp(name, natives[i].name) != 0) continue;
    mxResult->kind = functions[i].kind;
    mxResult->value = functions[i].value;
    return;
  }
  mxReferenceError("no native function %s", name);
}

/* The destructor stands in the host data of the prototype that Native() made, however many classes lie between. */
static txDestructor inherited(txSlot* prototype) {
  for (; prototype; prototype = prototype->value.instance.prototype) {
    txSlot* host = prototype->next;
    if (host && host->kind == XS_HOST_KIND) return host->value.host.variant.destructor;
  }
  return NULL;
}

static void construct(txMachine* the) {
  if (mxTarget->kind != XS_REFERENCE_KIND) mxTypeError("a native class is made with new");
  mxPushSlot(mxTarget);
  fxGetPrototypeFromConstructor(the, &mxObjectPrototype);
  txDestructor destructor = inherited(fxGetInstance(the, the->stack));
  txSlot* instance = fxNewObjectInstance(the);
  txSlot* host = instance->next = fxNewSlot(the);
  host->flag = XS_INTERNAL_FLAG;
  host->kind = XS_HOST_KIND;
  host->value.host.data = NULL;
  host->value.host.variant.destructor = destructor;
  mxPullSlot(mxResult);
}

static void xs_Native(txMachine* the) {
  txString name = nameArgument(the);
  for (int i = 0; i < DESTRUCTOR_COUNT; i++) {
    if (strcmp(name, destructors[i].name) != 0) continue;
    fxNewHostObject(the, destructors[i].destructor);
    fxNewHostConstructor(the, construct, 0, XS_NO_ID);
    mxPullSlot(mxResult);
    return;
  }
  mxReferenceError("no native destructor %s", name);
}

static void defineGlobal(txMachine* the, const char* name, txCallback callback) {
  fxNewHostFunction(the, callback, 1, XS_NO_ID, XS_NO_ID);
  mxPush(mxGlobal);
  fxDefineID(the, fxID(the, (txString)name), XS_DONT_ENUM_FLAG, XS_DONT_ENUM_FLAG | XS_DONT_DELETE_FLAG | XS_DONT_SET_FLAG);
  mxPop();
}

void nativesInstall(txMachine* the) {
  fxBeginHost(the);
  for (int i = 0; i < NATIVE_COUNT; i++) {
    fxNewHostFunction(the, natives[i].callback, 0, XS_NO_ID, XS_NO_ID);
    functions[i].kind = the->stack->kind;
    functions[i].value = the->stack->value;
    fxRemember(the, &functions[i]);
    mxPop();
  }
  defineGlobal(the, "native", xs_native);
  defineGlobal(the, "Native", xs_Native);
  fxEndHost(the);
}
