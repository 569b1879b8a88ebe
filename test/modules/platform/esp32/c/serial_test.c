/* serial_uart.c over a UART that this plays. Prints a line for what is not as it should be. */
#include <stdio.h>
#include <string.h>

#include "serial.h"
#include "stand-in.h"

static int failures, checks;
#define CHECK(condition) (checks++, (condition) ? 0 : (failures++, printf("line %d: %s\n", __LINE__, #condition)))

static int installed, configured, waited, refuse;
static char out[256];
static size_t out_length;

int uart_is_driver_installed(int port) { return port == UART_NUM_0 && installed; }
esp_err_t uart_driver_install(int port, int received, int sent, int events, void *queue, int flags) {
  CHECK(port == UART_NUM_0 && received > 128 && sent == 0 && events == 0 && queue == NULL && flags == 0);
  return refuse == 1 ? -1 : (installed = 1, ESP_OK);
}
esp_err_t uart_driver_delete(int port) {
  CHECK(port == UART_NUM_0 && waited); /* what waits in the hardware would be cut off */
  return installed = 0, ESP_OK;
}
esp_err_t uart_param_config(int port, const uart_config_t *config) {
  CHECK(port == UART_NUM_0 && config->baud_rate == 115200 && config->data_bits == UART_DATA_8_BITS && config->stop_bits == UART_STOP_BITS_1);
  return refuse == 2 ? (waited = 1, -1) : (configured++, ESP_OK);
}
int uart_write_bytes(int port, const void *bytes, size_t length) {
  CHECK(port == UART_NUM_0 && installed);
  memcpy(out + out_length, bytes, length);
  out_length += length;
  waited = 0;
  return (int)length;
}
esp_err_t uart_wait_tx_done(int port, uint32_t ticks) {
  CHECK(port == UART_NUM_0 && ticks > 0);
  return waited = 1, refuse == 3 ? -1 : ESP_OK;
}

int main(void) {
  CHECK(serial_write("started\r\n", 9) == 0 && out_length == 9 && memcmp(out, "started\r\n", 9) == 0);
  CHECK(!installed && configured == 1);
  installed = 1;
  CHECK(serial_write("again", 5) == 0 && installed && configured == 1 && out_length == 14);
  installed = 0;
  for (refuse = 1; refuse <= 3; refuse++) CHECK(serial_write("no", 2) == -1 && !installed);
  printf("%d checks, %d failures\n", checks, failures);
  return failures != 0;
}
