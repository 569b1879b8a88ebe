/** Recording goes on without anyone, and is had afterwards: by cursor, in order, over lost links and restarts. */
import { cryptos } from "engine";
import { verifyAudit } from "../../../modules/audit/index.js";
import type { CborValue } from "../../../modules/cbor/index.js";
import { CRV } from "../../../modules/cose/index.js";
import { verifyRequest } from "../../../modules/credential/index.js";
import { HOLD_MS } from "../../../modules/device/button.js";
import { DEVICE_SECTORS_MIN } from "../../../modules/device/index.js";
import { ERROR_NUMBERS, type ErrorCode } from "../../../modules/error/index.js";
import { MemoryFlash } from "../../../modules/flash/index.js";
import { STREAM } from "../../../modules/reading/index.js";
import { deep, ok, same } from "../../support/assert.js";
import { type Bench, BenchButton, ScriptedProgrammer, startDevice } from "./bench.js";
import { Clinic, MADE_AT } from "./clinic.js";
import { another, inSession } from "./in-session.js";

const crypto = cryptos[0]!;
const ECG = STREAM.ecg;
const READ = ["ecg:read"];

/** What came, by kind and number. */
const heard = (programmer: ScriptedProgrammer) =>
  programmer.tokens.map(({ kind, cti }) => `${kind} ${cti.sequence}`);

/** Connects anew and goes on verifying behind what has come. */
async function goOn(bench: Bench, clinic: Clinic, before: ScriptedProgrammer): Promise<ScriptedProgrammer> {
  const programmer = await another(bench, clinic, READ);
  programmer.verifier = before.verifier;
  return programmer;
}

describe("Readings of the time without a programmer (DESIGN section 6)", () => {
  it("the link is lost for a minute: all of the minute comes, in order, and then what is live", async () => {
    const { bench, programmer, clinic } = await inSession(READ);
    await programmer.command("start", [ECG, 1000, 0]);
    await bench.clock.pass(3000);
    const { length } = programmer.tokens;
    bench.peripheral.lose();
    await bench.clock.pass(60_000);
    const next = await goOn(bench, clinic, programmer);
    const { cti } = programmer.tokens[length - 1]!;
    same((await next.command("fetch", [ECG, cti.boot, cti.sequence + 1])).result, true);
    await bench.clock.pass(0);
    await bench.clock.pass(1000);
    ok(next.tokens.length >= 60, `${next.tokens.length} tokens`);
    deep(
      next.tokens.map((token) => token.cti.sequence),
      next.tokens.map((_, n) => cti.sequence + 1 + n),
    );
    same((await next.command("stop", [ECG])).code, 0);
    await bench.clock.pass(0);
    same(next.tokens.at(-1)?.kind, "head");
    same(bench.device.streams.running(), false);
  });

  it("over a restart: what was kept comes, then a boot is declared; a hole would show", async () => {
    const { bench, programmer, clinic } = await inSession(READ);
    await programmer.command("start", [ECG, 1000, 0]);
    await bench.clock.pass(5000);
    const last = programmer.tokens.at(-1)!.cti;
    bench.peripheral.lose();
    await bench.clock.pass(10_000);
    const again = await startDevice(crypto, bench.flash);
    const next = await goOn(again, clinic, programmer);
    same((await next.command("fetch", [ECG, last.boot, last.sequence + 1])).result, false);
    await again.clock.pass(1000);
    deep(heard(next)[0], "boot 0");
    const readings = next.tokens.filter(({ kind }) => kind === "reading");
    same(readings.length, 10);
    await next.command("start", [ECG, 1000, 1]);
    await again.clock.pass(2000);
    deep(heard(next).slice(-3), ["header 0", "reading 1", "head 2"]);
  });

  it("released: it never comes again, and needs the Authority's word", async () => {
    const { bench, programmer } = await inSession(["ecg:read", "journal:release"]);
    await programmer.command("start", [ECG, 1000, 3]);
    await bench.clock.pass(4000);
    const { cti, token } = programmer.tokens[2]!;
    const hash = crypto.sha256(token).slice(0, 16);
    const release: CborValue = [ECG, cti.boot, cti.sequence, hash];
    same((await programmer.command("release", release)).code, ERROR_NUMBERS["credential/freshness"]);
    await programmer.refresh();
    const wrong: [ErrorCode, CborValue][] = [
      ["journal/release", [ECG, cti.boot, cti.sequence, new Uint8Array(16)]],
      ["journal/release", [ECG, cti.boot, cti.sequence + 100, hash]],
      ["device/parameter", [ECG, cti.boot, cti.sequence]],
      ["device/parameter", [9, cti.boot, cti.sequence, hash]],
    ];
    for (const [code, parameters] of wrong)
      same((await programmer.command("release", parameters)).code, ERROR_NUMBERS[code]);
    same((await programmer.command("release", release)).code, 0);
    const { length } = programmer.tokens;
    programmer.verifier = undefined; // the same tokens again
    programmer.messages.length = 0;
    await programmer.command("fetch", [ECG, cti.boot, 0]);
    await bench.clock.pass(1000);
    same(programmer.messages.length, length - 3);
  });

  it("the power goes in a factory reset, before the journal's key is purged: the next start has no readings", async () => {
    const { bench, programmer } = await inSession(READ);
    await programmer.command("start", [ECG, 1000, 2]);
    await bench.clock.pass(3000);
    ok((await startDevice(crypto, bench.flash)).device.streams.journal.last(ECG) !== undefined);
    bench.device.holder.factoryReset();
    same((await startDevice(crypto, bench.flash)).device.streams.journal.last(ECG), undefined);
  });

  it("a factory reset of a device that is new still: what it records from then on is had after a restart", async () => {
    const clinic = await Clinic.open(crypto);
    const button = new BenchButton();
    button.down = true;
    const bench = await startDevice(crypto, new MemoryFlash(DEVICE_SECTORS_MIN), { button });
    await bench.clock.pass(HOLD_MS.factoryReset + 1);
    button.release();
    await button.hold(bench.clock, HOLD_MS.provision);
    const label = new ScriptedProgrammer(bench);
    await label.openLabel(bench.label);
    const { result } = await label.command("identify", CRV.Ed25519);
    const credential = await clinic.issueDevice(verifyRequest(crypto, result as Uint8Array));
    same(await label.code("provision", [credential, clinic.anchorKey]), undefined);
    bench.peripheral.lose();
    const programmer = await another(bench, clinic, READ);
    await programmer.command("start", [ECG, 1000, 0]);
    await bench.clock.pass(20_000);
    bench.peripheral.lose();
    const again = await startDevice(crypto, bench.flash);
    const next = await another(again, clinic, READ);
    await next.command("fetch", [ECG, 0, 0]);
    await again.clock.pass(0);
    same(next.tokens.filter(({ kind }) => kind === "reading").length, 20);
  });

  it("a session without ecg:read closes, and recording goes on", async () => {
    const { bench, programmer, clinic } = await inSession(READ);
    await programmer.command("start", [ECG, 1000, 0]);
    bench.peripheral.lose();
    const auditor = await another(bench, clinic, ["audit:read"]);
    deep((await auditor.command("close", null)).result, []);
    await bench.clock.pass(5000);
    same(bench.device.streams.running(), true);
    same(bench.device.streams.journal.last(ECG)?.sequence, 5);
  });

  it("a central that takes nothing more does not hold recording up: all of it comes later", async () => {
    const { bench, programmer } = await inSession(READ);
    await programmer.command("start", [ECG, 1000, 0]);
    await bench.clock.pass(2000);
    bench.peripheral.room = 0;
    await bench.clock.pass(60_000);
    ok((bench.device.streams.journal.last(ECG)?.sequence ?? 0) >= 60);
    bench.peripheral.room = Number.POSITIVE_INFINITY;
    bench.peripheral.events?.ready();
    await bench.clock.pass(1000);
    ok(programmer.tokens.length >= 60, `${programmer.tokens.length} tokens`);
  });

  it("the log tells who did what; refusals apart; it is read with its scope", async () => {
    const { bench, programmer } = await inSession(["ecg:read", "audit:read"]);
    await programmer.command("start", [ECG, 1000, 1]);
    await programmer.command("rotate", new Uint8Array(3));
    const [entries, number, hash] = (await programmer.command("audit", [0, 1, 50])).result as never as [
      Uint8Array[],
      number,
      Uint8Array,
    ];
    const { entries: told, missing } = verifyAudit(crypto, entries, { head: { number, hash } });
    deep(missing, []);
    deep(told.map(({ event }) => event).slice(0, 3), [1, 3, 5]);
    ok(told.every(({ at }) => at >= MADE_AT));
    const [failures] = (await programmer.command("audit", [1, 1, 50])).result as never as [Uint8Array[]];
    same(failures.length, 1);
    bench.peripheral.lose();
    const reader = await another(bench, await Clinic.open(crypto), READ);
    same((await reader.command("audit", [0, 1, 50])).code, ERROR_NUMBERS["session/scope"]);
  });
});
