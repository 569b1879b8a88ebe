/** The kinds of tokens: the protected header parameter `typ` (RFC 9596). */
import type { CborValue } from "../cbor/index.js";
import { HEADER, type Headers } from "../cose/headers.js";
import { VagusError } from "../error/index.js";

/** A number from the experimental content formats (RFC 7252 section 12.3), or a media type. */
export type Typ = number | string;

/** Every kind of token that Vagus signs. Numbers are never reused. */
export const TYP = {
  deviceCredential: 65000,
  programmerCredential: 65001,
  hubCredential: 65002,
  streamHeader: 65003,
  reading: 65004,
  gap: 65005,
  boot: 65006,
  head: 65007,
  revocationList: 65008,
  freshness: 65009,
  timeReset: 65010,
  anchorRotation: 65011,
  selfRevocation: 65012,
  request: 65013,
  receipt: 65014,
  freshnessRequest: 65015,
  seal: 65016,
  tip: 65017,
  statusList: "application/statuslist+cwt",
} as const;

/**
 * The token is of the kind expected, by its protected header alone.
 * @throws VagusError `cwt/typ`, also where it has none or has it unprotected.
 */
export function checkTyp(headers: Headers, expected: Typ): void {
  const typ: CborValue = headers.protected.get(HEADER.typ);
  if (typ === expected) return;
  const came = typeof typ === "number" || typeof typ === "string" ? `${typ}` : "none";
  throw new VagusError("cwt/typ", `expected ${expected}, came ${came}`);
}
