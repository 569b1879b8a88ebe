export { AUDIT_HASH, type AuditEntry, type AuditFact, type AuditHead, ENTRY_MAX } from "./entry.js";
export { AUDIT, type AuditEvent, auditEvent } from "./events.js";
export { FAILURES_AN_HOUR, RUN_S, RUNS, RUNS_AN_HOUR } from "./failures.js";
export { AUDIT_SECTORS_MIN, type AuditKind, AuditLog, type AuditPlace, READ_MAX } from "./log.js";
export { EFFECT_MAX, OLD_KEPT, OUTCOMES_KEPT, type Outcome, Outcomes, RESULT_MAX } from "./outcomes.js";
export { SLOTS } from "./ring.js";
export { type AuditExpectation, type AuditGap, type VerifiedAudit, verifyAudit } from "./verify.js";
