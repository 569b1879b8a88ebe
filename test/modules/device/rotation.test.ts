/** The device's credential and its Authority change in a session; the next one rests on the new (DESIGN section 4). */
import { CRV } from "../../../modules/cose/index.js";
import { verifyRequest } from "../../../modules/credential/index.js";
import { deep, same } from "../../support/assert.js";
import { ScriptedProgrammer, startDevice } from "./bench.js";
import { Clinic, DAY, MADE_AT } from "./clinic.js";
import { another, crypto, inSession, refused } from "./in-session.js";

const MANAGE = ["ecg:read", "device:manage"];

async function fresh() {
  const given = await inSession(MANAGE);
  same(await given.programmer.refresh(), 0);
  return given;
}

async function streams(programmer: ScriptedProgrammer, pass: (ms: number) => Promise<void>): Promise<void> {
  const before = programmer.tokens.length;
  same(await programmer.code("start", [1, 250, 1]), undefined);
  await pass(600);
  same(programmer.tokens.length - before, 3);
}

describe("The device's credential is replaced in a session (DESIGN section 4)", () => {
  for (const curve of [null, CRV.Ed25519]) {
    it(`${curve === null ? "the same key" : "a new key"}: the next session and the next boot sign with it`, async () => {
      const { bench, programmer, clinic } = await fresh();
      const old = bench.device.holder.own!;
      const { result } = await programmer.command("identify", curve);
      const key = verifyRequest(crypto, result as Uint8Array, { ...old.credential.key, kid: old.kid });
      const token = await clinic.issueDevice(key, { expires: MADE_AT + 20 * DAY });
      same(await programmer.code("rotate", token), undefined);
      same(bench.peripheral.disconnects, 0);
      bench.peripheral.lose();
      for (const it of [bench, await startDevice(crypto, bench.flash)]) {
        const next = await another(it, clinic, MANAGE);
        deep(it.device.holder.own!.credential.token, token);
        await streams(next, (ms) => it.clock.pass(ms));
      }
    });
  }

  it("a request is for its session: another one cannot rotate to that key", async () => {
    const { bench, programmer, clinic } = await fresh();
    const old = bench.device.holder.own!;
    const { result } = await programmer.command("identify", CRV.Ed25519);
    const key = verifyRequest(crypto, result as Uint8Array, { ...old.credential.key, kid: old.kid });
    bench.peripheral.lose();
    const next = await another(bench, clinic, MANAGE);
    same(await next.refresh(), 0);
    await refused({ bench, programmer: next }, "credential/holder", "rotate", await clinic.issueDevice(key));
  });

  it("while a stream runs: device/busy, for either; it goes on, and once it is stopped it is done", async () => {
    const given = await fresh();
    const { bench, programmer, clinic } = given;
    const next = await Clinic.open(crypto, 0x40);
    const { key } = bench.device.holder.own!.credential;
    const token = await clinic.issueDevice(key);
    const anchor = [await clinic.handOver(next.anchor, MADE_AT + 1), await next.issueDevice(key)];
    same(await programmer.code("start", [1, 250, 0]), undefined);
    await bench.clock.pass(600);
    const before = bench.device.holder.own!.credential.token;
    same(await programmer.code("rotate", token), "device/busy");
    same(await programmer.code("anchor", anchor), "device/busy");
    deep(bench.device.holder.own!.credential.token, before);
    await bench.clock.pass(500);
    same(programmer.tokens.length, 5);
    same(await programmer.code("stop", [1]), undefined);
    await bench.clock.pass(0);
    same(await programmer.code("rotate", token), undefined);
    same(await programmer.code("anchor", anchor), undefined);
    deep(bench.device.holder.anchor!.kid, next.anchor.kid);
  });

  it("two that are no byte strings, one, or none: device/parameter", async () => {
    const given = await fresh();
    for (const parameters of [null, [], [new Uint8Array(1)], ["a", "b"], 7])
      await refused(given, "device/parameter", "anchor", parameters as never);
    await refused(given, "device/parameter", "rotate", [new Uint8Array(1)]);
  });
});

describe("The Authority hands over (DESIGN section 4)", () => {
  it("the next session is the new Authority's programmer's; the old one's are refused, also after a restart", async () => {
    const { bench, programmer, clinic } = await fresh();
    const next = await Clinic.open(crypto, 0x40);
    const { key } = bench.device.holder.own!.credential;
    const anchor = [await clinic.handOver(next.anchor, MADE_AT + 1), await next.issueDevice(key)];
    same(await programmer.code("anchor", anchor), undefined);
    bench.peripheral.lose();
    for (const it of [bench, await startDevice(crypto, bench.flash)]) {
      const old = new ScriptedProgrammer(it);
      await old.authenticate().catch(() => undefined);
      deep([old.session, it.refusals()], [undefined, ["cwt/issuer"]]);
      it.peripheral.lose();
      await streams(await another(it, next, MANAGE), (ms) => it.clock.pass(ms));
    }
  });

  it("the session that brought it ends when it was answered: its rights came from the old Authority's word", async () => {
    const { bench, programmer, clinic } = await fresh();
    const next = await Clinic.open(crypto, 0x40);
    const { key } = bench.device.holder.own!.credential;
    const anchor = [await clinic.handOver(next.anchor, MADE_AT + 1), await next.issueDevice(key)];
    programmer.write(programmer.sealed("anchor", anchor));
    programmer.write(programmer.sealed("revoke", null));
    same((await programmer.reply()).code, 0);
    await bench.clock.pass(1000);
    deep([bench.peripheral.disconnects, programmer.inbox.length], [1, 0]);
    deep([bench.device.holder.state, bench.device.holder.anchor?.kid], ["provisioned", next.anchor.kid]);
  });

  it("one that is refused leaves the session as it was", async () => {
    const given = await fresh();
    const next = await Clinic.open(crypto, 0x40);
    const { key } = given.bench.device.holder.own!.credential;
    const stranger = await next.handOver(next.anchor, MADE_AT + 1);
    await refused(given, "cwt/issuer", "anchor", [stranger, await next.issueDevice(key)]);
    same(await given.programmer.code("revoke", null), undefined);
  });
});
