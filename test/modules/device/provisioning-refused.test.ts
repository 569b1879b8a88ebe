/** What provisioning refuses, and power that goes in the midst of it (DESIGN sections 4 and 9). */
import { cryptos } from "engine";
import { equal } from "../../../modules/bytes/index.js";
import { encode } from "../../../modules/cbor/index.js";
import { toCoseKey } from "../../../modules/cose/index.js";
import type { NamedKey } from "../../../modules/credential/index.js";
import { DEVICE_SECTORS_MIN } from "../../../modules/device/index.js";
import { ERROR_NUMBERS, type ErrorCode } from "../../../modules/error/index.js";
import { deep, ok, same } from "../../support/assert.js";
import { FailingFlash, type Torn } from "../flash/failing.js";
import { bytesOf, settle, startDevice } from "./bench.js";
import { Clinic } from "./clinic.js";
import { labelled } from "./labelled.js";

const crypto = cryptos[0]!;

describe("What provisioning refuses changes nothing (DESIGN section 4)", () => {
  type Given = (clinic: Clinic, other: Clinic, key: NamedKey) => Promise<[Uint8Array, Uint8Array]>;
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
      const before = bytesOf(bench.flash);
      const reply = await programmer.command("provision", await given(clinic, other, key));
      same(reply.code, ERROR_NUMBERS[code]);
      ok(equal(bytesOf(bench.flash), before), "flash is as it was");
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
      const before = bytesOf(bench.flash);
      const reply = await programmer.command("provision", parameters as never);
      same(reply.code, ERROR_NUMBERS["device/parameter"]);
      ok(equal(bytesOf(bench.flash), before));
    });
  }
});

describe("The power goes in the midst of provisioning: the device is as before, or provisioned (DESIGN section 9)", () => {
  for (const torn of ["untouched", "half", "done"] as const satisfies readonly Torn[]) {
    it(`the byte under the cut ${torn}`, async () => {
      const clinic = await Clinic.open(crypto);
      const seen = { new: 0, provisioned: 0, revoked: 0 };
      const made = new FailingFlash(DEVICE_SECTORS_MIN);
      const { label } = await startDevice(crypto, made);
      for (let left = 0; seen.provisioned < 3; left += seen.new < 5 ? 13 : 101) {
        ok(left < 20_000, "provisioning ends");
        const flash = made.restart();
        const { bench, programmer, key } = await labelled(flash);
        const token = await clinic.issueDevice(key);
        [flash.left, flash.torn] = [left, torn];
        programmer.write(programmer.sealed("provision", [token, clinic.anchorKey]));
        await settle();
        bench.peripheral.lose();
        const again = await startDevice(crypto, flash.restart());
        const { state, own } = again.device.holder;
        deep(again.label, label);
        if (state === "provisioned") deep(own?.credential.token, token);
        seen[state]++;
      }
      ok(seen.new > 5, `expected cuts, came ${seen.new}`);
      same(seen.revoked, 0);
    });
  }
});
