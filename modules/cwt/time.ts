/** Times in claims (RFC 8392 sections 3.1.4 to 3.1.6) against a clock that may know only part of the truth. */
import { VagusError } from "../error/index.js";
import { CLAIM, type Claims } from "./claims.js";

export interface TokenTime {
  /** It is at least this, in seconds since 1970: a device's floor. */
  floor: number;
  /** It is this, where a clock is trusted. Only then can a token be refused for coming from the future. */
  now?: number;
  /** What two clocks may differ by; 0 by default. */
  toleranceSeconds?: number;
}

/**
 * A token is past when the floor has reached its `exp`; one whose `nbf` or `iat` lie in the future is refused only
 * where `now` is known.
 * @throws VagusError `cwt/expired`, `cwt/not-yet`
 */
export function checkTime(claims: Claims, time: TokenTime | undefined): void {
  const exp = claims.get(CLAIM.exp) as number | undefined;
  const nbf = claims.get(CLAIM.nbf) as number | undefined;
  const iat = claims.get(CLAIM.iat) as number | undefined;
  if (time === undefined) {
    if (exp !== undefined)
      throw new VagusError("cwt/expired", "the token has an exp, and the time is not known");
    if (nbf !== undefined)
      throw new VagusError("cwt/not-yet", "the token has an nbf, and the time is not known");
    return;
  }
  const tolerance = time.toleranceSeconds ?? 0;
  const least = Math.max(time.floor, time.now ?? time.floor) - tolerance;
  if (exp !== undefined && least >= exp) {
    throw new VagusError("cwt/expired", `expected exp after ${least}, came ${exp}`);
  }
  if (time.now === undefined) return;
  const most = time.now + tolerance;
  for (const [name, date] of [
    ["nbf", nbf],
    ["iat", iat],
  ] as const) {
    if (date !== undefined && date > most) {
      throw new VagusError("cwt/not-yet", `expected ${name} up to ${most}, came ${date}`);
    }
  }
}
