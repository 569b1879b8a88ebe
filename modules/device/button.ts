/**
 * The button, or a magnet at the reed switch: what it was held for says what is meant.
 *
 *   shorter than 3 s      window         connections outside the ration for a minute; ends what 3 s opened
 *   3 s                   provision      the label session for a minute
 *   10 s from power-up    factory-reset  and nothing else until it is let go
 *
 * A pure function of (state, event, now); times in milliseconds of a monotonic clock.
 */
export const HOLD_MS = { provision: 3000, factoryReset: 10_000 } as const;

/** The switch itself: a port. The platform debounces it. */
export interface Button {
  readonly down: boolean;
  listen(changed: (down: boolean) => void): void;
}

export type ButtonAction = "window" | "provision" | "factory-reset";

export interface ButtonState {
  /** Since when it is down, if it is. */
  readonly since?: number;
  readonly fromPowerUp?: boolean;
  /** When what it is held for is due. */
  readonly deadline?: number;
}

export type ButtonEvent = "down" | "up" | "tick";

/** At power-up. */
export function buttonAtStart(down: boolean, now: number): ButtonState {
  return down ? { since: now, fromPowerUp: true, deadline: now + HOLD_MS.factoryReset } : {};
}

export function stepButton(
  state: ButtonState,
  event: ButtonEvent,
  now: number,
): { readonly state: ButtonState; readonly action?: ButtonAction } {
  const { since, fromPowerUp, deadline } = state;
  switch (event) {
    case "down":
      return { state: since === undefined ? { since: now, deadline: now + HOLD_MS.provision } : state };
    case "up":
      // one that was held long enough has acted already, if its tick came first
      if (since === undefined || fromPowerUp || deadline === undefined) return { state: {} };
      return { state: {}, action: now >= deadline ? "provision" : "window" };
    case "tick":
      if (since === undefined || deadline === undefined || now < deadline) return { state };
      return {
        state: { since, ...(fromPowerUp && { fromPowerUp }) },
        action: fromPowerUp ? "factory-reset" : "provision",
      };
  }
}
