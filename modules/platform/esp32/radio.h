/*
 * What NimBLE's task has to tell XS's task, in the order in which it happened. An event goes to JavaScript as
 *
 *     kind:1 | link:2, little endian | payload
 *
 *   READY          -               NimBLE runs, for the first time or anew; nothing is advertised
 *   STOPPED        -               advertising has ended, and nobody is connected by it
 *   CONNECTED      -               advertising has ended; `link` is this connection's number, never used again
 *   MTU            mtu:2
 *   SUBSCRIBED     characteristic:1 | wanted:1
 *   WRITTEN        value           a write to control, whole
 *   CONFIRMED      -               the indication that was sent has arrived
 *   DISCONNECTED   -               the last of this link; always comes
 */
#ifndef VAGUS_RADIO_H
#define VAGUS_RADIO_H

#include <stdint.h>

enum { RADIO_ADDRESS = 6, RADIO_INFO = 20 };

/** In the order in which stack.ts numbers them. */
enum radio_characteristic { RADIO_CONTROL, RADIO_TELEMETRY, RADIO_STATE, RADIO_CHARACTERISTICS };
enum { NO_PASSKEY = -1 };
enum radio_sent { RADIO_TAKEN, RADIO_FULL, RADIO_LOST };

/** Bytes of the UUIDs of the service and its characteristics. */
enum { RADIO_IDS = 16 * (1 + RADIO_CHARACTERISTICS) };

enum radio_kind {
  RADIO_READY,
  RADIO_STOPPED,
  RADIO_CONNECTED,
  RADIO_MTU,
  RADIO_SUBSCRIBED,
  RADIO_WRITTEN,
  RADIO_CONFIRMED,
  RADIO_DISCONNECTED,
};

struct radio_link;

struct radio_event {
  struct radio_event *next;
  /** Of an event that is part of its link, and so needs no memory: the link. */
  struct radio_link *owner;
  uint16_t link, length;
  uint8_t kind;
  uint8_t bytes[1];
};

/** A connection from its coming until JavaScript has heard of its end. */
struct radio_link {
  uint16_t number, handle;
  /** The passkey that it may be paired with, once; NO_PASSKEY while it may not. */
  int32_t passkey;
  enum { RADIO_FREE, RADIO_LIVE, RADIO_GONE } state;
  struct radio_event gone;
};

/** @returns an event with room for `length` bytes; NULL where too much waits already, or there is no memory */
struct radio_event *radio_event_new(enum radio_kind kind, uint16_t link, uint16_t length);
void radio_event_put(struct radio_event *event);
/** @returns the oldest, or NULL. Give it back with `radio_event_done`. */
struct radio_event *radio_event_take(void);
void radio_event_done(struct radio_event *event);

/** @returns the number of a new link, or -1 where there is room for none */
int radio_link_begin(uint16_t handle);
void radio_link_end(uint16_t handle);
/** @returns the number of the live link with this handle, or -1 */
int radio_link_of(uint16_t handle);
/** @returns the handle of the live link with this number, or -1 */
int radio_link_handle(uint16_t number);

/** From now on the live link with this number may be paired, once. */
void radio_link_allow(uint16_t number, int32_t passkey);
/** Takes the passkey of the live link with this handle. @returns NO_PASSKEY where it may not be paired, or has been tried before */
int32_t radio_link_passkey(uint16_t handle);

/* radio_nimble.c, for XS's task. Those that return an `int` return 0 where all is well. */

int radio_open(const uint8_t ids[RADIO_IDS], uint16_t mtu);
/** @param address where to advertise from, anew; NULL stops it */
int radio_advertise(const uint8_t *address);
void radio_info(const uint8_t *bytes, uint16_t length);
/** Queues nothing unless it returns RADIO_TAKEN. */
enum radio_sent radio_send(uint16_t link, enum radio_characteristic to, const void *bytes, uint16_t length);
void radio_terminate(uint16_t link);
/** @returns -1 where NimBLE was built without a security manager */
int radio_pair(uint16_t link, uint32_t passkey);

/* radio_xs.c, for NimBLE's task */

/** Has XS's task take what is in the queue. */
void radio_wake(void);

#endif
