/* The radio, for stack.ts. */
#include "xsmc.h"
#include "xsHost.h"

#include <string.h>

#include "nimble/nimble_npl.h"

#include "radio.h"

static xsMachine *machine;
static xsSlot heard;
static volatile uint8_t waking;

static void deliver(void *to, void *unused, uint8_t *message, uint16_t length) {
  (void)unused, (void)message, (void)length;
  waking = 0;
  xsBeginHost(to);
  xsCallFunction0(heard, xsGlobal);
  xsEndHost(to);
}

/* One call of `heard` takes all that there is. */
void radio_wake(void) {
  uint32_t state = ble_npl_hw_enter_critical();
  int already = waking;
  waking = 1;
  ble_npl_hw_exit_critical(state);
  while (!already && modMessagePostToMachine(machine, NULL, 0, deliver, NULL) != 0) ble_npl_time_delay(1);
}

/* (heard, uuids: service, control, telemetry, info; 16 bytes each, the last byte first; mtu) */
void xs_vagus_radio_open(xsMachine *the) {
  void *bytes;
  xsUnsignedValue length;
  uint16_t mtu = (uint16_t)xsmcToInteger(xsArg(2));
  if (machine != NULL) xsUnknownError("expected one radio, came a second");
  xsmcGetBufferReadable(xsArg(1), &bytes, &length);
  if (length != RADIO_IDS) xsRangeError("expected four UUIDs, came %u bytes", (unsigned)length);
  machine = the;
  heard = xsArg(0);
  xsRemember(heard);
  if (radio_open(bytes, mtu) != 0) xsUnknownError("expected a radio that starts, came one that does not");
}

/* (): the oldest event (radio.h), or undefined */
void xs_vagus_radio_next(xsMachine *the) {
  struct radio_event *event = radio_event_take();
  if (event == NULL) return;
  uint8_t *bytes = xsmcSetArrayBuffer(xsResult, NULL, 3 + event->length);
  bytes[0] = event->kind;
  bytes[1] = (uint8_t)event->link;
  bytes[2] = (uint8_t)(event->link >> 8);
  memcpy(bytes + 3, event->bytes, event->length);
  radio_event_done(event);
}

/* (address or undefined): true, or false where the stack does not start it now */
void xs_vagus_radio_advertise(xsMachine *the) {
  void *address = NULL;
  xsUnsignedValue length;
  if (xsmcTest(xsArg(0))) {
    xsmcGetBufferReadable(xsArg(0), &address, &length);
    if (length != RADIO_ADDRESS) xsRangeError("expected an address of 6 bytes, came %u", (unsigned)length);
  }
  int error = radio_advertise(address);
  xsmcSetBoolean(xsResult, error == 0);
}

/* (bytes) */
void xs_vagus_radio_info(xsMachine *the) {
  void *bytes;
  xsUnsignedValue length;
  xsmcGetBufferReadable(xsArg(0), &bytes, &length);
  if (length > RADIO_INFO) xsRangeError("expected at most 20 bytes, came %u", (unsigned)length);
  radio_info(bytes, (uint16_t)length);
}

/* (link, characteristic, bytes): enum radio_sent */
void xs_vagus_radio_send(xsMachine *the) {
  void *bytes;
  xsUnsignedValue length;
  uint16_t link = (uint16_t)xsmcToInteger(xsArg(0));
  enum radio_characteristic to = xsmcToInteger(xsArg(1)) == RADIO_CONTROL ? RADIO_CONTROL : RADIO_TELEMETRY;
  xsmcGetBufferReadable(xsArg(2), &bytes, &length);
  xsmcSetInteger(xsResult, radio_send(link, to, bytes, (uint16_t)length));
}

/* (link): one that is gone stays so */
void xs_vagus_radio_terminate(xsMachine *the) {
  radio_terminate((uint16_t)xsmcToInteger(xsArg(0)));
}

/* (link, passkey): true, or false where this build does not pair */
void xs_vagus_radio_pair(xsMachine *the) {
  int32_t passkey = xsmcToInteger(xsArg(1));
  if (passkey < 0 || passkey > 999999) xsRangeError("expected a passkey of 0 to 999999, came %ld", (long)passkey);
  int error = radio_pair((uint16_t)xsmcToInteger(xsArg(0)), (uint32_t)passkey);
  xsmcSetBoolean(xsResult, error == 0);
}
