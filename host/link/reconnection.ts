/**
 * The life of a link that is to last, as a pure function of (state, event, now). Every state but `stopped` has a time-out
 * and a way back.
 *
 *                ┌──────────────────────────── over ───────────────────────────┐
 *                v          found               linked              greeted    │
 *   (begin) ─> scanning ────────────> connecting ──────> greeting ──────────> up <──── heard ───┐
 *                │ late, failed         │ late, failed     │ late, failed      │ lost    │ quiet │
 *                └──────────┬───────────┴──────────────────┴───────────────────┘         v       │
 *                           v                                                  <─── probing ─────┘
 *                        waiting                                              late, lost
 *
 * A wait is twice as long after each failure in a row, up to a limit; half of it is drawn by lot, so that many that lost
 * the same device at once do not come back at once. A link that was up for a while was no failure.
 */
import { VagusError } from "../../modules/error/index.js";

export interface LinkTimes {
  readonly scanMs: number;
  readonly connectMs: number;
  readonly greetMs: number;
  /** Nothing has come for so long: the other side is asked whether it is there. */
  readonly quietMs: number;
  readonly probeMs: number;
  /** The first wait, and the longest. */
  readonly waitMs: { readonly first: number; readonly most: number };
  /** A link that was up for so long was no failure. */
  readonly settledMs: number;
  /** For so long a device that was another one is passed over. */
  readonly asideMs: number;
}

/** A device gives a connection 10 s to authenticate, and a radio 20 s to be heard of at the longest. */
export const LINK_TIMES: LinkTimes = {
  scanMs: 20_000,
  connectMs: 10_000,
  greetMs: 15_000,
  quietMs: 10_000,
  probeMs: 5000,
  waitMs: { first: 500, most: 30_000 },
  settledMs: 10_000,
  asideMs: 60_000,
};

/** Devices that are passed over at a time; of more the oldest are tried again. */
const ASIDE_MAX = 64;

interface Due {
  readonly deadline: number;
}
interface To extends Due {
  readonly address: string;
}
interface Up extends To {
  readonly since: number;
}
type Phase =
  | (Due & { readonly phase: "scanning" })
  | (To & { readonly phase: "connecting" })
  | (To & { readonly phase: "greeting" })
  | (Up & { readonly phase: "up" })
  | (Up & { readonly phase: "probing" })
  | (Due & { readonly phase: "waiting" })
  | { readonly phase: "stopped"; readonly deadline?: undefined };

export type LinkState = Phase & {
  /** In a row. */
  readonly failures: number;
  readonly aside: readonly { readonly address: string; readonly until: number }[];
};

export type LinkStimulus =
  | { readonly kind: "found"; readonly address: string }
  /** `linked`: the connection stands. `greeted`: and so does the session. `heard`: the session has come to something. */
  | { readonly kind: "linked" | "greeted" | "heard" | "tick" | "stop" }
  /** Somebody does not want to wait. */
  | { readonly kind: "hurry" }
  /**
   * What was under way failed. `elsewhere`: that was another device. `final`: it is of no use to try again.
   */
  | {
      readonly kind: "failed";
      readonly error: VagusError;
      readonly elsewhere?: boolean;
      readonly final?: boolean;
    }
  | { readonly kind: "lost"; readonly reason: string };

/** What whoever watches a link is told: the command line and the page draw the same events. */
export type LinkEvent =
  | { readonly kind: "scanning" }
  | { readonly kind: "connecting" | "greeting" | "up"; readonly address: string }
  /** Nothing has come for a while: it is being asked. */
  | { readonly kind: "quiet" }
  | { readonly kind: "lost"; readonly reason: string }
  | { readonly kind: "failed"; readonly during: LinkState["phase"]; readonly error: VagusError }
  | { readonly kind: "waiting"; readonly ms: number; readonly failures: number }
  | { readonly kind: "stopped"; readonly error?: VagusError };

export type LinkAction =
  | { readonly kind: "scan" | "greet" | "probe" }
  | { readonly kind: "connect"; readonly address: string }
  /** Whatever is under way, or stands, ends. */
  | { readonly kind: "drop" }
  | { readonly kind: "tell"; readonly event: LinkEvent };

export interface LinkStep {
  readonly state: LinkState;
  readonly actions: readonly LinkAction[];
}

/** @param now milliseconds of a monotonic clock */
export function begin(now: number, times: LinkTimes = LINK_TIMES): LinkStep {
  return scan({ phase: "stopped", failures: 0, aside: [] }, now, times, []);
}

/** @param chance from 0 to 1, drawn anew each time */
export function step(
  state: LinkState,
  event: LinkStimulus,
  now: number,
  chance: number,
  times: LinkTimes = LINK_TIMES,
): LinkStep {
  if (state.phase === "stopped") return stay(state);
  if (event.kind === "stop") return stop(state);
  if (event.kind === "failed" && event.final) return stop(state, event.error);
  const fail = (error: VagusError, elsewhere = false) => failed(state, error, elsewhere, now, chance, times);
  const late = event.kind === "tick" && now >= state.deadline;
  switch (state.phase) {
    case "scanning":
      if (event.kind === "found" && !isAside(state, event.address, now)) {
        return connect(state, event.address, now, times);
      }
      if (event.kind === "failed") return fail(event.error);
      return late ? fail(tooLate("a device in range", times.scanMs, "host/link")) : stay(state);
    case "connecting":
      if (event.kind === "linked") return greet(state, now, times);
      if (event.kind === "failed") return fail(event.error, event.elsewhere);
      if (event.kind === "lost") return fail(new VagusError("gatt/disconnected", event.reason));
      return late ? fail(tooLate("a connection", times.connectMs, "host/link")) : stay(state);
    case "greeting":
      if (event.kind === "greeted") return up(state, now, times);
      if (event.kind === "failed") return fail(event.error, event.elsewhere);
      if (event.kind === "lost") return fail(new VagusError("gatt/disconnected", event.reason));
      return late ? fail(tooLate("a session", times.greetMs, "session/timeout")) : stay(state);
    case "up":
      if (event.kind === "heard") return stay({ ...state, deadline: now + times.quietMs });
      if (event.kind === "lost") return lost(state, event.reason, now, chance, times);
      if (event.kind === "failed") return lost(state, event.error.message, now, chance, times);
      return late ? probe(state, now, times) : stay(state);
    case "probing":
      if (event.kind === "heard") return stay({ ...state, phase: "up", deadline: now + times.quietMs });
      if (event.kind === "lost") return lost(state, event.reason, now, chance, times);
      if (event.kind === "failed") return lost(state, event.error.message, now, chance, times);
      return late ? lost(state, "the device has gone silent", now, chance, times) : stay(state);
    case "waiting":
      return late || event.kind === "hurry" ? scan(state, now, times, []) : stay(state);
  }
}

/** How long to wait after so many failures in a row. */
export function backOffMs(failures: number, chance: number, { first, most }: LinkTimes["waitMs"]): number {
  const whole = Math.min(most, first * 2 ** Math.max(0, failures - 1));
  return Math.round(whole / 2 + (chance * whole) / 2);
}

type In<P extends LinkState["phase"]> = Extract<LinkState, { readonly phase: P }>;

function scan(state: LinkState, now: number, times: LinkTimes, before: readonly LinkAction[]): LinkStep {
  const { failures } = state;
  const aside = state.aside.filter(({ until }) => until > now);
  return {
    state: { phase: "scanning", deadline: now + times.scanMs, failures, aside },
    actions: [...before, tell({ kind: "scanning" }), { kind: "scan" }],
  };
}

function connect(state: LinkState, address: string, now: number, times: LinkTimes): LinkStep {
  const { failures, aside } = state;
  return {
    state: { phase: "connecting", address, deadline: now + times.connectMs, failures, aside },
    actions: [{ kind: "drop" }, tell({ kind: "connecting", address }), { kind: "connect", address }],
  };
}

function greet(state: In<"connecting">, now: number, times: LinkTimes): LinkStep {
  return {
    state: { ...state, phase: "greeting", deadline: now + times.greetMs },
    actions: [tell({ kind: "greeting", address: state.address }), { kind: "greet" }],
  };
}

function up(state: In<"greeting">, now: number, times: LinkTimes): LinkStep {
  return {
    state: { ...state, phase: "up", since: now, deadline: now + times.quietMs },
    actions: [tell({ kind: "up", address: state.address })],
  };
}

function probe(state: In<"up">, now: number, times: LinkTimes): LinkStep {
  return {
    state: { ...state, phase: "probing", deadline: now + times.probeMs },
    actions: [tell({ kind: "quiet" }), { kind: "probe" }],
  };
}

function lost(
  state: In<"up" | "probing">,
  reason: string,
  now: number,
  chance: number,
  times: LinkTimes,
): LinkStep {
  const settled = now - state.since >= times.settledMs;
  const failures = settled ? 1 : state.failures + 1;
  return wait({ ...state, failures }, now, chance, times, { kind: "lost", reason });
}

/** Another device is no failure of ours, and is passed over for a while; but nothing is tried without a wait. */
function failed(
  state: LinkState,
  error: VagusError,
  elsewhere: boolean,
  now: number,
  chance: number,
  times: LinkTimes,
): LinkStep {
  const told: LinkEvent = { kind: "failed", during: state.phase, error };
  if (!elsewhere || !("address" in state)) {
    return wait({ ...state, failures: state.failures + 1 }, now, chance, times, told);
  }
  const aside = [...state.aside, { address: state.address, until: now + times.asideMs }].slice(-ASIDE_MAX);
  return wait({ ...state, aside }, now, chance, times, told);
}

function wait(
  { failures, aside }: LinkState,
  now: number,
  chance: number,
  times: LinkTimes,
  event: LinkEvent,
): LinkStep {
  const ms = backOffMs(failures, chance, times.waitMs);
  return {
    state: { phase: "waiting", deadline: now + ms, failures, aside },
    actions: [{ kind: "drop" }, tell(event), tell({ kind: "waiting", ms, failures })],
  };
}

function stop({ failures, aside }: LinkState, error?: VagusError): LinkStep {
  return {
    state: { phase: "stopped", failures, aside },
    actions: [{ kind: "drop" }, tell({ kind: "stopped", ...(error && { error }) })],
  };
}

function isAside({ aside }: LinkState, address: string, now: number): boolean {
  return aside.some((one) => one.address === address && one.until > now);
}

function tooLate(what: string, ms: number, code: "host/link" | "session/timeout"): VagusError {
  return new VagusError(code, `expected ${what} within ${ms / 1000} s, came none`);
}

function tell(event: LinkEvent): LinkAction {
  return { kind: "tell", event };
}

function stay(state: LinkState): LinkStep {
  return { state, actions: [] };
}
