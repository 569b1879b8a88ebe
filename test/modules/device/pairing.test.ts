/** The optional pairing of the link (DESIGN section 5): after message_4, with the session's own passkey, off by default. */
import { deep, ok, same } from "../../support/assert.js";
import { ScriptedProgrammer, startDevice } from "./bench.js";
import { Clinic } from "./clinic.js";
import { another, crypto, inSession } from "./in-session.js";

const PAIRING = { ports: { pairing: true } } as const;

describe("A device that lets its link be paired", () => {
  it("lets it after message_4, with the passkey that the programmer has", async () => {
    const { bench, programmer } = await inSession(["ecg:read"], PAIRING);
    deep(bench.peripheral.passkeys, [programmer.passkey]);
  });

  it("not before: neither when connected, nor after message_3", async () => {
    const clinic = await Clinic.open(crypto);
    const bench = await startDevice(crypto, await clinic.provisionedFlash(), { pairing: true });
    const programmer = new ScriptedProgrammer(bench);
    programmer.clinic = clinic;
    const waits = await programmer.answer();
    deep(bench.peripheral.passkeys, []);
    programmer.write(waits.message_2);
    await programmer.take(); // message_3
    deep(bench.peripheral.passkeys, []);
  });

  it("another session, another passkey; a key update leaves it", async () => {
    const { clinic, bench, programmer } = await inSession(["ecg:read"], PAIRING);
    same(await programmer.code("rekey", new Uint8Array(16)), undefined);
    same(bench.peripheral.passkeys.length, 1);
    bench.peripheral.lose();
    const next = await another(bench, clinic, ["ecg:read"]);
    deep(bench.peripheral.passkeys, [programmer.passkey, next.passkey]);
    ok(programmer.passkey !== next.passkey);
  });

  it("not in a label session", async () => {
    const bench = await startDevice(crypto, undefined, { pairing: true });
    await bench.button.hold(bench.clock, 3200);
    await new ScriptedProgrammer(bench).openLabel(bench.label);
    deep(bench.peripheral.passkeys, []);
  });

  it("by default never", async () => {
    const { bench } = await inSession(["ecg:read"]);
    deep(bench.peripheral.passkeys, []);
  });
});
