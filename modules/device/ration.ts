/**
 * Handshakes cost the battery, so those that fail are rationed: a bucket of tokens, filled up again by one every
 * refill interval. A handshake takes a token when it begins and gives it back when it succeeds. With an empty bucket a
 * connection is closed at once, unless the window is open (the button, the magnet).
 *
 * A pure function of (state, now); times in milliseconds of a monotonic clock.
 */
export const RATION = { capacity: 8, refillMs: 60_000 } as const;

export interface Ration {
  readonly tokens: number;
  /** When `tokens` was last brought up to date. */
  readonly since: number;
}

export function fullRation(now: number): Ration {
  return { tokens: RATION.capacity, since: now };
}

/** The ration with what has come in since. */
export function refill({ tokens, since }: Ration, now: number): Ration {
  const come = Math.floor((now - since) / RATION.refillMs);
  if (come <= 0) return { tokens, since };
  return tokens + come >= RATION.capacity
    ? fullRation(now)
    : { tokens: tokens + come, since: since + come * RATION.refillMs };
}

/** The ration with one token less; undefined when there is none to take. */
export function take(ration: Ration, now: number): Ration | undefined {
  const { tokens, since } = refill(ration, now);
  if (tokens === 0) return undefined;
  // A full bucket does not fill: its interval begins when the first token goes.
  return { tokens: tokens - 1, since: tokens === RATION.capacity ? now : since };
}

/** Gives a token back. */
export function giveBack({ tokens, since }: Ration): Ration {
  return { tokens: Math.min(tokens + 1, RATION.capacity), since };
}
