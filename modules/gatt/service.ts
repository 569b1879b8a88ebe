/**
 * The one primary service and its three characteristics.
 *
 *   control    write, indicate   handshake and commands
 *   telemetry  notify            readings
 *   info       read              protocol version and state; the same bytes for every device in the same state
 *
 * The handles are those that a table with nothing else in it has (Core Specification 5.4, Vol 3 Part G section 2.5);
 * the loopback link uses them as they are, a real stack finds its own.
 */
export const SERVICE_UUID = "b7e50001-5d0c-4ae2-9f3b-6a1c94d2e870";

export const CHARACTERISTICS = {
  control: { uuid: "b7e50002-5d0c-4ae2-9f3b-6a1c94d2e870", handle: 0x0003, cccd: 0x0004 },
  telemetry: { uuid: "b7e50003-5d0c-4ae2-9f3b-6a1c94d2e870", handle: 0x0006, cccd: 0x0007 },
  info: { uuid: "b7e50004-5d0c-4ae2-9f3b-6a1c94d2e870", handle: 0x0009 },
} as const;

/** The characteristics that the device sends on. */
export type Outgoing = "control" | "telemetry";

/** The smallest and the largest ATT MTU in octets that is used (247 fills one LE data packet of 251). */
export const MTU_MIN = 23;
export const MTU_MAX = 247;

/** What a notification, an indication or a write request leaves of an MTU for its value: opcode and handle go off. */
export const ATT_OVERHEAD = 3;

/** The protocol's version, first byte of `info`; the second is the state. */
export const PROTOCOL_VERSION = 1;
/**
 * idle and busy (a central is connected): it has a credential. new: it has none, and its button opens provisioning,
 * which is open then. revoked: it had one. fault: it cannot read its flash, and serves nobody.
 */
export const INFO_STATE = { idle: 0, busy: 1, new: 2, provisioning: 3, revoked: 4, fault: 5 } as const;
