/** The label session can do nothing but provision, once (DESIGN section 4). */
import { cryptos } from "engine";
import { equal } from "../../../modules/bytes/index.js";
import { encode } from "../../../modules/cbor/index.js";
import { toCoseKey } from "../../../modules/cose/index.js";
import { IDENTITY_SECTORS, openIdentity } from "../../../modules/credential/index.js";
import type { PrivateKey } from "../../../modules/crypto/port.js";
import { ERROR_NUMBERS, type ErrorCode } from "../../../modules/error/index.js";
import { type Flash, MemoryFlash } from "../../../modules/flash/index.js";
import { LabelResponderWaitLabel3, programmerSession } from "../../../modules/session/index.js";
import { deep, ok, same } from "../../support/assert.js";
import { FailingFlash, type Torn } from "../flash/failing.js";
import { type Bench, ScriptedProgrammer, settle, startDevice } from "./bench.js";
import { Clinic, MADE_AT } from "./clinic.js";

const crypto = cryptos[0]!;

/** A new device, with a label session. */
async function labelled(flash: Flash = new MemoryFlash(IDENTITY_SECTORS)) {
  const bench = await startDevice(crypto, flash);
  const programmer = new ScriptedProgrammer(bench);
  await labelSession(bench, programmer);
  const { key } = await openIdentity(crypto, copyOf(flash), MADE_AT);
  return { bench, programmer, key: key as PrivateKey<"Ed25519"> };
}

async function labelSession({ peripheral, label }: Bench, programmer: ScriptedProgrammer): Promise<void> {
  peripheral.connect();
  peripheral.subscribe();
  const responder = await LabelResponderWaitLabel3.answer(crypto, label, await programmer.take());
  programmer.write(responder.label_2);
  programmer.session = programmerSession(crypto, responder.receive(await programmer.take()));
}

function copyOf(flash: Flash): FailingFlash {
  const copy = new FailingFlash(flash.sectors);
  copy.bytes.set(flash.read(0, copy.bytes.length));
  return copy;
}

/** message_1 of EDHOC starts with METHOD, an integer; label_1 with an array. */
async function speaks(bench: Bench): Promise<"edhoc" | "label"> {
  const programmer = new ScriptedProgrammer(bench);
  bench.peripheral.connect();
  bench.peripheral.subscribe();
  const [first] = await programmer.take();
  bench.peripheral.lose();
  return first! >> 5 === 4 ? "label" : "edhoc";
}

describe("The label session can do nothing but provision (DESIGN section 4)", () => {
  for (const [name, parameters] of [
    ["start", [1, 1000, 0]],
    ["stop", [1]],
  ] as const) {
    it(`${name}: session/scope, and nothing streams`, async () => {
      const { bench, programmer } = await labelled();
      same((await programmer.command(name, [...parameters])).code, ERROR_NUMBERS["session/scope"]);
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

  it("a session of EDHOC may neither ask for the request nor provision", async () => {
    const bench = await startDevice(crypto);
    const programmer = new ScriptedProgrammer(bench);
    await programmer.authenticate();
    for (const name of ["identify", "provision"] as const)
      same((await programmer.command(name, null)).code, ERROR_NUMBERS["session/scope"]);
  });

  it("provisioned: EDHOC from the next connection on, and after a restart; no label session again", async () => {
    const { bench, programmer, key } = await labelled();
    const clinic = await Clinic.open(crypto);
    same(await speaks(await startDevice(crypto, copyOf(bench.flash))), "label");
    const token = await clinic.issueDevice(key);
    deep(await programmer.command("provision", [token, clinic.anchorKey]), { id: 1, code: 0, result: null });
    const again = await programmer.command("provision", [token, clinic.anchorKey]);
    same(again.code, ERROR_NUMBERS["credential/provisioned"]);
    same((await programmer.command("start", [1, 1000, 0])).code, ERROR_NUMBERS["session/scope"]);
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

describe("What provisioning refuses changes nothing (DESIGN section 4)", () => {
  type Given = (
    clinic: Clinic,
    other: Clinic,
    key: PrivateKey<"Ed25519">,
  ) => Promise<[Uint8Array, Uint8Array]>;
  const CASES: [string, ErrorCode, Given][] = [
    [
      "another device's credential",
      "credential/holder",
      async (clinic) => [await clinic.issueDevice(clinic.key), clinic.anchorKey],
    ],
    [
      "a credential of another anchor",
      "cwt/issuer",
      async (clinic, other, key) => [await clinic.issueDevice(key), other.anchorKey],
    ],
    [
      "a programmer's credential",
      "cwt/typ",
      async (clinic, _, key) => [await clinic.issue({ holder: key }), clinic.anchorKey],
    ],
    [
      "a hub's credential",
      "cwt/typ",
      async (clinic, _, key) => [await clinic.issueDevice(key, { kind: "hub" }), clinic.anchorKey],
    ],
    [
      "a forged credential",
      "cose/bad-signature",
      async (clinic, _, key) => {
        const forged = (await clinic.issueDevice(key)).slice();
        forged[forged.length - 1]! ^= 1;
        return [forged, clinic.anchorKey];
      },
    ],
    [
      "an anchor that does not sign",
      "cose/key",
      async (clinic, _, key) => {
        const { publicKey } = await crypto.generate("X25519");
        return [await clinic.issueDevice(key), encode(toCoseKey({ curve: "X25519", publicKey }) as never)];
      },
    ],
  ];
  for (const [name, code, given] of CASES) {
    it(`${name}: ${code}`, async () => {
      const { bench, programmer, key } = await labelled();
      const [clinic, other] = [await Clinic.open(crypto), await Clinic.open(crypto, 0x40)];
      const before = copyOf(bench.flash).bytes;
      const reply = await programmer.command("provision", await given(clinic, other, key));
      same(reply.code, ERROR_NUMBERS[code]);
      ok(equal(copyOf(bench.flash).bytes, before), "flash is as it was");
      const token = await clinic.issueDevice(key);
      same((await programmer.command("provision", [token, clinic.anchorKey])).code, 0);
    });
  }

  for (const [name, parameters] of [
    ["nothing", null],
    ["one", [new Uint8Array(3)]],
    ["texts", ["a", "b"]],
  ] as const) {
    it(`${name} instead of a credential and an anchor: device/parameter`, async () => {
      const { bench, programmer } = await labelled();
      const before = copyOf(bench.flash).bytes;
      const reply = await programmer.command("provision", parameters as never);
      same(reply.code, ERROR_NUMBERS["device/parameter"]);
      ok(equal(copyOf(bench.flash).bytes, before));
    });
  }
});

describe("The power goes in the midst of provisioning: the device is as before, or provisioned (DESIGN section 9)", () => {
  for (const torn of ["untouched", "half", "done"] as const satisfies readonly Torn[]) {
    it(`the byte under the cut ${torn}`, async () => {
      const clinic = await Clinic.open(crypto);
      const made = new FailingFlash(IDENTITY_SECTORS);
      const { key, label } = await openIdentity(crypto, made, MADE_AT);
      const token = await clinic.issueDevice(key as PrivateKey<"Ed25519">);
      const seen = { old: 0, new: 0 };
      for (let left = 0; seen.new < 2; left += left < 40 ? 1 : 23) {
        ok(left < 3000, "provisioning ends");
        const flash = made.restart();
        const { bench, programmer } = await labelled(flash);
        [flash.left, flash.torn] = [left, torn];
        programmer.write(programmer.sealed("provision", [token, clinic.anchorKey]));
        await settle();
        bench.peripheral.lose();
        const after = flash.restart();
        const identity = await openIdentity(crypto, after, MADE_AT);
        deep(
          [identity.label, identity.kid],
          [label, (await openIdentity(crypto, made.restart(), MADE_AT)).kid],
        );
        const { provisioned } = identity;
        if (provisioned !== undefined) deep(provisioned.credential.token, token);
        seen[provisioned === undefined ? "old" : "new"]++;
        if (left % 5 === 0)
          same(await speaks(await startDevice(crypto, after)), provisioned ? "edhoc" : "label");
      }
      ok(seen.old > 40, `expected cuts, came ${seen.old}`);
    });
  }
});
