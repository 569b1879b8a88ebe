export type { Button } from "./button.js";
export { Device } from "./device.js";
export { DEVICE_SECTORS_MIN } from "./layout.js";
export type { Clock, DeviceEvent, DevicePorts } from "./ports.js";
export type { DeviceView } from "./view.js";
