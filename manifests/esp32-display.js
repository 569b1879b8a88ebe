// The firmware's `platform` on an ESP32 with a display. A relative path starts from the specifier that a manifest gives a module, here the top.
export { openPorts } from "./modules/platform/esp32-display/index.js";
