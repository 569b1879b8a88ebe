/*
 * The queue between NimBLE's task and XS's, and the links that stand in it. A central decides how much comes in, so what may
 * wait is bounded: the longest message of the protocol fits, whatever the MTU, as long as XS is not away for a second.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "nimble/nimble_npl.h"
#include "syscfg/syscfg.h"

#include "radio.h"

enum { EVENTS_MAX = 48, BYTES_MAX = 6144 };

/* A link stays until its end was heard of, when its handle may have been given to the next. */
static struct radio_link links[2 * MYNEWT_VAL(BLE_MAX_CONNECTIONS)];
static struct radio_event *first, **last = &first;
static unsigned events, bytes;
static uint16_t number;

struct radio_event *radio_event_new(enum radio_kind kind, uint16_t link, uint16_t length) {
  uint32_t state = ble_npl_hw_enter_critical();
  int room = events < EVENTS_MAX && bytes + length <= BYTES_MAX;
  if (room) {
    events++;
    bytes += length;
  }
  ble_npl_hw_exit_critical(state);
  struct radio_event *event = room ? calloc(1, sizeof *event + length) : NULL;
  if (room && event == NULL) {
    state = ble_npl_hw_enter_critical();
    events--;
    bytes -= length;
    ble_npl_hw_exit_critical(state);
  }
  if (event == NULL) return NULL;
  event->kind = kind;
  event->link = link;
  event->length = length;
  return event;
}

/* Within a critical section. */
static void put(struct radio_event *event) {
  event->next = NULL;
  *last = event;
  last = &event->next;
}

void radio_event_put(struct radio_event *event) {
  uint32_t state = ble_npl_hw_enter_critical();
  put(event);
  ble_npl_hw_exit_critical(state);
}

struct radio_event *radio_event_take(void) {
  uint32_t state = ble_npl_hw_enter_critical();
  struct radio_event *event = first;
  if (event != NULL) {
    first = event->next;
    if (first == NULL) last = &first;
  }
  ble_npl_hw_exit_critical(state);
  return event;
}

void radio_event_done(struct radio_event *event) {
  uint32_t state = ble_npl_hw_enter_critical();
  struct radio_link *owner = event->owner;
  if (owner != NULL) {
    owner->state = RADIO_FREE;
  } else {
    events--;
    bytes -= event->length;
  }
  ble_npl_hw_exit_critical(state);
  if (owner == NULL) free(event);
}

int radio_link_begin(uint16_t handle) {
  int result = -1;
  uint32_t state = ble_npl_hw_enter_critical();
  for (size_t i = 0; i < sizeof links / sizeof *links && result < 0; i++) {
    struct radio_link *link = &links[i];
    if (link->state != RADIO_FREE) continue;
    result = ++number;
    memset(link, 0, sizeof *link);
    link->state = RADIO_LIVE;
    link->handle = handle;
    link->number = number;
    link->passkey = NO_PASSKEY;
    link->gone.owner = link;
    link->gone.kind = RADIO_DISCONNECTED;
    link->gone.link = number;
  }
  ble_npl_hw_exit_critical(state);
  return result;
}

void radio_link_end(uint16_t handle) {
  uint32_t state = ble_npl_hw_enter_critical();
  for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
    if (links[i].state != RADIO_LIVE || links[i].handle != handle) continue;
    links[i].state = RADIO_GONE;
    put(&links[i].gone);
  }
  ble_npl_hw_exit_critical(state);
}

int radio_link_of(uint16_t handle) {
  int result = -1;
  uint32_t state = ble_npl_hw_enter_critical();
  for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
    if (links[i].state == RADIO_LIVE && links[i].handle == handle) result = links[i].number;
  }
  ble_npl_hw_exit_critical(state);
  return result;
}

int radio_link_handle(uint16_t wanted) {
  int result = -1;
  uint32_t state = ble_npl_hw_enter_critical();
  for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
    if (links[i].state == RADIO_LIVE && links[i].number == wanted) result = links[i].handle;
  }
  ble_npl_hw_exit_critical(state);
  return result;
}

void radio_link_allow(uint16_t wanted, int32_t passkey) {
  uint32_t state = ble_npl_hw_enter_critical();
  for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
    if (links[i].state == RADIO_LIVE && links[i].number == wanted) links[i].passkey = passkey;
  }
  ble_npl_hw_exit_critical(state);
}

int32_t radio_link_passkey(uint16_t handle) {
  int32_t result = NO_PASSKEY;
  uint32_t state = ble_npl_hw_enter_critical();
  for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
    if (links[i].state != RADIO_LIVE || links[i].handle != handle) continue;
    result = links[i].passkey;
    links[i].passkey = NO_PASSKEY;
  }
  ble_npl_hw_exit_critical(state);
  return result;
}
