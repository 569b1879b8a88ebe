export { captures, captureThresholdMv } from "./capture.js";
export * from "./follow-up/index.js";
export { HEALTHY, impedanceStatus, LEAD_FAULTS, type Lead, type LeadFault, withFault } from "./lead.js";
export { isSensed, noiseIntervalMs, signalUv } from "./sensing.js";
