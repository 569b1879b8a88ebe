/*
 * ESP-IDF has no console in either profile (the SDK sets CONFIG_ESP_CONSOLE_NONE), so what goes to its standard output, trace() too,
 * goes nowhere. This writes to the first UART itself, on the pins that the chip gives it, and leaves it as it was: between two
 * lines nothing listens and nothing is held.
 */
#include "driver/uart.h"
#include "freertos/FreeRTOS.h"

#include "serial.h"

enum { BAUD = 115200, RECEIVED = 256 /* the driver wants more than the hardware's 128 */, PATIENCE_MS = 500 };

int serial_write(const char *bytes, size_t length) {
  const uart_config_t config = {
    .baud_rate = BAUD,
    .data_bits = UART_DATA_8_BITS,
    .parity = UART_PARITY_DISABLE,
    .stop_bits = UART_STOP_BITS_1,
    .flow_ctrl = UART_HW_FLOWCTRL_DISABLE,
    .source_clk = UART_SCLK_DEFAULT,
  };
  int own = !uart_is_driver_installed(UART_NUM_0); /* a debugger's is used as it is */
  if (own && uart_driver_install(UART_NUM_0, RECEIVED, 0, 0, NULL, 0) != ESP_OK) return -1;
  int result = -1;
  if (!own || uart_param_config(UART_NUM_0, &config) == ESP_OK) {
    int written = uart_write_bytes(UART_NUM_0, bytes, length);
    if (uart_wait_tx_done(UART_NUM_0, pdMS_TO_TICKS(PATIENCE_MS)) == ESP_OK && written == (int)length) result = 0;
  }
  if (own) uart_driver_delete(UART_NUM_0);
  return result;
}
