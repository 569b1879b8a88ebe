import {
  AUTHENTICATE_MS,
  type ConnectionEvent,
  type ConnectionState,
  IDLE,
  step,
} from "../../../modules/device/connection.js";
import type { Outgoing } from "../../../modules/gatt/index.js";
import { deep, same } from "../../support/assert.js";

const message = Uint8Array.of(1);
const subscribed = (characteristic: Outgoing, wanted = true): ConnectionEvent => ({
  kind: "subscribed",
  characteristic,
  wanted,
});
const NOW = 5000;
const DEADLINE = 12_000;

const STATES = {
  idle: IDLE,
  linked: { phase: "linked", deadline: DEADLINE, subscribed: [] },
  half: { phase: "linked", deadline: DEADLINE, subscribed: ["telemetry"] },
  handshake: { phase: "handshake", deadline: DEADLINE },
  open: { phase: "open" },
  closing: { phase: "closing" },
} as const satisfies Record<string, ConnectionState>;

const EVENTS = {
  connected: { kind: "connected" },
  control: subscribed("control"),
  telemetry: subscribed("telemetry"),
  "no control": subscribed("control", false),
  "no telemetry": subscribed("telemetry", false),
  message: { kind: "message", message },
  authenticated: { kind: "authenticated" },
  failed: { kind: "failed" },
  "early tick": { kind: "tick" },
  "late tick": { kind: "tick" },
  disconnected: { kind: "disconnected" },
} as const satisfies Record<string, ConnectionEvent>;

type State = keyof typeof STATES;
/** For each event what comes of it: "phase" or "phase: output". What is not named leaves the state as it is. */
const TABLE: Record<State, Partial<Record<keyof typeof EVENTS, string>>> = {
  idle: { connected: "linked" },
  linked: { "late tick": "closing: disconnect" },
  half: { control: "handshake: start-handshake", "late tick": "closing: disconnect" },
  handshake: {
    message: "handshake: handshake",
    authenticated: "open",
    failed: "closing: disconnect",
    "no control": "closing: disconnect",
    "no telemetry": "closing: disconnect",
    "late tick": "closing: disconnect",
  },
  open: {
    message: "open: command",
    failed: "closing: disconnect",
    "no control": "closing: disconnect",
    "no telemetry": "closing: disconnect",
  },
  closing: {},
};

describe("The life of a connection: every event in every state", () => {
  for (const name of Object.keys(STATES) as State[]) {
    for (const event of Object.keys(EVENTS) as (keyof typeof EVENTS)[]) {
      const phase = STATES[name].phase;
      const expected = event === "disconnected" ? "idle: forget" : (TABLE[name][event] ?? phase);
      it(`${name}, ${event}: ${expected}`, () => {
        const now = event === "late tick" ? DEADLINE : NOW;
        const { state, outputs, deadline } = step(STATES[name], EVENTS[event], now);
        const [kind] = outputs.map((output) => output.kind);
        same(kind === undefined ? state.phase : `${state.phase}: ${kind}`, expected);
        same(outputs.length <= 1, true);
        if (event === "message" && outputs.length > 0) deep(outputs[0], { kind, message });
        const timed = state.phase === "linked" || state.phase === "handshake";
        same(deadline, timed ? (name === "idle" ? NOW + AUTHENTICATE_MS : DEADLINE) : undefined);
      });
    }
  }

  it("10 s from the connection on, whatever comes in between", () => {
    let { state, deadline } = step(IDLE, { kind: "connected" }, 100);
    for (const [event, now] of [
      [EVENTS.telemetry, 3000],
      [EVENTS["no telemetry"], 4000],
      [EVENTS.message, 5000],
      [EVENTS.telemetry, 9000],
      [EVENTS.control, 9500],
      [EVENTS.message, 10_000],
      [EVENTS["early tick"], 10_099.9],
    ] as const) {
      ({ state, deadline } = step(state, event, now));
      same(deadline, 10_100);
    }
    same(step(state, EVENTS["late tick"], 10_100).state.phase, "closing");
  });

  it("subscribing, no longer, and twice", () => {
    let state: ConnectionState = STATES.linked;
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
