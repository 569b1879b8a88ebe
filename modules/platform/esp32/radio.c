/* What radio.ts needs of NimBLE and the SDK's GATTServer does not give. */
#include "xsmc.h"

#include "host/ble_gap.h"
#include "host/ble_hs.h"
#include "os/os_mbuf.h"

enum { HANDLES = 4 };

static struct ble_gap_event_listener listener;
static uint16_t handles[HANDLES];
/* NimBLE's task writes `come`, XS's task writes `told`. */
static volatile uint8_t come, told;

static int on_event(struct ble_gap_event *event, void *unused) {
  (void)unused;
  if (event->type == BLE_GAP_EVENT_CONNECT && event->connect.status == 0) {
    handles[come % HANDLES] = event->connect.conn_handle;
    come = come + 1;
  }
  return 0;
}

/* (): listeners hear of an event before the server that advertised does; NimBLE empties their list when it starts */
void xs_vagus_radio_watch(xsMachine *the) {
  (void)the;
  ble_gap_event_listener_register(&listener, on_event, NULL);
}

/* (): a handle, or -1 */
void xs_vagus_radio_handle(xsMachine *the) {
  if (told == come) {
    xsmcSetInteger(xsResult, -1);
    return;
  }
  xsmcSetInteger(xsResult, handles[told % HANDLES]);
  told = told + 1;
}

/* (handle): one that is gone does nothing */
void xs_vagus_radio_terminate(xsMachine *the) {
  ble_gap_terminate((uint16_t)xsmcToInteger(xsArg(0)), BLE_ERR_REM_USER_CONN_TERM);
}

/* (): buffers */
void xs_vagus_radio_room(xsMachine *the) {
  xsmcSetInteger(xsResult, os_msys_num_free());
}
