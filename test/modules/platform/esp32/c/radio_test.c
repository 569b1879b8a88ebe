/* radio_nimble.c and radio_queue.c over a NimBLE that this plays. Prints a line for what is not as it should be. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "radio.h"
#include "stand-in.h"

static int failures, checks;
#define CHECK(condition) (checks++, (condition) ? 0 : (failures++, printf("line %d: %s\n", __LINE__, #condition)))

/* The stack that is played */
static ble_gap_event_fn *heard;
static const struct ble_gatt_chr_def *table;
static uint8_t address[6];
static int identities, reasoned, injected, authenticated, octets;
static int advertising, own_type, named, terminated, buffers = 12, refuse, notified, indicated, depth, woken;
static struct ble_hs_adv_fields fields;
static struct os_mbuf buffer;
typeof(ble_hs_cfg) ble_hs_cfg = { .sm_bonding = 1 };

uint32_t ble_npl_hw_enter_critical(void) { return (uint32_t)depth++; }
void ble_npl_hw_exit_critical(uint32_t state) { depth--; CHECK(depth == (int)state); }
void nimble_port_init(void) {}
void nimble_port_run(void) {}
void nimble_port_freertos_init(void (*task)(void *)) { CHECK(task != NULL); }
void nimble_port_freertos_deinit(void) {}
int os_msys_num_free(void) { return buffers; }
int os_mbuf_append(struct os_mbuf *om, const void *bytes, uint16_t length) {
  memcpy(om->bytes + om->length, bytes, length);
  om->length = (uint16_t)(om->length + length);
  return 0;
}
int os_mbuf_copydata(const struct os_mbuf *om, int offset, int length, void *to) {
  memcpy(to, om->bytes + offset, (size_t)length);
  return 0;
}
struct os_mbuf *ble_hs_mbuf_from_flat(const void *bytes, uint16_t length) {
  if (refuse == -1) return NULL;
  buffer.length = 0;
  os_mbuf_append(&buffer, bytes, length);
  return &buffer;
}
int ble_hs_id_gen_rnd(int nrpa, ble_addr_t *out) { return memset(out, nrpa, sizeof *out) == NULL; }
int ble_hs_id_set_rnd(const uint8_t *random) { return identities++, memcpy(address, random, 6) == NULL; }
int ble_hs_hci_util_set_random_addr(const uint8_t *random) {
  CHECK(!advertising); /* Core Specification Vol 4 Part E 7.8.4: not while it advertises */
  return memcpy(address, random, 6) == NULL;
}
int ble_att_set_preferred_mtu(uint16_t mtu) { return mtu != 247; }
void ble_svc_gap_init(void) {}
int ble_svc_gap_device_name_set(const char *name) { return named = (int)strlen(name), 0; }
int ble_gatts_count_cfg(const struct ble_gatt_svc_def *services) { return services == NULL; }
int ble_gatts_add_svcs(const struct ble_gatt_svc_def *services) {
  table = services->characteristics;
  for (int i = 0; table[i].uuid != NULL; i++) *table[i].val_handle = (uint16_t)(10 + 3 * i);
  return 0;
}
int ble_gatts_notify_custom(uint16_t connection, uint16_t attribute, struct os_mbuf *om) {
  CHECK(connection == 1 && attribute == 13 && om == &buffer);
  return refuse > 0 ? refuse : (notified++, 0);
}
int ble_gatts_indicate_custom(uint16_t connection, uint16_t attribute, struct os_mbuf *om) {
  CHECK(connection == 1 && attribute == 10 && om == &buffer);
  return refuse > 0 ? refuse : (indicated++, 0);
}
int ble_gap_adv_active(void) { return advertising; }
int ble_gap_adv_stop(void) { return advertising = 0; }
int ble_gap_adv_set_fields(const struct ble_hs_adv_fields *set) { return fields = *set, 0; }
int ble_gap_adv_start(uint8_t own, const ble_addr_t *to, int32_t ms, const struct ble_gap_adv_params *params,
                      ble_gap_event_fn *listener, void *arg) {
  CHECK(to == NULL && ms == BLE_HS_FOREVER && params->conn_mode == BLE_GAP_CONN_MODE_UND && arg == NULL);
  own_type = own;
  heard = listener;
  return refuse > 0 ? refuse : (advertising = 1, 0);
}
int ble_gap_set_data_len(uint16_t connection, uint16_t octets, uint16_t time) { return connection + octets + time == 0; }
int ble_gap_terminate(uint16_t connection, uint8_t reason) {
  reasoned = reason;
  return terminated = connection, 0;
}
int ble_gap_conn_find(uint16_t connection, struct ble_gap_conn_desc *out) {
  CHECK(connection == 1);
  memset(out, 0, sizeof *out);
  out->sec_state.authenticated = authenticated != 0;
  out->sec_state.key_size = (unsigned)octets & 31;
  return 0;
}
int ble_sm_inject_io(uint16_t connection, struct ble_sm_io *answer) {
  CHECK(connection == 1 && answer->action == BLE_SM_IOACT_INPUT);
  return injected = (int)answer->passkey, refuse;
}
void radio_wake(void) {
  CHECK(depth == 0);
  woken++;
}

/* What the test does with it */
static struct radio_event *last;
static int next(void) {
  if (last != NULL) radio_event_done(last);
  last = radio_event_take();
  return last == NULL ? -1 : last->kind;
}
static void connected(uint16_t handle, int status) {
  advertising = 0;
  heard(&(struct ble_gap_event){ .type = BLE_GAP_EVENT_CONNECT, .connect = { .status = status, .conn_handle = handle } }, NULL);
}
static void disconnected(uint16_t handle) {
  heard(&(struct ble_gap_event){ .type = BLE_GAP_EVENT_DISCONNECT, .disconnect.conn.conn_handle = handle }, NULL);
}
static void subscribed(uint16_t attribute, int notify, int indicate, uint8_t reason) {
  struct ble_gap_event event = { .type = BLE_GAP_EVENT_SUBSCRIBE,
                                 .subscribe = { .conn_handle = 1, .attr_handle = attribute, .reason = reason } };
  event.subscribe.cur_notify = notify != 0;
  event.subscribe.cur_indicate = indicate != 0;
  heard(&event, NULL);
}
static int written(uint16_t handle, int attribute, uint16_t length) {
  struct os_mbuf om = { .length = length, .bytes = { 7, 8, 9 } };
  struct ble_gatt_access_ctxt context = { .op = BLE_GATT_ACCESS_OP_WRITE_CHR, .om = &om };
  return table[0].access_cb(handle, (uint16_t)attribute, &context, NULL);
}
static void transmitted(int status, int indication) {
  struct ble_gap_event event = { .type = BLE_GAP_EVENT_NOTIFY_TX, .notify_tx = { .status = status, .conn_handle = 1 } };
  event.notify_tx.indication = indication != 0;
  heard(&event, NULL);
}

static void asked(uint8_t action) {
  struct ble_gap_event event = { .type = BLE_GAP_EVENT_PASSKEY_ACTION, .passkey = { .conn_handle = 1 } };
  event.passkey.params.action = action;
  terminated = reasoned = injected = 0;
  heard(&event, NULL);
}
static void encrypted(int status, int by_passkey, int key) {
  struct ble_gap_event event = { .type = BLE_GAP_EVENT_ENC_CHANGE, .enc_change = { .status = status, .conn_handle = 1 } };
  authenticated = by_passkey;
  octets = key;
  terminated = reasoned = 0;
  heard(&event, NULL);
}

int main(void) {
  uint8_t ids[RADIO_IDS];
  for (int i = 0; i < RADIO_IDS; i++) ids[i] = (uint8_t)i;
  const uint8_t one[6] = { 1, 2, 3, 4, 5, 0x41 }, other[6] = { 6, 5, 4, 3, 2, 0x42 };
  CHECK(radio_open(ids, 247) == 0 && named == 0 && ble_hs_cfg.sm_bonding == 0);
  CHECK(ble_hs_cfg.sm_io_cap == BLE_HS_IO_KEYBOARD_ONLY && ble_hs_cfg.sm_mitm && ble_hs_cfg.sm_sc);
  CHECK(((const ble_uuid128_t *)table[2].uuid)->value[0] == 48);
  CHECK(table[0].flags == (BLE_GATT_CHR_F_WRITE | BLE_GATT_CHR_F_INDICATE) && table[1].flags == BLE_GATT_CHR_F_NOTIFY);
  CHECK(table[2].flags == BLE_GATT_CHR_F_READ && table[3].uuid == NULL);
  ble_hs_cfg.sync_cb();
  CHECK(next() == RADIO_READY && next() == -1 && !advertising && woken == 1);

  /* advertising: the address that was asked for, the service, no name */
  CHECK(radio_advertise(one) == 0 && advertising && own_type == BLE_OWN_ADDR_RANDOM && memcmp(address, one, 6) == 0);
  CHECK(fields.flags == 6 && fields.num_uuids128 == 1 && fields.uuids128->value[1] == 1 && fields.name == NULL);
  CHECK(radio_advertise(other) == 0 && memcmp(address, other, 6) == 0);
  CHECK(identities == 1);
  const uint8_t kept[6] = { 6, 5, 4, 3, 2, 0xc2 };
  CHECK(radio_advertise(kept) == 0 && memcmp(address, kept, 6) == 0 && identities == 2);
  CHECK(radio_advertise(NULL) == 0 && !advertising);
  refuse = 5;
  CHECK(radio_advertise(one) != 0);
  refuse = 0;
  CHECK(radio_advertise(one) == 0);
  connected(9, 3);
  CHECK(next() == RADIO_STOPPED && next() == -1);

  /* a link, told of in order */
  connected(1, 0);
  heard(&(struct ble_gap_event){ .type = BLE_GAP_EVENT_MTU, .mtu = { .conn_handle = 1, .value = 0x102 } }, NULL);
  subscribed(10, 0, 1, BLE_GAP_SUBSCRIBE_REASON_WRITE);
  subscribed(13, 1, 0, BLE_GAP_SUBSCRIBE_REASON_WRITE);
  subscribed(13, 0, 0, BLE_GAP_SUBSCRIBE_REASON_TERM);
  CHECK(written(1, 10, 3) == 0);
  CHECK(next() == RADIO_CONNECTED);
  uint16_t link = last->link;
  CHECK(next() == RADIO_MTU && last->bytes[0] == 2 && last->bytes[1] == 1 && last->link == link);
  CHECK(next() == RADIO_SUBSCRIBED && last->bytes[0] == RADIO_CONTROL && last->bytes[1] == 1);
  CHECK(next() == RADIO_SUBSCRIBED && last->bytes[0] == RADIO_TELEMETRY && last->bytes[1] == 1);
  CHECK(next() == RADIO_WRITTEN && last->length == 3 && memcmp(last->bytes, (uint8_t[]){ 7, 8, 9 }, 3) == 0);
  CHECK(next() == -1);
  CHECK(written(1, 13, 3) == BLE_ATT_ERR_UNLIKELY && written(5, 10, 3) == BLE_ATT_ERR_INSUFFICIENT_RES && next() == -1);

  /* info is read without asking XS */
  radio_info((uint8_t[]){ 1, 2 }, 2);
  struct os_mbuf om = { .length = 0 };
  struct ble_gatt_access_ctxt reading = { .op = BLE_GATT_ACCESS_OP_READ_CHR, .om = &om };
  CHECK(table[2].access_cb(1, 16, &reading, NULL) == 0 && om.length == 2 && om.bytes[1] == 2);

  /* sending: taken, or full and nothing was queued, or lost and the link ends */
  CHECK(radio_send(link, RADIO_TELEMETRY, "a", 1) == RADIO_TAKEN && notified == 1);
  buffers = 5;
  CHECK(radio_send(link, RADIO_TELEMETRY, "a", 1) == RADIO_FULL && notified == 1);
  buffers = 12;
  refuse = -1;
  CHECK(radio_send(link, RADIO_TELEMETRY, "a", 1) == RADIO_FULL);
  refuse = BLE_HS_ENOMEM;
  CHECK(radio_send(link, RADIO_CONTROL, "a", 1) == RADIO_FULL && terminated == 0);
  refuse = 0;
  CHECK(radio_send(link, RADIO_CONTROL, "a", 1) == RADIO_TAKEN && indicated == 1);
  transmitted(0, 1);
  transmitted(0, 0);
  CHECK(next() == -1);
  transmitted(BLE_HS_EDONE, 1);
  CHECK(next() == RADIO_CONFIRMED && next() == -1);
  refuse = 7;
  CHECK(radio_send(link, RADIO_TELEMETRY, "a", 1) == RADIO_LOST && terminated == 1 && reasoned == BLE_ERR_REM_USER_CONN_TERM);
  refuse = terminated = 0;

  /* pairing: sent away before it is allowed; then once, by a passkey that both enter, and by nothing weaker */
  asked(BLE_SM_IOACT_INPUT);
  CHECK(terminated == 1 && reasoned == BLE_ERR_AUTH_FAIL && injected == 0);
  CHECK(radio_pair(link, 123456) == 0 && radio_pair((uint16_t)(link + 1), 1) == 0);
  asked(BLE_SM_IOACT_INPUT);
  CHECK(terminated == 0 && injected == 123456);
  asked(BLE_SM_IOACT_INPUT);
  CHECK(terminated == 1 && injected == 0);
  radio_pair(link, 0);
  asked(BLE_SM_IOACT_NUMCMP);
  CHECK(terminated == 1 && injected == 0);
  radio_pair(link, 7);
  refuse = 2;
  asked(BLE_SM_IOACT_INPUT);
  CHECK(terminated == 1);
  refuse = 0;
  encrypted(0, 1, 16);
  CHECK(terminated == 0);
  encrypted(5, 0, 0);
  CHECK(terminated == 0);
  encrypted(0, 0, 16);
  CHECK(terminated == 1 && reasoned == BLE_ERR_AUTH_FAIL);
  encrypted(0, 1, 7);
  CHECK(terminated == 1);
  terminated = 0;

  /* what a central sends while XS is away is bounded, and taken again afterwards */
  int taken = 0;
  for (int i = 0; i < 200; i++) taken += written(1, 10, 244) == 0;
  CHECK(taken >= 17 && taken * 244 <= 6144 && terminated == 0);
  while (next() == RADIO_WRITTEN) taken--;
  CHECK(taken == 0 && written(1, 10, 244) == 0 && next() == RADIO_WRITTEN);
  for (int i = 0; i < 200; i++) subscribed(13, i & 1, 0, BLE_GAP_SUBSCRIBE_REASON_WRITE);
  CHECK(terminated == 1);
  disconnected(1);
  int kind = -1;
  for (int now = next(); now >= 0; now = next()) kind = now;
  CHECK(kind == RADIO_DISCONNECTED);

  /* a handle that is given anew before XS has heard of the first one's end */
  connected(1, 0);
  CHECK(next() == RADIO_CONNECTED && last->link != link);
  link = last->link;
  disconnected(1);
  connected(1, 0);
  CHECK(radio_send(link, RADIO_TELEMETRY, "a", 1) == RADIO_LOST);
  terminated = 0;
  radio_terminate(link);
  CHECK(terminated == 0);
  CHECK(next() == RADIO_DISCONNECTED && last->link == link);
  CHECK(next() == RADIO_CONNECTED && last->link != link);
  disconnected(1);
  CHECK(next() == RADIO_DISCONNECTED && next() == -1);

  /* links that nobody has heard the end of fill the table: the next is sent away */
  for (uint16_t i = 1; i <= 5; i++) connected(i, 0), disconnected(i);
  CHECK(terminated == 5);
  int gone = 0, come = 0;
  for (int now = next(); now >= 0; now = next()) gone += now == RADIO_DISCONNECTED, come += now == RADIO_CONNECTED;
  CHECK(gone == 4 && come == 4);
  printf("%d checks, %d failures\n", checks, failures);
  return failures != 0;
}
