export { type Disturbances, NONE, QUIET } from "./disturbance.js";
export { Ecg, type EcgOptions } from "./ecg.js";
export { ECG_LEADS, type EcgLead } from "./leads.js";
export { R_PEAK_MS } from "./shapes.js";
export { type SyntheticOptions, SyntheticSource } from "./source.js";
