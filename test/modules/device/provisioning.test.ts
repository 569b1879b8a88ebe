/** The label session can do nothing but provision, while the button was held (DESIGN section 4). */
import { cryptos } from "engine";
import { equal } from "../../../modules/bytes/index.js";
import { CRV } from "../../../modules/cose/index.js";
import { verifyRequest } from "../../../modules/credential/index.js";
import { HOLD_MS } from "../../../modules/device/button.js";
import { DEVICE_SECTORS_MIN } from "../../../modules/device/index.js";
import { ERROR_NUMBERS } from "../../../modules/error/index.js";
import { MemoryFlash } from "../../../modules/flash/index.js";
import { deep, ok, same } from "../../support/assert.js";
import { bytesOf, ScriptedProgrammer, startDevice } from "./bench.js";
import { Clinic } from "./clinic.js";
import { labelled, speaks } from "./labelled.js";

const crypto = cryptos[0]!;
const NONE = new Uint8Array(0);

describe("The label session can do nothing but provision (DESIGN section 4)", () => {
  for (const [name, parameters] of [
    ["start", [1, 1000, 0]],
    ["stop", [1]],
    ["rotate", NONE],
    ["anchor", [NONE, NONE]],
    ["revoke", null],
  ] as const) {
    it(`${name}: session/scope, and nothing streams`, async () => {
      const { bench, programmer } = await labelled();
      same(await programmer.code(name, name === "rotate" ? NONE : (parameters as never)), "session/scope");
      await bench.clock.pass(5000);
      same(programmer.messages.length, 0);
    });
  }

  it("rekey: there is nothing to renew", async () => {
    const { programmer } = await labelled();
    const reply = await programmer.command("rekey", new Uint8Array(16));
    same(reply.code, ERROR_NUMBERS["device/command"]);
    same((await programmer.command("close", null)).code, 0);
  });

  for (const [scope, codes] of [
    ["ecg:read", ["session/scope", "session/scope"]],
    ["device:manage", ["credential/freshness", "session/scope"]],
    ["provision", ["session/scope", "session/scope"]],
  ] as const) {
    it(`a session of EDHOC with ${scope} may not: identify ${codes[0]}, provision ${codes[1]}`, async () => {
      const clinic = await Clinic.open(crypto);
      const bench = await startDevice(crypto);
      const programmer = new ScriptedProgrammer(bench);
      await programmer.authenticate({ cred: await clinic.issue({ scope: [scope] }) });
      const before = bytesOf(bench.flash);
      const came = [
        await programmer.code("identify", null),
        await programmer.code("provision", [NONE, NONE]),
      ];
      deep(came, codes);
      deep(bytesOf(bench.flash), before);
    });
  }

  it("provisioned: EDHOC from the next connection on, and after a restart", async () => {
    const { bench, programmer, key } = await labelled();
    const clinic = await Clinic.open(crypto);
    const token = await clinic.issueDevice(key);
    deep(await programmer.command("provision", [token, clinic.anchorKey]), { id: 2, code: 0, result: null });
    same(await programmer.code("start", [1, 1000, 0]), "session/scope");
    bench.peripheral.lose();
    same(await speaks(bench), "edhoc");
    for (const device of [bench, await startDevice(crypto, bench.flash)]) {
      const reader = new ScriptedProgrammer(device);
      await reader.authenticate();
      same((await reader.command("start", [1, 250, 1])).code, 0);
      await device.clock.pass(300);
      same(reader.tokens.length, 3);
      device.peripheral.lose();
    }
  });
});

describe("The label session is to be had for a minute after the button was held (DESIGN section 4)", () => {
  it("without the button: a new device talks to nobody", async () => {
    const bench = await startDevice(crypto, new MemoryFlash(DEVICE_SECTORS_MIN));
    deep(bench.peripheral.info, Uint8Array.of(1, 2));
    same(await speaks(bench), "nothing");
    same(bench.peripheral.disconnects, 1);
    deep(bench.refusals(), ["device/unprovisioned"]);
  });

  it("a short press is not enough; 3 s are, for 60 s; info says so", async () => {
    const bench = await startDevice(crypto, new MemoryFlash(DEVICE_SECTORS_MIN));
    const { button, clock, peripheral } = bench;
    await button.hold(clock, HOLD_MS.provision - 1);
    same(await speaks(bench), "nothing");
    await button.hold(clock, HOLD_MS.provision);
    deep(peripheral.info, Uint8Array.of(1, 3));
    same(await speaks(bench), "label");
    await clock.pass(59_999);
    same(await speaks(bench), "label");
    await clock.pass(1);
    deep(peripheral.info, Uint8Array.of(1, 2));
    same(await speaks(bench), "nothing");
  });

  it("another label: session/confirm, and nothing more is said", async () => {
    const bench = await startDevice(crypto, new MemoryFlash(DEVICE_SECTORS_MIN));
    await bench.button.hold(bench.clock, HOLD_MS.provision);
    const wrong = bench.label.slice();
    wrong[15]! ^= 1;
    const opened = await new ScriptedProgrammer(bench).openLabel(wrong).then(
      () => true,
      () => false,
    );
    deep([opened, bench.refusals()], [false, ["session/confirm"]]);
  });

  it("a provisioned device: again by the same Authority, with another key; another Authority: credential/anchor", async () => {
    const { bench, programmer, key } = await labelled();
    const [clinic, other] = [await Clinic.open(crypto), await Clinic.open(crypto, 0x40)];
    same(await programmer.code("provision", [await clinic.issueDevice(key), clinic.anchorKey]), undefined);
    bench.peripheral.lose();
    await bench.button.hold(bench.clock, HOLD_MS.provision);
    same(await speaks(bench), "label");
    const again = new ScriptedProgrammer(bench);
    await again.openLabel(bench.label);
    const { result } = await again.command("identify", CRV.Ed25519);
    const next = verifyRequest(crypto, result as Uint8Array);
    ok(!equal(next.kid, key.kid));
    const before = bytesOf(bench.flash);
    const foreign = [await other.issueDevice(next), other.anchorKey];
    same(await again.code("provision", foreign), "credential/anchor");
    deep(bytesOf(bench.flash), before);
    same(await again.code("provision", [await clinic.issueDevice(next), clinic.anchorKey]), undefined);
    deep(bench.device.holder.own!.kid, next.kid);
    bench.peripheral.lose();
    same(await speaks(bench), "edhoc", "what the button opened is used up");
  });

  for (const [name, parameters, code] of [
    ["X25519", CRV.X25519, "device/parameter"],
    ["text", "Ed25519", "device/parameter"],
    ["a number below 0", -1, "device/parameter"],
    ["P-256", CRV["P-256"], undefined],
    ["null: Ed25519", null, undefined],
  ] as const) {
    it(`identify with ${name}: ${code ?? "a request"}`, async () => {
      const { programmer } = await labelled();
      same(await programmer.code("identify", parameters), code);
    });
  }
});
