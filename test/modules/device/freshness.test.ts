/** What could hurt needs the Authority's word, in this session, now (DESIGN section 4). */
import { FRESH_MS, NONCE_MS } from "../../../modules/credential/index.js";
import type { ErrorCode } from "../../../modules/error/index.js";
import { deep, ok, same } from "../../support/assert.js";
import type { ScriptedProgrammer } from "./bench.js";
import { Clinic, DAY, MADE_AT } from "./clinic.js";
import { another, crypto, inSession, refused } from "./in-session.js";

const MANAGE = ["ecg:read", "device:manage"];
const NONE = new Uint8Array(0);

/** Asks for the device's key: harmless, and for the sensitive scope. */
const allowed = (programmer: ScriptedProgrammer) => programmer.code("identify", null);

describe("What needs freshness, and what does not (DESIGN section 4)", () => {
  for (const [name, parameters, code] of [
    ["identify", null, "credential/freshness"],
    ["rotate", NONE, "credential/freshness"],
    ["anchor", [NONE, NONE], "credential/freshness"],
    ["revoke", null, "credential/freshness"],
    ["start", [1, 1000, 1], undefined],
    ["stop", [1], undefined],
    ["challenge", null, undefined],
    ["rekey", new Uint8Array(16), undefined],
    ["list", NONE, "cbor/truncated"],
    ["close", null, undefined],
  ] as const) {
    it(`${name}: ${code === "credential/freshness" ? "needs it" : "does not"}; without the scope session/scope`, async () => {
      const given = await inSession(MANAGE);
      const its = parameters as never;
      if (code !== undefined) await refused(given, code, name, its);
      else same(await given.programmer.code(name, its), undefined);
      if (code !== "credential/freshness") return;
      const reader = await inSession(["ecg:read", "pacing:write", "journal:release"]);
      await refused(reader, "session/scope", name, its);
      same(await reader.programmer.refresh(), 0);
      await refused(reader, "session/scope", name, its);
    });
  }
});

describe("A freshness token is good for this session's nonce and programmer, once, for a minute (DESIGN section 4)", () => {
  it("by the book: the rights hold for 30 minutes, and not a millisecond longer", async () => {
    const { programmer, bench, clinic } = await inSession(MANAGE);
    const { result: nonce } = await programmer.command("challenge", null);
    same((nonce as Uint8Array).length, 16);
    const token = await clinic.freshness(nonce as Uint8Array);
    deep((await programmer.command("freshness", token)).result, FRESH_MS / 1000);
    same(await allowed(programmer), undefined);
    await bench.clock.pass(FRESH_MS - 1);
    same(await allowed(programmer), undefined);
    await bench.clock.pass(1);
    same(await allowed(programmer), "credential/freshness");
    same(await programmer.refresh(), 0);
    same(await allowed(programmer), undefined);
  });

  type But = Parameters<Clinic["freshness"]>[1];
  const CASES: [string, ErrorCode, But | ((clinic: Clinic) => Promise<But>)][] = [
    ["another nonce", "credential/freshness", { nonce: new Uint8Array(16) }],
    ["a nonce cut short", "credential/freshness", { nonce: new Uint8Array(15) }],
    ["another device", "cwt/audience", { device: "AgICAgICAgI" }],
    ["the group in its place", "cwt/audience", { device: "bench" }],
    ["another programmer", "credential/freshness", { programmer: new Uint8Array(8) }],
    [
      "the Authority's kid as the programmer's",
      "credential/freshness",
      async ({ anchor }) => ({ programmer: anchor.kid }),
    ],
    ["an epoch above the list's", "credential/epoch", { epoch: 1 }],
  ];
  for (const [name, code, but] of CASES) {
    it(`${name}: ${code}; the same nonce is good for the right one afterwards`, async () => {
      const given = await inSession(MANAGE);
      const { programmer, clinic } = given;
      const nonce = (await programmer.command("challenge", null)).result as Uint8Array;
      const wrong = await clinic.freshness(nonce, typeof but === "function" ? await but(clinic) : but);
      await refused(given, code, "freshness", wrong);
      same(await allowed(programmer), "credential/freshness");
      same(await programmer.code("freshness", await clinic.freshness(nonce)), undefined);
      same(await allowed(programmer), undefined);
    });
  }

  it("signed by another Authority, by the programmer, with one bit flipped: refused", async () => {
    const given = await inSession(MANAGE);
    const { programmer, clinic } = given;
    const nonce = (await programmer.command("challenge", null)).result as Uint8Array;
    const other = await Clinic.open(crypto, 0x40);
    await refused(given, "cwt/issuer", "freshness", await other.freshness(nonce));
    const token = await clinic.freshness(nonce);
    token[token.length - 1]! ^= 1;
    await refused(given, "cose/bad-signature", "freshness", token);
    for (const junk of [null, 5, "token", [token]])
      await refused(given, "device/parameter", "freshness", junk as never);
    await refused(given, "cbor/too-large", "freshness", new Uint8Array(321));
  });

  it("without a challenge; used twice; after 60 s, and a millisecond before; over a nonce that a newer one replaced", async () => {
    const given = await inSession(MANAGE);
    const { programmer, clinic, bench } = given;
    const challenge = async () => (await programmer.command("challenge", null)).result as Uint8Array;
    await refused(given, "credential/freshness", "freshness", await clinic.freshness(new Uint8Array(16)));
    const first = await clinic.freshness(await challenge());
    await bench.clock.pass(NONCE_MS);
    await refused(given, "credential/freshness", "freshness", first);
    const second = await clinic.freshness(await challenge());
    await bench.clock.pass(NONCE_MS - 1);
    same(await programmer.code("freshness", second), undefined);
    await refused(given, "credential/freshness", "freshness", second);
    const replaced = await clinic.freshness(await challenge());
    const last = await clinic.freshness(await challenge());
    await refused(given, "credential/freshness", "freshness", replaced);
    same(await programmer.code("freshness", last), undefined);
  });

  it("another session's: neither the token nor the rights go over, not even for the same programmer", async () => {
    const given = await inSession(MANAGE);
    const { programmer, clinic, bench } = given;
    const nonce = (await programmer.command("challenge", null)).result as Uint8Array;
    const token = await clinic.freshness(nonce);
    same(await programmer.refresh(), 0);
    bench.peripheral.lose();
    const next = await another(bench, clinic, MANAGE);
    same(await allowed(next), "credential/freshness");
    await refused({ bench, programmer: next }, "credential/freshness", "freshness", token);
    await next.command("challenge", null);
    await refused({ bench, programmer: next }, "credential/freshness", "freshness", token);
  });

  it("rekeyed, the session is the same: rights and nonce stay", async () => {
    const { programmer, clinic } = await inSession(MANAGE);
    const nonce = (await programmer.command("challenge", null)).result as Uint8Array;
    same(await programmer.refresh(), 0);
    same(await allowed(programmer), undefined);
    same(await programmer.code("freshness", await clinic.freshness(nonce)), "credential/freshness");
  });

  it("an epoch above the list's: the list first, then the same nonce is good; an older epoch is", async () => {
    const given = await inSession(MANAGE);
    const { programmer, clinic, bench } = given;
    const nonce = (await programmer.command("challenge", null)).result as Uint8Array;
    const token = await clinic.freshness(nonce, { epoch: 6 });
    await refused(given, "credential/epoch", "freshness", token);
    same(await programmer.code("list", await clinic.list(5, [])), undefined);
    await refused(given, "credential/epoch", "freshness", token);
    same(await programmer.code("list", await clinic.list(6, [])), undefined);
    same(await programmer.code("freshness", token), undefined);
    same(await allowed(programmer), undefined);
    same(await programmer.refresh({ epoch: 2 }), 0);
    same(bench.device.holder.epoch, 6);
  });

  it("it raises the floor, and the time is known to a minute and two seconds; an end that this passes ends the session", async () => {
    const { programmer, bench } = await inSession(MANAGE, { programmer: { expires: MADE_AT + 500 } });
    const { floor } = bench.device.holder;
    same(floor.uncertainty, null);
    same(await programmer.refresh({ issued: MADE_AT + 400 }), 0);
    deep([floor.seconds, floor.uncertainty], [MADE_AT + 400, 62]);
    same(bench.peripheral.disconnects, 0);
    await programmer.refresh({ issued: MADE_AT + 500 });
    await bench.clock.pass(0);
    same(bench.peripheral.disconnects, 1);
    ok(floor.seconds < MADE_AT + DAY);
  });
});
