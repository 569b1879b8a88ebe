/*
 * The project's service over NimBLE. Nothing is stored; advertising carries the service and no name, from
 * an address that JavaScript makes. A read of `info` is answered here, so that no central makes NimBLE's task wait for XS's.
 *
 * Nothing pairs either, unless NimBLE has its security manager (CONFIG_BT_NIMBLE_SECURITY_ENABLE) and JavaScript has allowed it for this link: then
 * once, by LE Secure Connections with a passkey that both sides enter. NimBLE has no way to refuse a pairing request for one link: who asks for
 * it unasked, or comes to anything weaker, is sent away.
 */
#include <string.h>

#include "ble_hs_hci_priv.h"
#include "host/ble_gap.h"
#include "host/ble_hs.h"
#include "host/ble_sm.h"
#include "host/ble_uuid.h"
#include "nimble/nimble_port.h"
#include "nimble/nimble_port_freertos.h"
#include "os/os_mbuf.h"
#include "services/gap/ble_svc_gap.h"

#include "radio.h"

enum {
  /* NimBLE's buffers that stay for what comes in and for its own answers. */
  RESERVED_BUFFERS = 6,
  ADVERTISING_INTERVAL = 244, /* of 0.625 ms */
  DATA_OCTETS = 251,
  DATA_TIME = 2120, /* microseconds for so many octets on the 1M PHY */
  KEY_OCTETS = 16,
};

static uint8_t info[RADIO_INFO];
static uint16_t info_length;
static ble_uuid128_t uuids[1 + RADIO_CHARACTERISTICS];
static uint16_t value_handles[RADIO_CHARACTERISTICS];

static void put(enum radio_kind kind, uint16_t handle, const uint8_t *bytes, uint16_t length) {
  int link = radio_link_of(handle);
  if (link < 0) return;
  struct radio_event *event = radio_event_new(kind, (uint16_t)link, length);
  if (event == NULL) { /* XS would not know of it: better no connection than a wrong one */
    ble_gap_terminate(handle, BLE_ERR_REM_USER_CONN_TERM);
    return;
  }
  if (length > 0) memcpy(event->bytes, bytes, length);
  radio_event_put(event);
  radio_wake();
}

static void put_alone(enum radio_kind kind) {
  struct radio_event *event = radio_event_new(kind, 0, 0);
  if (event == NULL) return; /* JavaScript starts advertising anew every few minutes in any case */
  radio_event_put(event);
  radio_wake();
}

static int on_access(uint16_t handle, uint16_t attribute, struct ble_gatt_access_ctxt *context, void *unused) {
  (void)unused;
  if (context->op == BLE_GATT_ACCESS_OP_READ_CHR && attribute == value_handles[RADIO_STATE]) {
    uint8_t copy[RADIO_INFO];
    uint32_t state = ble_npl_hw_enter_critical();
    uint16_t length = info_length;
    memcpy(copy, info, length);
    ble_npl_hw_exit_critical(state);
    return os_mbuf_append(context->om, copy, length) == 0 ? 0 : BLE_ATT_ERR_INSUFFICIENT_RES;
  }
  if (context->op != BLE_GATT_ACCESS_OP_WRITE_CHR || attribute != value_handles[RADIO_CONTROL]) return BLE_ATT_ERR_UNLIKELY;
  int link = radio_link_of(handle);
  uint16_t length = OS_MBUF_PKTLEN(context->om);
  struct radio_event *event = link < 0 ? NULL : radio_event_new(RADIO_WRITTEN, (uint16_t)link, length);
  if (event == NULL) return BLE_ATT_ERR_INSUFFICIENT_RES;
  os_mbuf_copydata(context->om, 0, length, event->bytes);
  radio_event_put(event);
  radio_wake();
  return 0;
}

static const struct ble_gatt_chr_def characteristics[] = {
  { .uuid = &uuids[1 + RADIO_CONTROL].u,
    .access_cb = on_access,
    .val_handle = &value_handles[RADIO_CONTROL],
    .flags = BLE_GATT_CHR_F_WRITE | BLE_GATT_CHR_F_INDICATE },
  { .uuid = &uuids[1 + RADIO_TELEMETRY].u,
    .access_cb = on_access,
    .val_handle = &value_handles[RADIO_TELEMETRY],
    .flags = BLE_GATT_CHR_F_NOTIFY },
  { .uuid = &uuids[1 + RADIO_STATE].u,
    .access_cb = on_access,
    .val_handle = &value_handles[RADIO_STATE],
    .flags = BLE_GATT_CHR_F_READ },
  { 0 },
};

static const struct ble_gatt_svc_def services[] = {
  { .type = BLE_GATT_SVC_TYPE_PRIMARY, .uuid = &uuids[0].u, .characteristics = characteristics },
  { 0 },
};

static void on_connect(uint16_t handle) {
  if (radio_link_begin(handle) < 0) {
    ble_gap_terminate(handle, BLE_ERR_REM_USER_CONN_TERM);
    put_alone(RADIO_STOPPED);
    return;
  }
  put(RADIO_CONNECTED, handle, NULL, 0);
  ble_gap_set_data_len(handle, DATA_OCTETS, DATA_TIME); /* a controller that cannot goes without */
}

static void on_subscribe(uint16_t handle, uint16_t attribute, int notify, int indicate) {
  if (attribute == value_handles[RADIO_CONTROL]) put(RADIO_SUBSCRIBED, handle, (uint8_t[]){ RADIO_CONTROL, indicate != 0 }, 2);
  if (attribute == value_handles[RADIO_TELEMETRY]) put(RADIO_SUBSCRIBED, handle, (uint8_t[]){ RADIO_TELEMETRY, notify != 0 }, 2);
}

#if NIMBLE_BLE_SM

static void on_passkey(uint16_t handle, uint8_t action) {
  int32_t passkey = radio_link_passkey(handle);
  struct ble_sm_io answer = { .action = BLE_SM_IOACT_INPUT };
  answer.passkey = (uint32_t)passkey;
  if (passkey == NO_PASSKEY || action != BLE_SM_IOACT_INPUT || ble_sm_inject_io(handle, &answer) != 0)
    ble_gap_terminate(handle, BLE_ERR_AUTH_FAIL);
}

/* A passkey that is wrong ends the attempt (status), not the link. Whatever came of no passkey, or of a short key, ends the link. */
static void on_encrypted(uint16_t handle, int status) {
  struct ble_gap_conn_desc link;
  if (status != 0 || ble_gap_conn_find(handle, &link) != 0) return;
  if (!link.sec_state.authenticated || link.sec_state.key_size != KEY_OCTETS) ble_gap_terminate(handle, BLE_ERR_AUTH_FAIL);
}

int radio_pair(uint16_t link, uint32_t passkey) {
  radio_link_allow(link, (int32_t)passkey);
  return 0;
}

static void configure_pairing(void) {
  ble_hs_cfg.sm_io_cap = BLE_HS_IO_KEYBOARD_ONLY;
  ble_hs_cfg.sm_mitm = 1;
  ble_hs_cfg.sm_sc = 1;
}

#else

int radio_pair(uint16_t link, uint32_t passkey) {
  (void)link, (void)passkey;
  return -1;
}

static void configure_pairing(void) {}

#endif

static int on_gap(struct ble_gap_event *event, void *unused) {
  (void)unused;
  switch (event->type) {
    case BLE_GAP_EVENT_CONNECT:
      if (event->connect.status == 0)
        on_connect(event->connect.conn_handle);
      else
        put_alone(RADIO_STOPPED);
      break;
    case BLE_GAP_EVENT_DISCONNECT:
      radio_link_end(event->disconnect.conn.conn_handle);
      radio_wake();
      break;
    case BLE_GAP_EVENT_ADV_COMPLETE:
      put_alone(RADIO_STOPPED);
      break;
    case BLE_GAP_EVENT_MTU: {
      uint16_t mtu = event->mtu.value;
      put(RADIO_MTU, event->mtu.conn_handle, (uint8_t[]){ (uint8_t)mtu, (uint8_t)(mtu >> 8) }, 2);
      break;
    }
    case BLE_GAP_EVENT_SUBSCRIBE:
      if (event->subscribe.reason == BLE_GAP_SUBSCRIBE_REASON_TERM) break;
      on_subscribe(event->subscribe.conn_handle, event->subscribe.attr_handle, event->subscribe.cur_notify,
                   event->subscribe.cur_indicate);
      break;
    case BLE_GAP_EVENT_NOTIFY_TX:
      /* An indication that nobody confirms ends the connection, after ATT's 30 s (ble_gattc_timer). */
      if (event->notify_tx.indication && event->notify_tx.status == BLE_HS_EDONE)
        put(RADIO_CONFIRMED, event->notify_tx.conn_handle, NULL, 0);
      break;
#if NIMBLE_BLE_SM
    case BLE_GAP_EVENT_PASSKEY_ACTION:
      on_passkey(event->passkey.conn_handle, event->passkey.params.action);
      break;
    case BLE_GAP_EVENT_ENC_CHANGE:
      on_encrypted(event->enc_change.conn_handle, event->enc_change.status);
      break;
#endif
    default:
      break;
  }
  return 0;
}

/* NimBLE wants an identity before it advertises from a random address; this one is replaced before it goes on air. */
static void on_sync(void) {
  ble_addr_t identity;
  if (ble_hs_id_gen_rnd(0, &identity) == 0) ble_hs_id_set_rnd(identity.val);
  put_alone(RADIO_READY);
}

static void run(void *unused) {
  (void)unused;
  nimble_port_run();
  nimble_port_freertos_deinit();
}

int radio_open(const uint8_t ids[RADIO_IDS], uint16_t mtu) {
  for (size_t i = 0; i < sizeof uuids / sizeof *uuids; i++) {
    uuids[i].u.type = BLE_UUID_TYPE_128;
    memcpy(uuids[i].value, ids + i * sizeof uuids[i].value, sizeof uuids[i].value);
  }
#ifdef ESP_PLATFORM
  if (nimble_port_init() != ESP_OK) return -1;
#else
  nimble_port_init();
#endif
  ble_hs_cfg.sync_cb = on_sync;
  ble_hs_cfg.sm_bonding = 0;
  configure_pairing();
  ble_svc_gap_init();
  ble_svc_gap_device_name_set("");
  ble_att_set_preferred_mtu(mtu);
  if (ble_gatts_count_cfg(services) != 0 || ble_gatts_add_svcs(services) != 0) return -1;
  nimble_port_freertos_init(run);
  return 0;
}

static int advertise(const uint8_t address[BLE_DEV_ADDR_LEN]) {
  struct ble_gap_adv_params params = {
    .conn_mode = BLE_GAP_CONN_MODE_UND,
    .disc_mode = BLE_GAP_DISC_MODE_GEN,
    .itvl_min = ADVERTISING_INTERVAL,
    .itvl_max = ADVERTISING_INTERVAL,
  };
  struct ble_hs_adv_fields fields = {
    .flags = BLE_HS_ADV_F_DISC_GEN | BLE_HS_ADV_F_BREDR_UNSUP,
    .uuids128 = uuids,
    .num_uuids128 = 1,
    .uuids128_is_complete = 1,
  };
  /* NimBLE pairs by the address that it knows as its own, and lets that be a static one, not a resolvable private one. */
  int is_static = address[BLE_DEV_ADDR_LEN - 1] >> 6 == 3;
  int error = is_static ? ble_hs_id_set_rnd(address) : ble_hs_hci_util_set_random_addr(address);
  if (error == 0) error = ble_gap_adv_set_fields(&fields);
  if (error == 0) error = ble_gap_adv_start(BLE_OWN_ADDR_RANDOM, NULL, BLE_HS_FOREVER, &params, on_gap, NULL);
  return error;
}

int radio_advertise(const uint8_t *address) {
  if (ble_gap_adv_active()) ble_gap_adv_stop();
  return address == NULL ? 0 : advertise(address);
}

void radio_info(const uint8_t *bytes, uint16_t length) {
  uint32_t state = ble_npl_hw_enter_critical();
  memcpy(info, bytes, length);
  info_length = length;
  ble_npl_hw_exit_critical(state);
}

enum radio_sent radio_send(uint16_t link, enum radio_characteristic to, const void *bytes, uint16_t length) {
  int found = radio_link_handle(link);
  if (found < 0) return RADIO_LOST;
  if (os_msys_num_free() < RESERVED_BUFFERS) return RADIO_FULL;
  struct os_mbuf *om = ble_hs_mbuf_from_flat(bytes, length);
  if (om == NULL) return RADIO_FULL;
  /* Both take `om`, whatever they return. */
  uint16_t handle = (uint16_t)found;
  int error = to == RADIO_CONTROL ? ble_gatts_indicate_custom(handle, value_handles[RADIO_CONTROL], om)
                                  : ble_gatts_notify_custom(handle, value_handles[RADIO_TELEMETRY], om);
  if (error == 0) return RADIO_TAKEN;
  if (error == BLE_HS_ENOMEM) return RADIO_FULL;
  ble_gap_terminate(handle, BLE_ERR_REM_USER_CONN_TERM);
  return RADIO_LOST;
}

void radio_terminate(uint16_t link) {
  int handle = radio_link_handle(link);
  if (handle >= 0) ble_gap_terminate((uint16_t)handle, BLE_ERR_REM_USER_CONN_TERM);
}
