export type { Button } from "./button.js";
export { Device } from "./device.js";
export type { Clock, DeviceEvent, DevicePorts } from "./ports.js";
