/** Which revoked keys a device hears of, where there are more than it keeps. */
import { REVOKED_MAX } from "../../modules/credential/index.js";

/** A revoked key, and on whose lists it has to be. */
export interface RevokedKey {
  readonly kid: string;
  /** When it was revoked, and when its last credential ends: seconds since 1970. */
  readonly at: number;
  readonly expires: number;
  /** A device's alone: it is on the list only so that the device itself hears of it. */
  readonly device: boolean;
  readonly audience: readonly string[];
}

/**
 * Programmers and hubs come first, for a list is all that keeps them out; then devices, for each of which the status list
 * and the Authority's own books say the same. Of programmers and hubs whose credential ends first is left out first, of
 * devices what was revoked first.
 * @param keys in the order in which they were revoked
 */
export function chooseForList(keys: readonly RevokedKey[]): { chosen: string[]; left: string[] } {
  const kids = (those: readonly RevokedKey[]) => those.map(({ kid }) => kid);
  if (keys.length <= REVOKED_MAX) return { chosen: kids(keys), left: [] };
  const newestFirst = [...keys].reverse().sort((a, b) => b.at - a.at);
  const people = newestFirst.filter((key) => !key.device).sort((a, b) => b.expires - a.expires);
  const ordered = [...people, ...newestFirst.filter((key) => key.device)];
  return { chosen: kids(ordered.slice(0, REVOKED_MAX)), left: kids(ordered.slice(REVOKED_MAX)) };
}
