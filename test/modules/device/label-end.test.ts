/** A label session ends with the button's minute, whatever it did, and leaves nothing behind (DESIGN section 4). */
import { cryptos } from "engine";
import { Holder } from "../../../modules/credential/index.js";
import { WINDOW_MS } from "../../../modules/device/admission.js";
import { HOLD_MS } from "../../../modules/device/button.js";
import { DEVICE_SECTORS_MIN } from "../../../modules/device/index.js";
import { MemoryFlash } from "../../../modules/flash/index.js";
import { deep, ok, same } from "../../support/assert.js";
import { watched } from "../credential/watched.js";
import { bytesOf, ScriptedProgrammer, settle, startDevice } from "./bench.js";
import { Clinic, DAY, GROUP, MADE_AT } from "./clinic.js";
import { crypto, refused } from "./in-session.js";
import { labelled } from "./labelled.js";

describe("A label session ends with the button's minute (DESIGN section 4)", () => {
  for (const [when, after, ends] of [
    ["a second before", WINDOW_MS - 1000, false],
    ["when it is over", WINDOW_MS, true],
    ["a day later", DAY * 1000, true],
  ] as const) {
    it(`${when}: ${ends ? "the link is closed, and it is as new as it was" : "it is provisioned"}`, async () => {
      const { bench, programmer, key } = await labelled();
      const clinic = await Clinic.open(crypto);
      await bench.clock.pass(after);
      same(bench.peripheral.disconnects, ends ? 1 : 0);
      if (!ends) same(await provision(programmer, clinic, await clinic.issueDevice(key)), undefined);
      same(bench.device.holder.state, ends ? "new" : "provisioned");
    });
  }

  it("also one that has provisioned, and closed what the button opened: its minute, and no more", async () => {
    const { bench, programmer, key } = await labelled();
    const clinic = await Clinic.open(crypto);
    same(await provision(programmer, clinic, await clinic.issueDevice(key)), undefined);
    await bench.clock.pass(WINDOW_MS - 1000);
    deep([bench.peripheral.disconnects, await programmer.code("list", await clinic.list(1))], [0, undefined]);
    await bench.clock.pass(1000);
    same(bench.peripheral.disconnects, 1);
  });

  it("the same credential again wears no flash; identify leaves the minute open for another link", async () => {
    const { bench, programmer, key } = await labelled();
    same(bench.peripheral.info[1], 3, "identify changes nothing");
    const clinic = await Clinic.open(crypto);
    const token = await clinic.issueDevice(key);
    same(await provision(programmer, clinic, token), undefined);
    const before = bytesOf(bench.flash);
    for (let i = 0; i < 5; i++) same(await provision(programmer, clinic, token), undefined);
    deep(bytesOf(bench.flash), before);
  });
});

describe("With label and button nothing goes back (DESIGN section 4)", () => {
  it("the credential of the group that it left: refused, and it stays in the new one", async () => {
    const clinic = await Clinic.open(crypto);
    const flash = await clinic.provisionedFlash({ expires: MADE_AT + 1000 * DAY });
    const holder = await Holder.open(crypto, flash, { clockMs: () => 0, madeAt: MADE_AT });
    const { key, credential } = holder.own!;
    holder.rotate(await clinic.issueDevice(key, { audience: ["next", GROUP], issued: MADE_AT + 100 }));
    const bench = await startDevice(crypto, flash);
    await bench.button.hold(bench.clock, HOLD_MS.provision);
    const programmer = new ScriptedProgrammer(bench);
    await programmer.openLabel(bench.label);
    const parameters = [credential.token, clinic.anchorKey];
    await refused({ bench, programmer }, "cwt/expired", "provision", parameters);
    same(bench.device.holder.own!.credential.audience[0], "next");
  });

  for (const [name, iat] of [
    ["2^33 + 1", 2 ** 33 + 1],
    ["2^53 - 1", Number.MAX_SAFE_INTEGER],
  ] as const) {
    it(`a first credential of iat ${name}: refused, and the floor stays where a reset finds it`, async () => {
      const given = await labelled();
      const clinic = await Clinic.open(crypto);
      const token = await clinic.issueDevice(given.key, { issued: iat, expires: Number.MAX_SAFE_INTEGER });
      await refused(given, "cwt/claim", "provision", [token, clinic.anchorKey]);
      ok(given.bench.device.holder.floor.seconds < MADE_AT + DAY);
    });
  }
});

for (const real of cryptos) {
  it(`a label handshake that fails or is given up leaves no key open, ${real.name}`, async () => {
    const crypto = watched(real);
    const bench = await startDevice(crypto, new MemoryFlash(DEVICE_SECTORS_MIN));
    await bench.button.hold(bench.clock, HOLD_MS.provision);
    const MESSAGES = [[0xff], [0x80], [0x82, 0x40, 0x40], [0xa0], []];
    for (const message of MESSAGES) {
      const programmer = new ScriptedProgrammer(bench);
      bench.peripheral.connect();
      bench.peripheral.subscribe();
      await settle();
      deep(crypto.open, ["X25519"]);
      if (message.length > 0) programmer.write(Uint8Array.from(message));
      await bench.clock.pass(2500);
      bench.peripheral.lose();
      await settle();
      deep(crypto.open, [], `${message}`);
    }
  });
}

function provision(programmer: ScriptedProgrammer, clinic: Clinic, token: Uint8Array) {
  return programmer.code("provision", [token, clinic.anchorKey]);
}
