/** What the button was held for says what is meant (DESIGN section 4): a pure function, and the device behind it. */

import { loadIdentity } from "../../../modules/credential/identity.js";
import {
  type ButtonAction,
  type ButtonEvent,
  type ButtonState,
  buttonAtStart,
  HOLD_MS,
  stepButton,
} from "../../../modules/device/button.js";
import { DEVICE_SECTORS_MIN } from "../../../modules/device/index.js";
import { MemoryFlash } from "../../../modules/flash/index.js";
import { deep, ok, same } from "../../support/assert.js";
import { holds } from "../credential/holding.js";
import { type Bench, BenchButton, bytesOf, startDevice } from "./bench.js";
import { Clinic, MADE_AT } from "./clinic.js";
import { another, crypto, inSession } from "./in-session.js";
import { speaks } from "./labelled.js";

/** Milliseconds since power-up, and what happens then. */
type Script = readonly (readonly [number, ButtonEvent])[];

function run(downAtStart: boolean, script: Script): { actions: string[]; state: ButtonState } {
  let state = buttonAtStart(downAtStart, 0);
  const actions: string[] = [];
  for (const [now, event] of script) {
    const next: { state: ButtonState; action?: ButtonAction } = stepButton(state, event, now);
    state = next.state;
    if (next.action !== undefined) actions.push(`${now} ${next.action}`);
  }
  return { actions, state };
}

describe("The button, a pure function", () => {
  const CASES: [string, boolean, Script, string[]][] = [
    [
      "a tap",
      false,
      [
        [100, "down"],
        [101, "up"],
      ],
      ["101 window"],
    ],
    [
      "just under 3 s",
      false,
      [
        [100, "down"],
        [3099, "tick"],
        [3099, "up"],
      ],
      ["3099 window"],
    ],
    [
      "3 s, let go before the tick",
      false,
      [
        [100, "down"],
        [3100, "up"],
      ],
      ["3100 provision"],
    ],
    [
      "3 s, the tick first; nothing more when it is let go",
      false,
      [
        [100, "down"],
        [3100, "tick"],
        [3200, "up"],
      ],
      ["3100 provision"],
    ],
    [
      "held for a minute",
      false,
      [
        [0, "down"],
        [3000, "tick"],
        [10_000, "tick"],
        [60_000, "tick"],
        [60_001, "up"],
      ],
      ["3000 provision"],
    ],
    [
      "10 s, but not from power-up: no reset",
      false,
      [
        [1, "down"],
        [3001, "tick"],
        [10_001, "tick"],
        [10_002, "up"],
      ],
      ["3001 provision"],
    ],
    [
      "10 s from power-up",
      true,
      [
        [10_000, "tick"],
        [12_000, "tick"],
        [15_000, "up"],
      ],
      ["10000 factory-reset"],
    ],
    [
      "just under 10 s from power-up",
      true,
      [
        [9999, "tick"],
        [9999, "up"],
      ],
      [],
    ],
    [
      "3 s from power-up",
      true,
      [
        [3000, "tick"],
        [3001, "up"],
      ],
      [],
    ],
    ["10 s from power-up, let go before the tick", true, [[10_000, "up"]], []],
    [
      "after a release at power-up it is as any",
      true,
      [
        [500, "up"],
        [600, "down"],
        [700, "up"],
        [800, "down"],
        [3800, "tick"],
      ],
      ["700 window", "3800 provision"],
    ],
    [
      "after a reset it is as any",
      true,
      [
        [10_000, "tick"],
        [10_500, "up"],
        [11_000, "down"],
        [11_100, "up"],
      ],
      ["10000 factory-reset", "11100 window"],
    ],
    [
      "down twice: since the first",
      false,
      [
        [100, "down"],
        [2000, "down"],
        [3100, "tick"],
      ],
      ["3100 provision"],
    ],
    [
      "down again at power-up: since then",
      true,
      [
        [5000, "down"],
        [10_000, "tick"],
      ],
      ["10000 factory-reset"],
    ],
    [
      "up that was never down, ticks at rest",
      false,
      [
        [5, "up"],
        [9, "tick"],
        [99_999, "tick"],
        [99_999, "up"],
      ],
      [],
    ],
    [
      "two taps",
      false,
      [
        [0, "down"],
        [10, "up"],
        [20, "down"],
        [30, "up"],
      ],
      ["10 window", "30 window"],
    ],
  ];
  for (const [name, atStart, script, expected] of CASES)
    it(name, () => deep(run(atStart, script).actions, expected));

  it("at rest there is no deadline; held there is one, until it has acted", () => {
    same(buttonAtStart(false, 5).deadline, undefined);
    same(buttonAtStart(true, 5).deadline, 5 + HOLD_MS.factoryReset);
    same(run(false, [[7, "down"]]).state.deadline, 7 + HOLD_MS.provision);
    same(
      run(false, [
        [7, "down"],
        [3007, "tick"],
      ]).state.deadline,
      undefined,
    );
    deep(
      run(false, [
        [7, "down"],
        [8, "up"],
      ]).state,
      {},
    );
  });
});

describe("The device's button", () => {
  const kinds = (bench: Bench) => bench.events.map(({ kind }) => kind);

  it("a short press opens the window, and ends what 3 s opened", async () => {
    const { bench } = await inSession(["ecg:read"]);
    bench.peripheral.lose();
    await bench.button.hold(bench.clock, 3000);
    deep(bench.peripheral.info, Uint8Array.of(1, 3));
    await bench.button.hold(bench.clock, 100);
    deep(bench.peripheral.info, Uint8Array.of(1, 0));
    same(await speaks(bench), "edhoc");
    deep(
      kinds(bench).filter((kind) => ["window", "provisioning"].includes(kind)),
      ["provisioning", "window", "window"],
    );
  });

  /** A device that starts with its button held down. */
  async function heldDown(flash = new MemoryFlash(DEVICE_SECTORS_MIN)) {
    const button = new BenchButton();
    button.down = true;
    const bench = await startDevice(crypto, flash, { button });
    return { bench, release: () => button.release() };
  }

  it("held for 10 s from power-up: factory reset; nothing of the Authority is left in flash", async () => {
    const clinic = await Clinic.open(crypto);
    const flash = (await clinic.provisionedFlash()) as MemoryFlash;
    const before = loadIdentity(flash)!;
    const { bench, release } = await heldDown(flash);
    await another(bench, clinic, ["ecg:read"]);
    await bench.clock.pass(HOLD_MS.factoryReset - 1);
    same(bench.device.holder.state, "provisioned");
    await bench.clock.pass(1);
    same(bench.device.holder.state, "new");
    deep([bench.peripheral.info, bench.peripheral.disconnects], [Uint8Array.of(1, 2), 1]);
    for (const it of ["sealed", "credential", "anchor"] as const)
      ok(!holds({ bytes: bytesOf(flash) }, before[it]!), it);
    release();
    await bench.clock.pass(1);
    same(kinds(bench).filter((kind) => kind === "reset").length, 1);
    same(await speaks(bench), "nothing");
    const again = await startDevice(crypto, flash);
    deep(
      [again.device.holder.state, again.label, again.device.holder.floor.seconds],
      ["new", before.label, MADE_AT],
    );
  });

  it("let go a moment too soon: nothing happens", async () => {
    const clinic = await Clinic.open(crypto);
    const { bench, release } = await heldDown((await clinic.provisionedFlash()) as MemoryFlash);
    const before = bytesOf(bench.flash);
    await bench.clock.pass(HOLD_MS.factoryReset - 1);
    release();
    await bench.clock.pass(60_000);
    deep(bytesOf(bench.flash), before);
    deep(kinds(bench), ["started"]);
  });

  it("a reset that flash refuses is said; the device is what it was, and the next start tells the same", async () => {
    const clinic = await Clinic.open(crypto);
    const { bench } = await heldDown((await clinic.provisionedFlash()) as MemoryFlash);
    const { program } = bench.flash;
    bench.flash.program = () => {};
    await bench.clock.pass(HOLD_MS.factoryReset);
    deep([[...new Set(bench.refusals())], bench.device.holder.state], [["flash/program"], "provisioned"]);
    bench.flash.program = program;
    await another(bench, clinic, ["ecg:read"]);
    same((await startDevice(crypto, bench.flash)).device.holder.state, "provisioned");
  });
});
