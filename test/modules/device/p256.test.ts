/** Under a P-256 Authority everything is P-256: suite 3, from the label to the last word (DESIGN sections 1 and 5). */

import { decodeSequence } from "../../../modules/cbor/index.js";
import { CRV } from "../../../modules/cose/index.js";
import { verifyRequest, verifySelfRevocation } from "../../../modules/credential/index.js";
import { DEVICE_SECTORS_MIN } from "../../../modules/device/index.js";
import { MemoryFlash } from "../../../modules/flash/index.js";
import { deep, ok, same } from "../../support/assert.js";
import { ScriptedProgrammer, settle, startDevice } from "./bench.js";
import { Clinic, DEVICE, MADE_AT } from "./clinic.js";
import { another, crypto } from "./in-session.js";

const MANAGE = ["ecg:read", "device:manage"];

describe("A P-256 Authority, its programmer and its device, end to end (DESIGN section 1)", () => {
  it("provisioned over the label, streamed from, fresh, listed, rotated, revoked, restarted", async () => {
    const clinic = await Clinic.open(crypto, 0x20, "P-256");
    const bench = await startDevice(crypto, new MemoryFlash(DEVICE_SECTORS_MIN));
    await bench.button.hold(bench.clock, 3000);
    const labelled = new ScriptedProgrammer(bench);
    await labelled.openLabel(bench.label);
    const { result } = await labelled.command("identify", CRV["P-256"]);
    const key = verifyRequest(crypto, result as Uint8Array);
    same(key.curve, "P-256");
    const token = await clinic.issueDevice(key, { expires: MADE_AT + 1e7 });
    ok(token.length <= 380, `${token.length} bytes`);
    same(await labelled.code("provision", [token, clinic.anchorKey]), undefined);
    bench.peripheral.lose();

    const programmer = await another(bench, clinic, MANAGE);
    same(await programmer.code("start", [1, 250, 2]), undefined);
    await bench.clock.pass(900);
    deep(programmer.heard, ["header 1/0", "reading 1/1", "reading 1/2", "head 1/3"]);
    same(await programmer.code("identify", null), "credential/freshness");
    same(await programmer.refresh(), 0);
    same(await programmer.code("list", await clinic.list(1, [new Uint8Array(8)])), undefined);
    same(await programmer.code("identify", CRV.Ed25519), "credential/anchor");

    const old = { ...bench.device.holder.own!.credential.key, kid: bench.device.holder.own!.kid };
    const request = (await programmer.command("identify", CRV["P-256"])).result as Uint8Array;
    const next = verifyRequest(crypto, request, old);
    same(
      await programmer.code("rotate", await clinic.issueDevice(next, { expires: MADE_AT + 1e7 })),
      undefined,
    );
    bench.peripheral.lose();

    const again = await startDevice(crypto, bench.flash);
    const last = await another(again, clinic, MANAGE);
    same(await last.code("start", [1, 250, 1]), undefined);
    await again.clock.pass(600);
    deep(last.heard, ["header 2/0", "reading 2/1", "head 2/2"]);
    same(await last.refresh({ epoch: 1 }), 0);
    const farewell = (await last.command("revoke", null)).result as Uint8Array;
    deep(verifySelfRevocation(crypto, farewell, next), { device: DEVICE, issued: MADE_AT, epoch: 1 });
    same(again.device.holder.state, "revoked");
  });

  it("message_1 offers suite 3 and no other; an Ed25519 Authority's programmer is refused", async () => {
    const clinic = await Clinic.open(crypto, 0x20, "P-256");
    const bench = await startDevice(crypto, await clinic.provisionedFlash());
    bench.peripheral.connect();
    const listener = new ScriptedProgrammer(bench);
    bench.peripheral.subscribe();
    const [method, suites] = decodeSequence(await listener.take());
    deep([method, suites], [0, 3]);
    bench.peripheral.lose();
    const other = await Clinic.open(crypto);
    const stranger = new ScriptedProgrammer(bench);
    stranger.clinic = clinic;
    await stranger.authenticate({ cred: other.credential.token }).catch(() => undefined);
    await settle();
    deep([stranger.session, bench.refusals()], [undefined, ["cose/algorithm"]]);
  });

  it("neither a hand-over to Ed25519 nor a credential for an Ed25519 key", async () => {
    const clinic = await Clinic.open(crypto, 0x20, "P-256");
    const bench = await startDevice(crypto, new MemoryFlash(DEVICE_SECTORS_MIN));
    await bench.button.hold(bench.clock, 3000);
    const programmer = new ScriptedProgrammer(bench);
    await programmer.openLabel(bench.label);
    const { result } = await programmer.command("identify", CRV.Ed25519);
    const key = verifyRequest(crypto, result as Uint8Array);
    const token = await clinic.issueDevice(key);
    same(await programmer.code("provision", [token, clinic.anchorKey]), "credential/anchor");
    same(bench.device.holder.state, "new");
  });
});
