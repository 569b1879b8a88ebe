/** Ephemeral Diffie-Hellman over COSE (RFC 9528), both roles. */
export {
  type EdhocIdentity,
  type FetchCredential,
  type IdCred,
  kccsIdCred,
  kcwtIdCred,
  kidIdCred,
  type PeerCredential,
} from "./credentials.js";
export { type EadItem, PADDING, padding } from "./ead.js";
export { type EdhocError, ERR_CODE, encodeError, isErrorMessage, readError } from "./error.js";
export type { EdhocOutcome, EdhocSession } from "./exporter.js";
export type { EdhocInitiatorVerifiedM2 } from "./initiator/verified-m2.js";
export { EdhocInitiatorWaitM2, type InitiatorOptions } from "./initiator/wait-m2.js";
export type { EdhocInitiatorWaitM4 } from "./initiator/wait-m4.js";
export type { ResponderOptions } from "./responder/options.js";
export { EdhocResponderReceivedM1 } from "./responder/received-m1.js";
export type { EdhocResponderVerifiedM3 } from "./responder/verified-m3.js";
export type { EdhocResponderWaitM3 } from "./responder/wait-m3.js";
export { type Method, type Suite, type SuiteNumber, selectSuite } from "./suites.js";
