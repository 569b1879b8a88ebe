export { FailedFlash, flashOr } from "./failed.js";
export { checkRange, MemoryFlash } from "./memory.js";
export { type Flash, SECTOR_SIZE } from "./port.js";
export { FlashRecord, isErased } from "./record.js";
