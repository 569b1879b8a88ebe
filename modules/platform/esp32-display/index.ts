/** The firmware on an ESP32 with a display, which shows what the lamp would, and the heart. */
import type { DevicePorts } from "../../device/index.js";
import { withDisplay } from "../display/index.js";
import { openCanvas } from "../display/poco.js";
import { openBoard } from "../esp32/index.js";
import { say } from "../esp32/serial.js";

export async function openPorts(): Promise<DevicePorts> {
  const { ports, heart } = openBoard();
  return withDisplay(ports, openCanvas(), heart, (error) => say(`display, ${error}`));
}
