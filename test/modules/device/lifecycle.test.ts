import {
  AUTHENTICATE_MS,
  type LinkEvent,
  type LinkState,
  linked,
  REFUSE_MS,
  step,
  turnedAway,
} from "../../../modules/device/lifecycle.js";
import type { Outgoing } from "../../../modules/gatt/index.js";
import { deep, ok, same } from "../../support/assert.js";

const message = Uint8Array.of(1);
const subscribed = (characteristic: Outgoing, wanted = true): LinkEvent => ({
  kind: "subscribed",
  characteristic,
  wanted,
});
const NOW = 5000;
const DEADLINE = 12_000;

const STATES = {
  linked: { phase: "linked", deadline: DEADLINE, subscribed: [] },
  half: { phase: "linked", deadline: DEADLINE, subscribed: ["telemetry"] },
  handshake: { phase: "handshake", deadline: DEADLINE },
  refusing: { phase: "refusing", deadline: DEADLINE },
  open: { phase: "open" },
  "open for a time": { phase: "open", deadline: DEADLINE },
  told: { phase: "closing", deadline: DEADLINE },
  closing: { phase: "closing" },
} as const satisfies Record<string, LinkState>;

const EVENTS = {
  control: subscribed("control"),
  telemetry: subscribed("telemetry"),
  "no control": subscribed("control", false),
  "no telemetry": subscribed("telemetry", false),
  message: { kind: "message", message },
  authenticated: { kind: "authenticated", expiresInMs: Number.POSITIVE_INFINITY },
  "authenticated for 7 s": { kind: "authenticated", expiresInMs: 7000 },
  failed: { kind: "failed", messageAt: 4000 },
  "failed too late to tell": { kind: "failed", messageAt: DEADLINE - REFUSE_MS - 199 },
  hurry: { kind: "hurry", authenticateMs: 3000 },
  "early tick": { kind: "tick" },
  "late tick": { kind: "tick" },
  dismissed: { kind: "dismissed" },
} as const satisfies Record<string, LinkEvent>;

type State = keyof typeof STATES;
const HANG_UP = "closing: disconnect";
const OPEN = {
  message: "open: command",
  failed: HANG_UP,
  "failed too late to tell": HANG_UP,
  "no control": HANG_UP,
  "no telemetry": HANG_UP,
} as const;
/** For each event what comes of it: "phase" or "phase: output". What is not named leaves the state as it is. */
const TABLE: Record<State, Partial<Record<keyof typeof EVENTS, string>>> = {
  linked: { "late tick": HANG_UP },
  half: { control: "handshake: start-handshake", "late tick": HANG_UP },
  handshake: {
    message: "handshake: handshake",
    authenticated: "open",
    "authenticated for 7 s": "open",
    failed: "refusing",
    "failed too late to tell": "closing",
    "no control": HANG_UP,
    "no telemetry": HANG_UP,
    "late tick": HANG_UP,
  },
  refusing: { "late tick": "closing: tell-refusal" },
  open: OPEN,
  "open for a time": { ...OPEN, "late tick": HANG_UP },
  told: { "late tick": HANG_UP },
  closing: {},
};

describe("The life of a connection: every event in every state", () => {
  for (const name of Object.keys(STATES) as State[]) {
    for (const event of Object.keys(EVENTS) as (keyof typeof EVENTS)[]) {
      const expected = event === "dismissed" ? HANG_UP : (TABLE[name][event] ?? STATES[name].phase);
      it(`${name}, ${event}: ${expected}`, () => {
        const now = event === "late tick" ? DEADLINE : NOW;
        const { state, outputs } = step(STATES[name], EVENTS[event], now);
        const [kind] = outputs.map((output) => output.kind);
        same(kind === undefined ? state.phase : `${state.phase}: ${kind}`, expected);
        ok(outputs.length <= 1);
        if (event === "message" && outputs.length > 0) deep(outputs[0], { kind, message });
        // Whatever hangs up, or stays out of a session, is never without an end.
        if (["linked", "handshake", "refusing"].includes(state.phase)) ok(state.deadline !== undefined);
      });
    }
  }

  it("one that is turned away begins no handshake, however quick it is", () => {
    let state = turnedAway(NOW);
    for (const event of [EVENTS.telemetry, EVENTS.control, EVENTS.message]) {
      const next = step(state, event, NOW);
      deep(next.outputs, []);
      state = next.state;
    }
    deep(step(state, EVENTS["late tick"], NOW).outputs, [{ kind: "disconnect" }]);
  });

  it("so long to authenticate, whatever comes in between", () => {
    for (const limit of [AUTHENTICATE_MS.always, AUTHENTICATE_MS.window]) {
      let state = linked(100, limit);
      for (const event of [
        EVENTS.telemetry,
        EVENTS["no telemetry"],
        EVENTS.message,
        EVENTS.telemetry,
        EVENTS.control,
        EVENTS.message,
        EVENTS["early tick"],
      ]) {
        state = step(state, event, 100 + limit - 0.1).state;
        same(state.deadline, 100 + limit);
      }
      same(step(state, EVENTS["late tick"], 100 + limit).state.phase, "closing");
    }
  });

  it("a refusal is told so long after its message, however long the check took and whatever came then", () => {
    for (const took of [0, 10, REFUSE_MS - 1]) {
      let { state } = step(STATES.handshake, EVENTS.message, 4500);
      if (took > 5) state = step(state, EVENTS.message, 4505).state;
      state = step(state, { kind: "failed", messageAt: 4500 }, 4500 + took).state;
      deep(state, { phase: "refusing", deadline: 4500 + REFUSE_MS });
    }
  });

  it("a refusal makes no connection stay longer than it may: what is too late is not told", () => {
    const tellMs = 200;
    for (const late of [0, 1, 500, REFUSE_MS]) {
      const messageAt = DEADLINE - REFUSE_MS - tellMs + late;
      let { state } = step(STATES.handshake, { kind: "failed", messageAt }, messageAt);
      for (let n = 0; state.phase === "refusing"; n++) {
        ok(n < 1 && late === 0);
        state = step(state, EVENTS["late tick"], state.deadline).state;
      }
      deep(state, { phase: "closing", deadline: DEADLINE });
    }
  });

  it("an opened window leaves 3 s to who has not authenticated, never more than before, and no less to others", () => {
    for (const name of Object.keys(STATES) as State[]) {
      for (const [now, expected] of [
        [NOW, NOW + 3000],
        [DEADLINE - 100, DEADLINE],
      ] as const) {
        const { state } = step(STATES[name], EVENTS.hurry, now);
        const unauthenticated = state.phase === "linked" || state.phase === "handshake";
        same(state.deadline, unauthenticated ? expected : (STATES[name] as LinkState).deadline, name);
      }
    }
  });

  it("whatever comes after the deadline comes too late, the tick or not", () => {
    for (const name of ["linked", "half", "handshake", "open for a time"] as const) {
      for (const event of Object.values(EVENTS)) {
        const { state, outputs } = step(STATES[name], event, DEADLINE);
        deep([state, outputs], [{ phase: "closing" }, [{ kind: "disconnect" }]], `${name}, ${event.kind}`);
      }
    }
  });

  it("a session ends when its credential does", () => {
    const { state } = step(STATES.handshake, EVENTS["authenticated for 7 s"], NOW);
    deep(state, { phase: "open", deadline: NOW + 7000 });
    same(step(state, EVENTS["early tick"], NOW + 6999).state.phase, "open");
    same(step(state, EVENTS["late tick"], NOW + 7000).state.phase, "closing");
  });

  it("subscribing, no longer, and twice", () => {
    let state: LinkState = STATES.linked;
    for (const event of [EVENTS.control, EVENTS.control, EVENTS["no control"], EVENTS.telemetry]) {
      state = step(state, event, NOW).state;
      same(state.phase, "linked");
    }
    same(step(state, EVENTS.control, NOW).state.phase, "handshake");
  });

  it("nothing is changed in place", () => {
    const before = JSON.stringify(STATES);
    for (const state of Object.values(STATES))
      for (const event of Object.values(EVENTS)) step(state, event, 1e9);
    same(JSON.stringify(STATES), before);
  });
});
