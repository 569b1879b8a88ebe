/**
 * The life of a connection, as a pure function of (state, event, now).
 *
 *              connected           subscribed to both           authenticated
 *     (begin) ─────────> linked ─────────────────> handshake ─────────────────> open
 *                          │ late                    │ failed   │ late           │ expired, failed
 *                          v                         v          v                v
 *                       closing <──── told ──── refusing      closing         closing
 *
 * A connection that has not authenticated in time is closed, refused or not. A handshake that fails is answered with
 * one error, so many milliseconds after the message that it failed at came, whatever the reason was and however long it
 * took to find; nothing that comes in between moves that moment.
 */
import type { Outgoing } from "../gatt/index.js";

/** How long a connection may take to authenticate: always, and while the button's window is open. */
export const AUTHENTICATE_MS = { always: 10_000, window: 3000 } as const;
/** When a refusal is told, after the message that is refused: longer than any check takes. */
export const REFUSE_MS = 2000;
/** How long the last message may take to go out before the connection is closed. */
const TELL_MS = 200;

export type LinkState =
  | { readonly phase: "linked"; readonly deadline: number; readonly subscribed: readonly Outgoing[] }
  | { readonly phase: "handshake"; readonly deadline: number }
  | { readonly phase: "refusing"; readonly deadline: number }
  | { readonly phase: "open"; readonly deadline?: number }
  | { readonly phase: "closing"; readonly deadline?: number };

export type LinkEvent =
  /** `ended`: the programmer has closed the session, and its answer is on the way. */
  | { readonly kind: "tick" | "dismissed" | "ended" }
  /** The window has opened: whoever has not authenticated has so long from now, and never longer than before. */
  | { readonly kind: "hurry"; readonly authenticateMs: number }
  /** What came in at `messageAt` was refused, or a step of ours failed that began then. */
  | { readonly kind: "failed"; readonly messageAt: number }
  /** The handshake is done; the session ends `expiresInMs` from now, or with the link. */
  | { readonly kind: "authenticated"; readonly expiresInMs: number }
  /** The time may have been set: so long the session has left. */
  | { readonly kind: "expires"; readonly expiresInMs: number }
  | { readonly kind: "subscribed"; readonly characteristic: Outgoing; readonly wanted: boolean }
  | { readonly kind: "message"; readonly message: Uint8Array };

export type LinkOutput =
  | { readonly kind: "start-handshake" | "tell-refusal" | "disconnect" }
  | { readonly kind: "handshake" | "command"; readonly message: Uint8Array };

export interface LinkStep {
  readonly state: LinkState;
  readonly outputs: readonly LinkOutput[];
}

/** A connection that has just been made. */
export function linked(now: number, authenticateMs: number): LinkState {
  return { phase: "linked", deadline: now + authenticateMs, subscribed: [] };
}

/** How long whoever gets no handshake has to read `info`, which says why. */
export const READ_INFO_MS = 2000;

/** A connection that gets no handshake: closed when its time has come. */
export function turnedAway(deadline: number): LinkState {
  return { phase: "closing", deadline };
}

/** @param now milliseconds of a monotonic clock */
export function step(state: LinkState, event: LinkEvent, now: number): LinkStep {
  const late = state.deadline !== undefined && now >= state.deadline;
  if (event.kind === "dismissed") return CLOSE;
  switch (state.phase) {
    case "linked":
      if (late) return CLOSE;
      if (event.kind === "hurry") return stay(hurry(state, now + event.authenticateMs));
      return event.kind === "subscribed" ? subscribe(state, event) : stay(state);
    case "handshake":
      if (late || unwanted(event)) return CLOSE;
      return handshake(state, event, now);
    case "refusing":
      if (!late || event.kind !== "tick") return stay(state);
      return { state: { phase: "closing", deadline: now + TELL_MS }, outputs: [{ kind: "tell-refusal" }] };
    case "open":
      if (late || unwanted(event) || event.kind === "failed") return CLOSE;
      if (event.kind === "ended") return stay({ phase: "closing", deadline: now + TELL_MS });
      if (event.kind === "expires") return stay(open(now, event.expiresInMs));
      return event.kind === "message"
        ? { state, outputs: [{ kind: "command", message: event.message }] }
        : stay(state);
    case "closing":
      return late && event.kind === "tick" ? CLOSE : stay(state);
  }
}

type In<Phase extends LinkState["phase"]> = Extract<LinkState, { phase: Phase }>;

function subscribe(state: In<"linked">, event: Extract<LinkEvent, { kind: "subscribed" }>): LinkStep {
  const others = state.subscribed.filter((characteristic) => characteristic !== event.characteristic);
  const subscribed = event.wanted ? [...others, event.characteristic] : others;
  if (subscribed.length < 2) return stay({ ...state, subscribed });
  return {
    state: { phase: "handshake", deadline: state.deadline },
    outputs: [{ kind: "start-handshake" }],
  };
}

function handshake(state: In<"handshake">, event: LinkEvent, now: number): LinkStep {
  switch (event.kind) {
    case "message":
      return { state, outputs: [{ kind: "handshake", message: event.message }] };
    case "authenticated":
      return stay(open(now, event.expiresInMs));
    case "hurry":
      return stay(hurry(state, now + event.authenticateMs));
    case "failed":
      return stay(refuse(event.messageAt + REFUSE_MS, state.deadline));
    default:
      return stay(state);
  }
}

function open(now: number, expiresInMs: number): LinkState {
  return expiresInMs === Number.POSITIVE_INFINITY
    ? { phase: "open" }
    : { phase: "open", deadline: now + expiresInMs };
}

function hurry<S extends { readonly deadline: number }>(state: S, deadline: number): S {
  return { ...state, deadline: Math.min(state.deadline, deadline) };
}

/** An error that could not go out before the connection's time is over is not told. */
function refuse(tellAt: number, deadline: number): LinkState {
  return tellAt + TELL_MS <= deadline
    ? { phase: "refusing", deadline: tellAt }
    : { phase: "closing", deadline };
}

const CLOSE: LinkStep = { state: { phase: "closing" }, outputs: [{ kind: "disconnect" }] };

function stay(state: LinkState): LinkStep {
  return { state, outputs: [] };
}

/** The central no longer listens: there is nobody to talk to. */
function unwanted(event: LinkEvent): boolean {
  return event.kind === "subscribed" && !event.wanted;
}
