/** What the audit log tells of. Numbers are never reused; what `who` and `detail` are stands beside them. */
export const AUDIT = {
  /** The power came on. */
  started: 1,
  provisioned: 2,
  /** `who` is the peer's key, null in a label session. */
  sessionOpened: 3,
  sessionClosed: 4,
  /** Detail: the command's id and number. */
  commandDone: 5,
  /** Detail: the error's number. */
  commandRefused: 6,
  /** For the device's key, or the one that it was asked to make. */
  credentialRotated: 7,
  /** Detail: the new anchor's kid. */
  anchorRotated: 8,
  /** Detail: the epoch. */
  listTaken: 9,
  /** Detail: the floor of time before, and now. */
  timeReset: 10,
  selfRevoked: 11,
  factoryReset: 12,
  buttonWindow: 13,
  buttonProvisioning: 14,
  /** Detail: the error's number. */
  handshakeRefused: 15,
  /** Connections that got no handshake; detail: the error's number. */
  rationEmpty: 16,
  /** Detail: true when it came, false when it went. */
  magnet: 17,
  paceNow: 18,
  /** Detail: the first 16 bytes of the hash of the parameters; `[ hash, true ]` of temporary ones. */
  parametersProgrammed: 19,
  /** Temporary parameters ended: with their session, by command, or for a magnet (no `who`); or Pace-Now, by command. */
  parametersReverted: 20,
  /** Detail: stream and sequence. */
  journalReleased: 21,
  /** Once a session. */
  logRead: 22,
  /** Detail: the error's number. */
  fault: 23,
  /** Failures of which no entry tells who and what: `times` is how many. */
  unlisted: 24,
  /** In a session that is open: a message or a fragment of it. Detail: the error's number. */
  messageRefused: 25,
} as const;
export type AuditEvent = keyof typeof AUDIT;

/** The name of an event; undefined for one of a newer device. */
export function auditEvent(number: number): AuditEvent | undefined {
  return (Object.keys(AUDIT) as AuditEvent[]).find((name) => AUDIT[name] === number);
}
