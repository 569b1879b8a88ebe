/** The button makes room for a second central, also while a session stands (DESIGN section 5). */
import { ok, same } from "../../support/assert.js";
import { Air, AirCentral } from "./air.js";
import { ScriptedProgrammer, settle, startDevice } from "./bench.js";
import { Clinic, DAY, MADE_AT } from "./clinic.js";
import { crypto } from "./in-session.js";

describe("The button's window, while someone is in a session (DESIGN section 5)", () => {
  /** A reader is in a session; another programmer waits for a place. */
  async function occupied() {
    const air = new Air();
    const clinic = await Clinic.open(crypto);
    const flash = await clinic.provisionedFlash({ expires: MADE_AT + 1000 * DAY });
    const bench = await startDevice(crypto, flash, { peripheral: air });
    const [there, here] = [new AirCentral(air), new AirCentral(air)];
    const reader = new ScriptedProgrammer(bench, 247, there);
    reader.clinic = clinic;
    await reader.authenticate();
    return { air, bench, clinic, there, here, reader };
  }

  it("without it there is no place: whoever is in keeps the others out", async () => {
    const { bench, here } = await occupied();
    here.connect();
    await bench.clock.pass(60_000);
    same(here.events, undefined);
  });

  it("with it the other one is let in, authenticates, and takes over", async () => {
    const { air, bench, clinic, there, here } = await occupied();
    here.connect();
    await bench.button.hold(bench.clock, 200);
    ok(here.events !== undefined, "expected a place");
    ok(there.events !== undefined, "whoever is in stays until then");
    here.lose();
    const programmer = new ScriptedProgrammer(bench, 247, here);
    programmer.clinic = clinic;
    await programmer.authenticate();
    same(await programmer.code("stop", [1]), undefined);
    same(there.events, undefined);
    await bench.clock.pass(60_000);
    same(air.connections, 1);
  });

  it("who is in cannot send the other one away by commands that change nothing", async () => {
    const { bench, clinic, there, here, reader } = await occupied();
    same(await reader.code("list", await clinic.list(1)), undefined);
    await bench.button.hold(bench.clock, 200);
    const programmer = new ScriptedProgrammer(bench, 247, here);
    programmer.clinic = clinic;
    const waitM3 = await programmer.answer();
    for (const [name, parameters] of [
      ["challenge", null],
      ["start", [1, 1000, 0]],
      ["stop", [1]],
      ["identify", null],
      ["list", await clinic.list(1)],
      ["list", new Uint8Array(3)],
    ] as const) {
      await reader.code(name, parameters as never);
      ok(here.events !== undefined, name);
    }
    await programmer.finish(waitM3);
    same(await programmer.code("stop", [1]), undefined);
    same(there.events, undefined);
  });

  it("a list that is new sends it away, for it may be on it: it comes again, and is in", async () => {
    const { bench, clinic, here, reader } = await occupied();
    await bench.button.hold(bench.clock, 200);
    const programmer = new ScriptedProgrammer(bench, 247, here);
    programmer.clinic = clinic;
    await programmer.answer();
    reader.write(reader.sealed("list", await clinic.list(1, [])));
    await settle();
    same(here.events, undefined);
    await programmer.authenticate();
    same(await programmer.code("stop", [1]), undefined);
  });
});
