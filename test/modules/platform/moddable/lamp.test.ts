import type { DeviceEvent } from "../../../../modules/device/index.js";
import { VagusError } from "../../../../modules/error/index.js";
import { createLamp, PATTERN } from "../../../../modules/platform/moddable/lamp.js";
import { deep, ok, same } from "../../../support/assert.js";
import { SteppedClock } from "../../device/bench.js";

const error = new VagusError("device/ration", "expected less");

/** What a lamp shows in the `ms` after these events: [milliseconds from then, on?] at each change. */
async function seen(events: DeviceEvent[], ms: number) {
  const clock = new SteppedClock();
  let changes: [number, boolean][] = [];
  let on: boolean | undefined;
  let from = 0;
  const light = (now: boolean) => {
    if (now !== on) changes.push([clock.now - from, now]);
    on = now;
  };
  const show = createLamp(light, clock);
  for (const event of events) {
    await clock.pass(10);
    from = clock.now;
    changes = [];
    on = undefined;
    show(event);
  }
  await clock.pass(ms);
  return { changes, on, timers: clock.timers };
}

const looks = (look: keyof typeof PATTERN, ms: number) => {
  const changes: [number, boolean][] = [];
  for (let at = 0, step = 0; at <= ms; step++) {
    changes.push([at, step % 2 === 0]);
    at += PATTERN[look][step % PATTERN[look].length];
  }
  return changes;
};

const STARTED: DeviceEvent = {
  kind: "started",
  label: new Uint8Array(16),
  boot: 1,
  fresh: true,
  state: "new",
};

describe("the lamp of a board", () => {
  const cases: [string, DeviceEvent[], keyof typeof PATTERN][] = [
    ["started", [STARTED], "idle"],
    ["connected", [STARTED, { kind: "connected" }], "connected"],
    ["authenticated", [STARTED, { kind: "connected" }, { kind: "authenticated" }], "authenticated"],
    ["gone again", [STARTED, { kind: "authenticated" }, { kind: "disconnected" }], "idle"],
    ["the window", [STARTED, { kind: "window" }], "window"],
    ["provisioning", [STARTED, { kind: "provisioning" }], "provisioning"],
  ];
  for (const [name, events, look] of cases) {
    it(`shows ${name}`, async () => {
      const { changes, timers } = await seen(events, 6000);
      deep(changes, looks(look, 6000));
      same(timers, 1);
    });
  }

  it("tells its states apart", () => {
    const all = Object.values(PATTERN).map((pattern) => pattern.join());
    same(new Set(all).size, all.length);
  });

  it("goes back when the minute is over, to what came meanwhile", async () => {
    const { changes } = await seen([STARTED, { kind: "window" }], 75_000);
    const late = changes.filter(([at]) => at > 61_000).map(([, on]) => on);
    ok(late.length >= 4 && late.length <= 6, `${late.length} changes`);
  });

  const OTHERS: DeviceEvent[] = [
    { kind: "magnet", on: true },
    { kind: "paceNow" },
    { kind: "parametersReverted" },
  ];
  for (const event of OTHERS)
    it(`goes on showing the window through ${event.kind}`, async () => {
      const { changes } = await seen([STARTED, { kind: "window" }, event], 6000);
      ok(changes.length >= 10, `${changes.length} changes`);
    });

  it("is idle again once it was provisioned", async () => {
    const { changes } = await seen([STARTED, { kind: "provisioning" }, { kind: "provisioned" }], 10_000);
    ok(changes.length < 10, `${changes.length} changes`);
  });

  it("shows a refusal for a moment", async () => {
    const { changes } = await seen([STARTED, { kind: "refused", error }], 4000);
    deep(
      changes.slice(0, 6).map(([at]) => at),
      [0, 60, 120, 180, 240, 300],
    );
    ok(changes.every(([at]) => at < 1100));
  });

  it("stays on where the device cannot read its flash, whatever else happens", async () => {
    const events: DeviceEvent[] = [{ kind: "window" }, { kind: "fault", error }];
    const { changes, timers } = await seen(events, 60_000);
    deep(changes, [[0, true]]);
    same(timers, 0);
  });
});
