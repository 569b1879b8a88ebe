export { Journal, type JournalOptions, type JournalReading, TOKEN_MAX } from "./journal.js";
export { FORMAT_MAX, type KeptFormat, type Lost, STREAMS_MAX } from "./state.js";
export { isPurged, openStorageKey, purgeStorageKey } from "./storage-key.js";
