/*
 * What the C of a board uses of NimBLE, ESP-IDF and the SDK, for a compiler without them: names and types only, in our words. The
 * values are the project's own business; those that matter on air are the specification's.
 */
#ifndef STAND_IN_H
#define STAND_IN_H

#include <stddef.h>
#include <stdint.h>

/* NimBLE: its operating system */
#define MYNEWT_VAL(name) STAND_IN_##name
#define STAND_IN_BLE_MAX_CONNECTIONS 2
uint32_t ble_npl_hw_enter_critical(void);
void ble_npl_hw_exit_critical(uint32_t state);
void ble_npl_time_delay(uint32_t ticks);
struct os_mbuf {
  uint16_t length;
  uint8_t bytes[512];
};
#define OS_MBUF_PKTLEN(om) ((om)->length)
int os_mbuf_append(struct os_mbuf *om, const void *bytes, uint16_t length);
int os_mbuf_copydata(const struct os_mbuf *om, int offset, int length, void *to);
int os_msys_num_free(void);
void nimble_port_init(void);
void nimble_port_run(void);
void nimble_port_freertos_init(void (*task)(void *));
void nimble_port_freertos_deinit(void);

/* NimBLE: the host */
enum { BLE_DEV_ADDR_LEN = 6, BLE_HS_FOREVER = -1, BLE_HS_ENOMEM = 6, BLE_HS_EDONE = 14, BLE_OWN_ADDR_RANDOM = 1 };
enum { BLE_ERR_AUTH_FAIL = 0x05, BLE_ERR_REM_USER_CONN_TERM = 0x13, BLE_ATT_ERR_UNLIKELY = 0x0e, BLE_ATT_ERR_INSUFFICIENT_RES = 0x11 };
typedef struct {
  uint8_t type, val[6];
} ble_addr_t;
typedef struct {
  uint8_t type;
} ble_uuid_t;
typedef struct {
  ble_uuid_t u;
  uint8_t value[16];
} ble_uuid128_t;
enum { BLE_UUID_TYPE_128 = 128 };
extern struct {
  void (*sync_cb)(void);
  uint8_t sm_io_cap;
  unsigned sm_bonding : 1, sm_mitm : 1, sm_sc : 1;
} ble_hs_cfg;
int ble_hs_id_gen_rnd(int nrpa, ble_addr_t *out);
int ble_hs_id_set_rnd(const uint8_t *address);
int ble_hs_hci_util_set_random_addr(const uint8_t *address);
int ble_att_set_preferred_mtu(uint16_t mtu);
void ble_svc_gap_init(void);
int ble_svc_gap_device_name_set(const char *name);
struct os_mbuf *ble_hs_mbuf_from_flat(const void *bytes, uint16_t length);

struct ble_gatt_access_ctxt {
  uint8_t op;
  struct os_mbuf *om;
};
enum { BLE_GATT_ACCESS_OP_READ_CHR, BLE_GATT_ACCESS_OP_WRITE_CHR };
struct ble_gatt_chr_def {
  const ble_uuid_t *uuid;
  int (*access_cb)(uint16_t connection, uint16_t attribute, struct ble_gatt_access_ctxt *context, void *arg);
  uint16_t flags;
  uint16_t *val_handle;
};
enum { BLE_GATT_CHR_F_READ = 0x02, BLE_GATT_CHR_F_WRITE = 0x08, BLE_GATT_CHR_F_NOTIFY = 0x10, BLE_GATT_CHR_F_INDICATE = 0x20 };
struct ble_gatt_svc_def {
  uint8_t type;
  const ble_uuid_t *uuid;
  const struct ble_gatt_chr_def *characteristics;
};
enum { BLE_GATT_SVC_TYPE_PRIMARY = 1 };
int ble_gatts_count_cfg(const struct ble_gatt_svc_def *services);
int ble_gatts_add_svcs(const struct ble_gatt_svc_def *services);
int ble_gatts_notify_custom(uint16_t connection, uint16_t attribute, struct os_mbuf *om);
int ble_gatts_indicate_custom(uint16_t connection, uint16_t attribute, struct os_mbuf *om);

enum {
  BLE_GAP_EVENT_CONNECT,
  BLE_GAP_EVENT_DISCONNECT,
  BLE_GAP_EVENT_ADV_COMPLETE,
  BLE_GAP_EVENT_ENC_CHANGE,
  BLE_GAP_EVENT_PASSKEY_ACTION,
  BLE_GAP_EVENT_NOTIFY_TX,
  BLE_GAP_EVENT_SUBSCRIBE,
  BLE_GAP_EVENT_MTU,
};
enum { BLE_GAP_SUBSCRIBE_REASON_WRITE = 1, BLE_GAP_SUBSCRIBE_REASON_TERM = 2 };
struct ble_gap_event {
  uint8_t type;
  struct {
    int status;
    uint16_t conn_handle;
  } connect;
  struct {
    struct {
      uint16_t conn_handle;
    } conn;
  } disconnect;
  struct {
    int status;
    uint16_t conn_handle;
    unsigned indication : 1;
  } notify_tx;
  struct {
    int status;
    uint16_t conn_handle;
  } enc_change;
  struct {
    struct {
      uint8_t action;
    } params;
    uint16_t conn_handle;
  } passkey;
  struct {
    uint16_t conn_handle, attr_handle;
    uint8_t reason;
    unsigned cur_notify : 1, cur_indicate : 1;
  } subscribe;
  struct {
    uint16_t conn_handle, value;
  } mtu;
};
struct ble_gap_adv_params {
  uint8_t conn_mode, disc_mode;
  uint16_t itvl_min, itvl_max;
};
enum { BLE_GAP_CONN_MODE_UND = 2, BLE_GAP_DISC_MODE_GEN = 2 };
struct ble_hs_adv_fields {
  uint8_t flags;
  const ble_uuid128_t *uuids128;
  uint8_t num_uuids128;
  unsigned uuids128_is_complete : 1;
  const uint8_t *name;
};
enum { BLE_HS_ADV_F_DISC_GEN = 2, BLE_HS_ADV_F_BREDR_UNSUP = 4 };
typedef int ble_gap_event_fn(struct ble_gap_event *event, void *arg);
int ble_gap_adv_active(void);
int ble_gap_adv_stop(void);
int ble_gap_adv_set_fields(const struct ble_hs_adv_fields *fields);
int ble_gap_adv_start(uint8_t own, const ble_addr_t *to, int32_t ms, const struct ble_gap_adv_params *params,
                      ble_gap_event_fn *heard, void *arg);
int ble_gap_set_data_len(uint16_t connection, uint16_t octets, uint16_t time);
struct ble_gap_conn_desc {
  struct {
    unsigned encrypted : 1, authenticated : 1, bonded : 1, key_size : 5;
  } sec_state;
};
int ble_gap_conn_find(uint16_t connection, struct ble_gap_conn_desc *out);
int ble_gap_terminate(uint16_t connection, uint8_t reason);

/* NimBLE: its security manager, which a build may be without */
#ifndef NIMBLE_BLE_SM
#define NIMBLE_BLE_SM 1
#endif
enum { BLE_HS_IO_KEYBOARD_ONLY = 2, BLE_SM_IOACT_INPUT = 2, BLE_SM_IOACT_NUMCMP = 4 };
struct ble_sm_io {
  uint8_t action;
  union {
    uint32_t passkey;
    uint8_t oob[16];
  };
};
int ble_sm_inject_io(uint16_t connection, struct ble_sm_io *answer);

/* ESP-IDF */
typedef int esp_err_t;
typedef uint32_t nvs_handle_t;
enum { ESP_OK, ESP_ERR_NVS_NOT_FOUND = 0x1102, NVS_READWRITE = 1 };
void esp_fill_random(void *to, size_t length);
void bootloader_random_enable(void);
void bootloader_random_disable(void);
esp_err_t nvs_open(const char *name, int mode, nvs_handle_t *out);
esp_err_t nvs_get_blob(nvs_handle_t handle, const char *key, void *to, size_t *length);
esp_err_t nvs_set_blob(nvs_handle_t handle, const char *key, const void *from, size_t length);
esp_err_t nvs_commit(nvs_handle_t handle);
void nvs_close(nvs_handle_t handle);

typedef struct {
  int baud_rate, data_bits, parity, stop_bits, flow_ctrl, source_clk;
} uart_config_t;
enum { UART_NUM_0, UART_DATA_8_BITS = 3, UART_PARITY_DISABLE = 0, UART_STOP_BITS_1 = 1, UART_HW_FLOWCTRL_DISABLE = 0, UART_SCLK_DEFAULT = 4 };
#define pdMS_TO_TICKS(ms) ((uint32_t)(ms) / 10)
int uart_is_driver_installed(int port);
esp_err_t uart_driver_install(int port, int received, int sent, int events, void *queue, int flags);
esp_err_t uart_driver_delete(int port);
esp_err_t uart_param_config(int port, const uart_config_t *config);
int uart_write_bytes(int port, const void *bytes, size_t length);
esp_err_t uart_wait_tx_done(int port, uint32_t ticks);

/* The SDK, where its xsmc.h was read before */
#ifdef __XSMC_H__
int modMessagePostToMachine(xsMachine *the, uint8_t *message, uint16_t length,
                            void (*deliver)(void *the, void *refcon, uint8_t *message, uint16_t length), void *refcon);
#endif

#endif
