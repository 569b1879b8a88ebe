/**
 * What Vagus takes of EDHOC (DESIGN section 5): both sides sign (method 0), with 16-byte tags: suite 1 under an Ed25519
 * Authority, suite 3 under a P-256 one. The device is the Initiator.
 */
import type { SigningCurve } from "../crypto/port.js";
import type { EadItem, SuiteNumber } from "../edhoc/index.js";
import { VagusError } from "../error/index.js";

export const METHOD = 0;

export function suiteFor(curve: SigningCurve): SuiteNumber {
  return curve === "Ed25519" ? 1 : 3;
}

/** C_I and C_R: one byte each; a link carries one session, so they tell nothing and always are the same. */
export const CONNECTION_ID = { initiator: Uint8Array.of(0x00), responder: Uint8Array.of(0x01) } as const;

/**
 * Versions are agreed inside the transcript, with an EAD item of this label:
 *
 *   EAD_1   the versions that the device speaks, a byte each       EAD_2   the one that the programmer chose
 */
export const VERSION_EAD = 65000;
const VERSIONS = Uint8Array.of(1);

export function offerVersions(): EadItem[] {
  return [{ label: VERSION_EAD, value: VERSIONS }];
}

/** The programmer's choice. @throws VagusError `session/version` where none is in common */
export function chooseVersion(ead_1: readonly EadItem[]): EadItem[] {
  const offered = versionsIn(ead_1);
  const chosen = VERSIONS.filter((version) => offered.includes(version));
  if (chosen.length === 0) {
    throw new VagusError(
      "session/version",
      `expected version ${VERSIONS.join(" or ")}, came ${offered.join(", ") || "none"}`,
    );
  }
  return [{ label: VERSION_EAD, value: Uint8Array.of(Math.max(...chosen)) }];
}

/** @throws VagusError `session/version` unless the programmer chose one that was offered */
export function checkVersion(ead_2: readonly EadItem[]): void {
  const chosen = versionsIn(ead_2);
  if (chosen.length !== 1 || !VERSIONS.includes(chosen[0])) {
    throw new VagusError(
      "session/version",
      `expected version ${VERSIONS.join(" or ")}, came ${chosen.join(", ") || "none"}`,
    );
  }
}

function versionsIn(ead: readonly EadItem[]): readonly number[] {
  return [...(ead.find(({ label }) => label === VERSION_EAD)?.value ?? [])];
}
