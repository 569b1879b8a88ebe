/** A revocation list acts at once: on who is in a session, and on who comes (DESIGN section 4). */
import { keyId } from "../../../modules/cose/index.js";
import {
  ancestorItem,
  delegate,
  verifyCredential,
  verifySelfRevocation,
} from "../../../modules/credential/index.js";
import { READ_INFO_MS } from "../../../modules/device/lifecycle.js";
import { kidIdCred } from "../../../modules/edhoc/index.js";
import { deep, ok, same } from "../../support/assert.js";
import { ScriptedProgrammer, settle, startDevice } from "./bench.js";
import { Clinic, DEVICE, GROUP, MADE_AT } from "./clinic.js";
import { another, crypto, held, inSession, refused } from "./in-session.js";

const READ = ["ecg:read"];

/** A hub of the clinic's programmer, as it answers message_1. */
async function hubOf(clinic: Clinic) {
  const token = await clinic.issue({ scope: ["ecg:read", "delegate"] });
  const time = { floor: 0 };
  const parent = verifyCredential(crypto, token, { kind: "programmer", anchor: clinic.anchor, time });
  const key = await crypto.generate("Ed25519");
  const cred = await delegate(crypto, clinic.key, parent, {
    subject: new Uint8Array(8).fill(9),
    audience: [GROUP],
    holder: key,
    issued: MADE_AT,
    expires: MADE_AT + 1000,
    scope: READ,
  });
  return { parent, key, cred, more: [ancestorItem(parent)] };
}

describe("Whoever is on the list is gone at once, and does not come back (DESIGN section 4)", () => {
  it("the session's own programmer, streaming: no token more; then the credential is refused, by value and by kid", async () => {
    const { bench, programmer, clinic } = await inSession(READ);
    await programmer.command("start", [1, 250, 0]);
    await bench.clock.pass(600);
    const { length } = programmer.tokens;
    programmer.write(programmer.sealed("list", await clinic.list(1, [clinic.credential.kid])));
    await settle();
    deep([bench.peripheral.disconnects, bench.peripheral.events], [1, undefined]);
    await bench.clock.pass(3000);
    same(programmer.tokens.length, length);
    deep(bench.refusals(), []);
    const { kid, token } = clinic.credential;
    for (const by of [{}, { cred: token, id_cred: kidIdCred(kid) }]) {
      const again = new ScriptedProgrammer(bench);
      await again.authenticate(by).catch(() => undefined);
      same(again.session, undefined);
      bench.peripheral.lose();
    }
    deep(bench.refusals(), ["cwt/status", "cwt/status"]);
  });

  it("another one: the session goes on, and so does its stream", async () => {
    const { bench, programmer, clinic } = await inSession(READ);
    await programmer.command("start", [1, 250, 0]);
    same(await programmer.code("list", await clinic.list(1, [new Uint8Array(8)])), undefined);
    await bench.clock.pass(600);
    same(bench.peripheral.disconnects, 0);
    same(programmer.tokens.length, 3);
  });

  for (const who of ["parent", "hub"] as const) {
    it(`a hub whose ${who} is on it: gone at once, and refused when it comes again`, async () => {
      const clinic = await Clinic.open(crypto);
      const bench = await startDevice(crypto, await clinic.provisionedFlash());
      const { parent, ...hub } = await hubOf(clinic);
      const programmer = new ScriptedProgrammer(bench);
      await programmer.authenticate(hub);
      same(await programmer.code("start", [1, 250, 0]), undefined);
      same(await programmer.code("identify", null), "session/scope");
      ok(!bench.device.holder.isRevoked(parent.kid));
      const { kid } = who === "parent" ? parent : { kid: keyId(crypto, hub.key) };
      programmer.write(programmer.sealed("list", await clinic.list(1, [kid])));
      await settle();
      same(bench.peripheral.disconnects, 1);
      const again = new ScriptedProgrammer(bench);
      await again.authenticate(hub).catch(() => undefined);
      deep([again.session, bench.refusals()], [undefined, ["cwt/status"]]);
    });
  }

  it("a hub by kid, once it was there", async () => {
    const clinic = await Clinic.open(crypto);
    const bench = await startDevice(crypto, await clinic.provisionedFlash());
    const { parent: _, ...hub } = await hubOf(clinic);
    const byKid = { key: hub.key, cred: hub.cred, id_cred: kidIdCred(keyId(crypto, hub.key)) };
    let met: ScriptedProgrammer["trust"];
    for (const by of [hub, byKid, byKid]) {
      const programmer = new ScriptedProgrammer(bench);
      programmer.trust = met;
      await programmer.authenticate(by);
      met = programmer.trust;
      same(await programmer.code("stop", [1]), undefined);
      bench.peripheral.lose();
    }
  });

  it("a programmer in the midst of its handshake, when it is listed: it does not get in", async () => {
    const { bench, programmer: carrier, clinic } = await inSession(READ);
    const key = await crypto.generate("Ed25519");
    const thief = { key, cred: await clinic.issue({ holder: key }) };
    const radio = bench.peripheral;
    const first = radio.events!;
    const { onSend } = radio;
    const programmer = new ScriptedProgrammer(bench);
    const waitM3 = await programmer.answer(thief); // the second link; the first one is slow to notice nothing
    programmer.write(waitM3.message_2);
    const message_3 = await programmer.take();
    const second = radio.events!;
    [radio.onSend, radio.events] = [onSend, first];
    const list = await clinic.list(1, [keyId(crypto, key)]);
    carrier.write(carrier.sealed("list", list));
    await settle();
    same(bench.device.holder.epoch, 1);
    radio.events = second;
    const verified = await waitM3.receive(message_3);
    const before = bench.events.length;
    programmer.write(verified.composeMessage4().message_4);
    await settle();
    same(bench.events.slice(before).filter(({ kind }) => kind === "authenticated").length, 0);
  });
});

describe("A device that finds itself on the list (DESIGN section 4)", () => {
  it("answers with its last word, then the session and the stream are over; info says revoked, over restarts", async () => {
    const { bench, programmer, clinic } = await inSession(READ);
    const { key, kid } = bench.device.holder.own!.credential;
    await programmer.command("start", [1, 250, 0]);
    await bench.clock.pass(600);
    const { length } = programmer.tokens;
    const { result } = await programmer.command("list", await clinic.list(3, [kid]));
    deep(verifySelfRevocation(crypto, result as Uint8Array, key), {
      device: DEVICE,
      issued: MADE_AT,
      epoch: 3,
    });
    deep(bench.peripheral.info, Uint8Array.of(1, 4));
    await bench.clock.pass(1000);
    same(bench.peripheral.disconnects, 1);
    same(programmer.tokens.length, length);
    for (const it of [bench, await startDevice(crypto, bench.flash)]) {
      deep(it.peripheral.info, Uint8Array.of(1, 4));
      it.peripheral.connect();
      it.peripheral.subscribe();
      await it.clock.pass(READ_INFO_MS);
      deep([it.peripheral.sent.length, it.peripheral.events], [0, undefined]);
    }
    deep(bench.events.filter(({ kind }) => kind === "revoked").length, 1);
  });

  it("told to revoke itself, with freshness; again or not at all afterwards", async () => {
    const given = await inSession(["device:manage"]);
    const { bench, programmer } = given;
    await refused(given, "credential/freshness", "revoke", null);
    const { key } = bench.device.holder.own!.credential;
    same(await programmer.refresh(), 0);
    const { result } = await programmer.command("revoke", null);
    same(verifySelfRevocation(crypto, result as Uint8Array, key).epoch, 0);
    const before = held(bench);
    programmer.write(programmer.sealed("revoke", null));
    await bench.clock.pass(1000);
    deep(held(bench), before);
    deep([bench.peripheral.disconnects, programmer.inbox.length], [1, 0]);
  });

  it("any programmer may carry the list, and any session: one of the label too", async () => {
    const { bench, clinic } = await inSession(READ);
    bench.peripheral.lose();
    const programmer = await another(bench, clinic, ["pacing:read"]);
    same(await programmer.code("list", await clinic.list(1, [])), undefined);
    bench.peripheral.lose();
    await bench.button.hold(bench.clock, 3000);
    const labelled = new ScriptedProgrammer(bench);
    await labelled.openLabel(bench.label);
    same(await labelled.code("list", await clinic.list(2, [])), undefined);
    same(bench.device.holder.epoch, 2);
  });
});
