/**
 * Each event of modules/audit, brought about on a running device, and read by someone with `audit:read` and no other right:
 * what was done in the one chain, what was refused in the other. The last test says that none is left out.
 */
import {
  AUDIT,
  type AuditEntry,
  type AuditEvent,
  auditEvent,
  verifyAudit,
} from "../../../modules/audit/index.js";
import { equal } from "../../../modules/bytes/index.js";
import type { CborValue } from "../../../modules/cbor/index.js";
import { CRV } from "../../../modules/cose/index.js";
import { verifyRequest } from "../../../modules/credential/index.js";
import { HOLD_MS } from "../../../modules/device/button.js";
import { RATION } from "../../../modules/device/ration.js";
import { ERROR_NUMBERS, type ErrorCode } from "../../../modules/error/index.js";
import type { MemoryFlash } from "../../../modules/flash/index.js";
import { STREAM } from "../../../modules/reading/index.js";
import { COMMAND } from "../../../modules/session/index.js";
import { deep, ok, same } from "../../support/assert.js";
import { type Bench, BenchButton, ScriptedProgrammer, startDevice } from "./bench.js";
import { Clinic, DAY, MADE_AT } from "./clinic.js";
import { another, crypto, inSession } from "./in-session.js";
import { labelled } from "./labelled.js";
import { SlowPeripheral, SlowRadio } from "./slow-radio.js";
import { program, programming, SLOW, stage, treated } from "./treated.js";

/** What happened, by whom (the device itself, or a programmer of this clinic), and more. */
type Told = [event: AuditEvent, by: "device" | "clinic" | "stranger", detail: CborValue];
const FAILURES: readonly AuditEvent[] = [
  ...(["commandRefused", "handshakeRefused", "rationEmpty", "fault", "unlisted", "messageRefused"] as const),
];
const seen = new Set<AuditEvent>();

/** A chain, whole and verified, in as many parts as it takes. */
async function chain(reader: ScriptedProgrammer, which: number): Promise<readonly AuditEntry[]> {
  const all: Uint8Array[] = [];
  for (;;) {
    const from = all.length + 1;
    const { result } = await reader.command("audit", [which, from, 100]);
    const [part, number, hash] = result as [Uint8Array[], number, Uint8Array];
    all.push(...part);
    if (all.length < number && part.length > 0) continue;
    const { entries, missing } = verifyAudit(crypto, all, { head: { number, hash } });
    deep(missing, []);
    return entries;
  }
}

/** Both chains, that of the failures first: that the log was read is in the other. */
async function read(
  bench: Bench,
  clinic: Clinic,
): Promise<{ events: Told[]; failures: (readonly [Told, number])[] }> {
  if (bench.peripheral.events !== undefined) bench.peripheral.lose();
  const reader = await another(bench, clinic, ["audit:read"]);
  const { kid } = clinic.credential;
  const told = { 0: [] as Told[], 1: [] as (readonly [Told, number])[] };
  for (const which of [1, 0] as const) {
    for (const { event, who, detail, times } of await chain(reader, which)) {
      const name = auditEvent(event) as AuditEvent;
      same(FAILURES.includes(name), which === 1, `${name} in chain ${which}`);
      seen.add(name);
      const entry: Told = [name, who === null ? "device" : equal(who, kid) ? "clinic" : "stranger", detail];
      if (which === 0) told[0].push(entry);
      else told[1].push([entry, times]);
    }
  }
  bench.peripheral.lose();
  return { events: told[0], failures: told[1] };
}

const NONE = null;
const by = (list: Told[], from: Told["1"]) => list.filter(([, who]) => who === from).map(([event]) => event);
const code = (name: ErrorCode) => ERROR_NUMBERS[name];
const close = async (bench: Bench) => {
  bench.peripheral.lose();
  await bench.clock.pass(0);
};

describe("What a running device writes into its log", () => {
  it("power, sessions, a command done, the log read", async () => {
    const { bench, clinic, programmer } = await inSession(["ecg:read"]);
    same(await programmer.code("start", [STREAM.ecg, 1000, 1]), undefined);
    await bench.clock.pass(3000);
    const { events, failures } = await read(bench, clinic);
    deep(events, [
      ["started", "device", NONE],
      ["sessionOpened", "clinic", NONE],
      ["commandDone", "clinic", [1, COMMAND.start]],
      ["sessionClosed", "clinic", NONE],
      ["sessionOpened", "clinic", NONE],
      ["logRead", "clinic", NONE],
    ]);
    deep(failures, []);
  });

  it("a session that is taken over is closed before the other is opened", async () => {
    const peripheral = new SlowPeripheral();
    const bench = await startDevice(crypto, undefined, { peripheral });
    const log = () => bench.device.audit.read("events", 1, 100).length;
    const [first, second] = [0, 1].map(() => new ScriptedProgrammer(bench, 247, new SlowRadio(peripheral)));
    await first!.authenticate();
    same(log(), 2);
    await second!.authenticate();
    same(log(), 4, "closed, opened");
    const cred = await (await Clinic.open(crypto)).issue({ scope: ["audit:read"] });
    const third = new ScriptedProgrammer(bench, 247, new SlowRadio(peripheral));
    await third.authenticate({ cred });
    const [entries] = (await third.command("audit", [0, 1, 100])).result as [Uint8Array[]];
    deep(
      verifyAudit(crypto, entries).entries.map(({ event }) => auditEvent(event)),
      ["started", "sessionOpened", "sessionClosed", "sessionOpened", "sessionClosed", "sessionOpened"],
    );
  });

  it("the button, provisioning by the label, a factory reset, and provisioning anew", async () => {
    const clinic = await Clinic.open(crypto);
    const { bench, programmer, key } = await labelled();
    const content = { expires: MADE_AT + 20 * DAY };
    same(
      await programmer.code("provision", [await clinic.issueDevice(key, content), clinic.anchorKey]),
      undefined,
    );
    await close(bench);
    bench.button.press();
    await bench.clock.pass(100);
    bench.button.release();
    await bench.clock.pass(100);
    const before = await read(bench, clinic);
    deep(by(before.events, "device"), [
      ...(["started", "buttonProvisioning", "sessionOpened", "commandDone", "provisioned"] as const),
      ...(["commandDone", "sessionClosed", "buttonWindow"] as const),
    ]);
  });

  it("the device gives up its key for who it is told to, and is reset", async () => {
    const { bench, clinic, programmer } = await inSession(["device:manage"]);
    same(await programmer.refresh(), 0);
    same(await programmer.code("revoke", null), undefined);
    await close(bench);
    same(bench.device.holder.state, "revoked");
    const button = new BenchButton();
    button.down = true;
    const reset = await startDevice(crypto, bench.flash, { button });
    await reset.clock.pass(HOLD_MS.factoryReset + 1);
    same(reset.device.holder.state, "new");
    const { bench: anew, programmer: label, key } = await labelled(bench.flash);
    same(await label.code("provision", [await clinic.issueDevice(key), clinic.anchorKey]), undefined);
    await close(anew);
    const { events } = await read(anew, clinic);
    const names = events.map(([event]) => event);
    ok(
      names.indexOf("selfRevoked") > 0 && names.indexOf("factoryReset") > names.indexOf("selfRevoked"),
      `${names}`,
    );
    ok(names.lastIndexOf("provisioned") > names.indexOf("factoryReset"), "the log outlives the reset");
  });

  it("a list, a new credential, the time, another Authority", async () => {
    const { bench, clinic, programmer } = await inSession(["device:manage"]);
    same(await programmer.refresh(), 0);
    same(await programmer.code("list", await clinic.list(3, [new Uint8Array(8).fill(9)])), undefined);
    const { own } = bench.device.holder;
    const { result } = await programmer.command("identify", CRV.Ed25519);
    const key = verifyRequest(crypto, result as Uint8Array, { ...own!.credential.key, kid: own!.kid });
    const expires = MADE_AT + 20 * DAY;
    same(await programmer.code("rotate", await clinic.issueDevice(key, { expires })), undefined);
    const nonce = (await programmer.command("challenge", null)).result as Uint8Array;
    same(await programmer.code("time", await clinic.timeReset(nonce, MADE_AT + 50)), undefined);
    const next = await Clinic.open(crypto, 0x40);
    const anchor = [
      await clinic.handOver(next.anchor, MADE_AT + 1),
      await next.issueDevice(key, { expires }),
    ];
    same(await programmer.code("anchor", anchor), undefined);
    const { events } = await read(bench, next);
    deep(
      events.filter(([event]) => !/^(started|session|logRead)/.test(event)),
      [
        ["commandDone", "stranger", [2, COMMAND.freshness]],
        ["listTaken", "stranger", 3],
        ["commandDone", "stranger", [4, COMMAND.identify]],
        ["credentialRotated", "stranger", NONE],
        ["timeReset", "stranger", [MADE_AT, MADE_AT + 50]],
        ["anchorRotated", "stranger", next.anchor.kid],
      ],
    );
  });

  it("a magnet, Pace-Now, parameters for good and for a session, and their end", async () => {
    const it = await treated();
    const { bench, clinic, magnet } = it;
    const programmer = await programming(it);
    const hash = await stage(programmer, SLOW);
    same(await program(programmer, SLOW, 1), undefined);
    same(await program(programmer, SLOW, 2, true), undefined);
    await close(bench);
    const second = await programming(it);
    same(await program(second, SLOW, 3, true), undefined);
    same(await second.code("cancel", null), undefined);
    same(await program(second, SLOW, 4, true), undefined);
    magnet.press();
    magnet.release();
    same(await second.code("paceNow", null), undefined);
    const { events } = await read(bench, clinic);
    const programmed: Told = ["parametersProgrammed", "clinic", [hash, true]];
    deep(
      events.filter(([event]) => !/^(started|session|logRead|commandDone|button)/.test(event)),
      [
        ["parametersProgrammed", "clinic", hash],
        programmed,
        ["parametersReverted", "clinic", NONE],
        programmed,
        ["parametersReverted", "clinic", NONE],
        programmed,
        ["parametersReverted", "device", NONE],
        ["magnet", "device", true],
        ["magnet", "device", false],
        ["paceNow", "clinic", NONE],
      ],
    );
  });

  it("readings released", async () => {
    const { bench, clinic, programmer } = await inSession(["ecg:read", "journal:release"]);
    await programmer.command("start", [STREAM.ecg, 1000, 2]);
    await bench.clock.pass(4000);
    same(await programmer.refresh(), 0);
    const { cti, token } = programmer.tokens[1]!;
    const upTo = [STREAM.ecg, cti.boot, cti.sequence, crypto.sha256(token).slice(0, 16)];
    same(await programmer.code("release", upTo), undefined);
    const { events } = await read(bench, clinic);
    deep(
      events.filter(([event]) => event === "journalReleased"),
      [["journalReleased", "clinic", [STREAM.ecg, 1]]],
    );
  });
});

describe("What a running device writes of refusals and failures, apart", () => {
  it("a command, a message in a session, a handshake: by whom, where somebody knows", async () => {
    const { bench, clinic, programmer } = await inSession(["ecg:read"]);
    same(await programmer.code("revoke", null), "session/scope");
    const sealed = programmer.sealed("status", STREAM.ecg);
    programmer.write(sealed);
    await programmer.reply();
    programmer.write(sealed);
    await bench.clock.pass(0);
    await close(bench);
    const forged = await Clinic.open(crypto, 0x40);
    const stranger = new ScriptedProgrammer(bench);
    const cred = await forged.issue();
    await stranger.authenticate({ cred, key: forged.key }).catch(() => undefined);
    same(stranger.session, undefined);
    await close(bench);
    const { events, failures } = await read(bench, clinic);
    deep(failures, [
      [["commandRefused", "clinic", code("session/scope")], 1],
      [["messageRefused", "clinic", code("session/replay")], 1],
      [["handshakeRefused", "device", code("cwt/issuer")], 1],
    ]);
    ok(!events.some(([event]) => FAILURES.includes(event)));
  });

  it("connections beyond the ration; a flood is counted, and pushes nothing out of the other chain", async () => {
    const { bench, clinic, programmer } = await inSession(["ecg:read"]);
    same(await programmer.code("stop", [STREAM.ecg]), undefined);
    await close(bench);
    const { length } = bench.device.audit.read("events", 1, 100);
    bench.refusals();
    for (let n = 0; n < 40; n++) {
      bench.peripheral.connect();
      bench.peripheral.lose();
      await bench.clock.pass(0);
    }
    same(bench.device.audit.read("events", 1, 100).length, length);
    const turned = bench.refusals().filter((each) => each === "device/ration").length;
    ok(turned >= 40 - RATION.capacity);
    await bench.clock.pass(RATION.refillMs);
    const { failures } = await read(bench, clinic);
    const empty = failures.filter(([[event]]) => event === "rationEmpty");
    deep(empty[0]![0], ["rationEmpty", "device", code("device/ration")]);
    same(
      empty.reduce((sum, [, times]) => sum + times, 0),
      turned,
    );
  });

  it("what failed that nobody asked for", async () => {
    const flash = (await (await Clinic.open(crypto)).provisionedFlash()) as MemoryFlash;
    let broken = false;
    const sign: typeof crypto.sign = (...args) => {
      if (broken) return Promise.reject(new Error("no key today"));
      return crypto.sign(...args);
    };
    const breaking = Object.assign(Object.create(crypto) as typeof crypto, { sign });
    const bench = await startDevice(breaking, flash);
    const clinic = await Clinic.open(crypto);
    const programmer = await another(bench, clinic, ["ecg:read"]);
    same(await programmer.code("start", [STREAM.ecg, 1000, 0]), undefined);
    broken = true;
    await bench.clock.pass(3000);
    broken = false;
    const { failures } = await read(bench, clinic);
    deep(failures[0], [["fault", "device", code("device/fault")], 1]);
  });

  it("many kinds at once: the rest is counted without who and what", async () => {
    const { bench, clinic } = await inSession(["ecg:read"]);
    await close(bench);
    let made = 0;
    for (let key = 0; key < 20; key++) {
      const holder = await crypto.importKey("Ed25519", new Uint8Array(32).fill(0x50 + key));
      const cred = await clinic.issue({ holder, scope: ["ecg:read"] });
      const programmer = new ScriptedProgrammer(bench);
      programmer.clinic = clinic;
      await programmer.authenticate({ cred, key: holder });
      same(await programmer.code("revoke", null), "session/scope");
      await close(bench);
      made++;
    }
    const { failures } = await read(bench, clinic);
    ok(failures.some(([[event]]) => event === "unlisted"));
    same(
      failures.reduce((sum, [, times]) => sum + times, 0),
      made,
    );
  });
});

describe("The table of events", () => {
  it("has none that the tests above have not read", () => {
    deep(
      Object.keys(AUDIT).filter((name) => !seen.has(name as AuditEvent)),
      [],
    );
  });
});
