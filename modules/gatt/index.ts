export * from "./att.js";
export { ASSEMBLY_MS, Fragmenter, MESSAGE_MAX, Reassembler } from "./fragment.js";
export { Outbox } from "./outbox.js";
export type { LinkEvents, Peripheral, PeripheralLink } from "./peripheral.js";
export * from "./service.js";
