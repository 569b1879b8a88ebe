import fc from "fast-check";
import {
  backOffMs,
  begin,
  LINK_TIMES,
  type LinkState,
  type LinkStep,
  type LinkStimulus,
  step,
} from "../../../host/link/reconnection.js";
import { VagusError } from "../../../modules/error/index.js";
import { deep, ok, same } from "../../support/assert.js";

const T = LINK_TIMES;
const error = new VagusError("edhoc/peer", "expected a peer, came none");

/** Goes through stimuli, each at its time; a chance of 1 makes waits whole. */
function go(...stimuli: [number, LinkStimulus][]): LinkStep {
  let at = begin(0);
  for (const [now, stimulus] of stimuli) at = step(at.state, stimulus, now, 1);
  return at;
}
const found: [number, LinkStimulus] = [0, { kind: "found", address: "a" }];
const linked: [number, LinkStimulus] = [0, { kind: "linked" }];
const greeted: [number, LinkStimulus] = [0, { kind: "greeted" }];
const UP = [found, linked, greeted] as const;
const tick = (now: number): [number, LinkStimulus] => [now, { kind: "tick" }];
const lost = (now: number): [number, LinkStimulus] => [now, { kind: "lost", reason: "gone" }];
const failed = (now: number): [number, LinkStimulus] => [now, { kind: "failed", error }];

const kinds = ({ actions }: LinkStep): string[] =>
  actions.map((action) => (action.kind === "tell" ? `tell ${action.event.kind}` : action.kind));

describe("The life of a link, as a function of state, event and time", () => {
  it("scanning, connecting, greeting, up: each told, and the scan is over before it connects", () => {
    deep(kinds(begin(0)), ["tell scanning", "scan"]);
    deep(kinds(go(found)), ["drop", "tell connecting", "connect"]);
    deep(kinds(go(found, linked)), ["tell greeting", "greet"]);
    const { state, ...rest } = go(...UP);
    deep(kinds({ state, ...rest }), ["tell up"]);
    same(state.phase, "up");
  });

  const TIMEOUTS: [string, [number, LinkStimulus][], number, LinkState["phase"]][] = [
    ["scanning", [], T.scanMs, "waiting"],
    ["connecting", [found], T.connectMs, "waiting"],
    ["greeting", [found, linked], T.greetMs, "waiting"],
    ["up", [...UP], T.quietMs, "probing"],
    ["probing", [...UP, tick(T.quietMs)], T.quietMs + T.probeMs, "waiting"],
    ["waiting", [failed(0)], T.waitMs.first, "scanning"],
  ];
  for (const [phase, before, ms, next] of TIMEOUTS) {
    it(`${phase}: a time-out, and ${next} behind it; not a millisecond earlier`, () => {
      same(go(...before).state.phase, phase);
      same(go(...before, tick(ms - 1)).state.phase, phase);
      const after = go(...before, tick(ms));
      same(after.state.phase, next);
      if (next === "waiting") same(kinds(after)[0], "drop");
    });
  }

  for (const [phase, before] of TIMEOUTS.map(([phase, before]) => [phase, before] as const)) {
    it(`${phase}: stop ends it, and nothing goes on from there`, () => {
      const stopped = go(...before, [0, { kind: "stop" }]);
      deep(kinds(stopped), ["drop", "tell stopped"]);
      for (const one of [found, linked, greeted, tick(1e9), lost(0), failed(0)])
        deep(step(stopped.state, one[1], one[0], 1), { state: stopped.state, actions: [] });
    });
  }

  for (const [phase, before] of TIMEOUTS.filter(([phase]) => phase !== "waiting" && phase !== "scanning")) {
    it(`${phase}: the link is lost, and is made again after a wait`, () => {
      const now = phase === "probing" ? T.quietMs : 0;
      const after = go(...before, lost(now));
      same(after.state.phase, "waiting");
      deep(kinds(after).slice(0, 1), ["drop"]);
      same(go(...before, lost(now), tick(now + T.waitMs.most)).state.phase, "scanning");
    });
  }

  it("quiet: it is asked; an answer is as good as a reading", () => {
    const asked = go(...UP, tick(T.quietMs));
    deep(kinds(asked), ["tell quiet", "probe"]);
    const heard = go(...UP, tick(T.quietMs), [T.quietMs + 1, { kind: "heard" }]);
    deep([heard.state.phase, heard.state.deadline], ["up", 2 * T.quietMs + 1]);
    same(go(...UP, [9000, { kind: "heard" }], tick(T.quietMs)).state.phase, "up");
  });

  it("a final failure ends it and says why", () => {
    const { state, actions } = go(found, linked, [0, { kind: "failed", error, final: true }]);
    same(state.phase, "stopped");
    deep(actions.at(-1), { kind: "tell", event: { kind: "stopped", error } });
  });

  it("somebody who does not want to wait need not", () => {
    same(go(failed(0), [1, { kind: "hurry" }]).state.phase, "scanning");
    same(go(...UP, [1, { kind: "hurry" }]).state.phase, "up");
  });

  it("waits double up to their limit; by lot they are between the half and the whole", () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8, 60].map((failures) => backOffMs(failures, 1, T.waitMs));
    deep(waits, [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    same(backOffMs(3, 0, T.waitMs), 1000);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (n, chance) => {
          const ms = backOffMs(n, chance, T.waitMs);
          return ms >= T.waitMs.first / 2 && ms <= T.waitMs.most;
        },
      ),
    );
  });

  it("a link that was up for a while was no failure; one that falls at once is one more", () => {
    const again = [tick(500), found, linked, greeted].map(([, it]) => [500, it] as [number, LinkStimulus]);
    same(go(failed(0), ...again, lost(500 + T.settledMs)).state.failures, 1);
    same(go(failed(0), ...again, lost(499 + T.settledMs)).state.failures, 2);
  });

  it("another device is passed over for a minute, is no failure, and is not tried without a wait", () => {
    const other: [number, LinkStimulus] = [0, { kind: "failed", error, elsewhere: true }];
    const waiting = go(found, linked, other);
    deep([waiting.state.phase, waiting.state.failures], ["waiting", 0]);
    const scanning = step(waiting.state, { kind: "tick" }, 500, 1).state;
    same(step(scanning, { kind: "found", address: "a" }, 501, 1).state.phase, "scanning");
    same(step(scanning, { kind: "found", address: "b" }, 501, 1).state.phase, "connecting");
    same(step(scanning, { kind: "found", address: "a" }, T.asideMs, 1).state.phase, "connecting");
  });

  it("whatever comes in whatever order: a deadline in each state, a limit to what is kept, and a link that is dropped before another", () => {
    const stimulus: fc.Arbitrary<LinkStimulus> = fc.oneof(
      fc
        .constantFrom("linked", "greeted", "heard", "tick", "hurry")
        .map((kind) => ({ kind }) as LinkStimulus),
      fc.nat(100).map((n) => ({ kind: "found", address: `${n}` }) as const),
      fc.boolean().map((elsewhere) => ({ kind: "failed", error, elsewhere }) as const),
      fc.constant({ kind: "lost", reason: "gone" } as const),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(40_000), stimulus), { maxLength: 300 }), (all) => {
        let now = 0;
        let { state } = begin(now);
        let busy = "scan";
        for (const [ms, one] of all) {
          now += ms;
          const next = step(state, one, now, 0.5);
          for (const { kind } of next.actions) {
            if (kind === "drop") busy = "";
            else if (kind === "scan" || kind === "connect") {
              ok(busy === "", `${kind} while ${busy}`);
              busy = kind;
            }
          }
          state = next.state;
          ok(state.phase !== "stopped" && state.deadline! >= Math.min(now, state.deadline!));
          ok(state.aside.length <= 64);
        }
        // and left alone it always comes to a scan again
        for (let n = 0; n < 4 && state.phase !== "scanning"; n++) {
          now = Math.max(now, state.deadline!);
          state = step(state, { kind: "tick" }, now, 0.5).state;
        }
        same(state.phase, "scanning");
      }),
    );
  });
});
