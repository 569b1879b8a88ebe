/**
 * The life of a connection, as a pure function of (state, event, now).
 *
 *              connected            subscribed to both          authenticated
 *      idle ─────────────> linked ─────────────────────> handshake ──────────> open
 *        ^                    │  10 s                       │ 10 s, failed       │
 *        └────────────────────┴─────────────────────────────┴────────────────────┘  disconnected
 *
 * A connection that is not open 10 s after it was made is closed.
 */
import type { Outgoing } from "../gatt/index.js";

export const AUTHENTICATE_MS = 10_000;

export type ConnectionState =
  | { readonly phase: "idle" }
  | { readonly phase: "linked"; readonly deadline: number; readonly subscribed: readonly Outgoing[] }
  | { readonly phase: "handshake"; readonly deadline: number }
  | { readonly phase: "open" }
  | { readonly phase: "closing" };

export type ConnectionEvent =
  | { readonly kind: "connected" | "authenticated" | "failed" | "disconnected" | "tick" }
  | { readonly kind: "subscribed"; readonly characteristic: Outgoing; readonly wanted: boolean }
  | { readonly kind: "message"; readonly message: Uint8Array };

export type ConnectionOutput =
  | { readonly kind: "start-handshake" | "disconnect" | "forget" }
  | { readonly kind: "handshake" | "command"; readonly message: Uint8Array };

export interface ConnectionStep {
  readonly state: ConnectionState;
  readonly outputs: readonly ConnectionOutput[];
  /** When `tick` is to come, on the clock of `now`; undefined: never. */
  readonly deadline: number | undefined;
}

export const IDLE: ConnectionState = { phase: "idle" };

/** @param now milliseconds of a monotonic clock */
export function step(state: ConnectionState, event: ConnectionEvent, now: number): ConnectionStep {
  const next = transition(state, event, now);
  const deadline = "deadline" in next.state ? next.state.deadline : undefined;
  return { ...next, deadline };
}

type Transition = Omit<ConnectionStep, "deadline">;

function transition(state: ConnectionState, event: ConnectionEvent, now: number): Transition {
  if (event.kind === "disconnected") return { state: IDLE, outputs: [{ kind: "forget" }] };
  switch (state.phase) {
    case "idle":
      if (event.kind !== "connected") return stay(state);
      return stay({ phase: "linked", deadline: now + AUTHENTICATE_MS, subscribed: [] });
    case "linked":
      return linked(state, event, now);
    case "handshake":
      if (event.kind === "message")
        return { state, outputs: [{ kind: "handshake", message: event.message }] };
      if (event.kind === "authenticated") return stay({ phase: "open" });
      return unwanted(event) || late(state, event, now) || event.kind === "failed" ? CLOSE : stay(state);
    case "open":
      if (event.kind === "message") return { state, outputs: [{ kind: "command", message: event.message }] };
      return unwanted(event) || event.kind === "failed" ? CLOSE : stay(state);
    case "closing":
      return stay(state);
  }
}

function linked(
  state: ConnectionState & { phase: "linked" },
  event: ConnectionEvent,
  now: number,
): Transition {
  if (late(state, event, now)) return CLOSE;
  if (event.kind !== "subscribed") return stay(state);
  const others = state.subscribed.filter((characteristic) => characteristic !== event.characteristic);
  const subscribed = event.wanted ? [...others, event.characteristic] : others;
  if (subscribed.length < 2) return stay({ ...state, subscribed });
  return {
    state: { phase: "handshake", deadline: state.deadline },
    outputs: [{ kind: "start-handshake" }],
  };
}

const CLOSE: Transition = { state: { phase: "closing" }, outputs: [{ kind: "disconnect" }] };

function stay(state: ConnectionState): Transition {
  return { state, outputs: [] };
}

function late(state: { deadline: number }, event: ConnectionEvent, now: number): boolean {
  return event.kind === "tick" && now >= state.deadline;
}

/** The central no longer listens: there is nobody to talk to. */
function unwanted(event: ConnectionEvent): boolean {
  return event.kind === "subscribed" && !event.wanted;
}
