export { Device } from "./device.js";
export type { Clock, DeviceEvent, DevicePorts } from "./ports.js";
