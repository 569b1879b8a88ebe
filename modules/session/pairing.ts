import type { Exporter } from "./exporter.js";

/** The one after those of the flows. */
const LABEL = 32774;
const LENGTH = 16;
const PASSKEYS = 1_000_000;

/**
 * The passkey of this session for LE Secure Connections (Core Specification 5.4, Vol 3 Part H section 2.3.5.6.3), 0 to 999999:
 * 128 bits of the exporter modulo a million. Both sides have it after message_4, and nobody else.
 */
export function pairingPasskey(exporter: Exporter): number {
  let passkey = 0;
  for (const byte of exporter(LABEL, new Uint8Array(0), LENGTH)) passkey = (passkey * 256 + byte) % PASSKEYS;
  return passkey;
}
