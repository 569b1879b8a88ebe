import { cryptos } from "engine";
import { Programmer, type ProgrammerEvent } from "../../../host/programmer/programmer.js";
import { Trust, verifyCredential } from "../../../modules/credential/index.js";
import { STREAM } from "../../../modules/reading/index.js";
import { RESTING, settle, startDevice } from "../../modules/device/bench.js";
import { Clinic, MADE_AT } from "../../modules/device/clinic.js";
import { deep, ok, rejects, same } from "../../support/assert.js";
import { linkTo } from "./bench-link.js";

const crypto = cryptos[0]!;

async function session(scope = ["ecg:read"]) {
  const bench = await startDevice(crypto);
  const clinic = await Clinic.open(crypto);
  const air = linkTo(bench);
  const events: ProgrammerEvent[] = [];
  const time = { floor: MADE_AT };
  const token = await clinic.issue({ scope });
  const credential = verifyCredential(crypto, token, { kind: "programmer", anchor: clinic.anchor, time });
  const trust = new Trust(crypto, { anchor: clinic.anchor, kinds: ["device"], time: () => time });
  const observe = (event: ProgrammerEvent) => events.push(event) > 0;
  const options = { crypto, link: air.link, credential, key: clinic.key, trust, observe, timeoutMs: 500 };
  const programmer = await Programmer.connect(options);
  const heard = () =>
    events.flatMap((event) =>
      event.kind === "token" ? [`${event.token.kind} ${event.token.cti.sequence}`] : [],
    );
  const refused = () => events.flatMap((event) => (event.kind === "refused" ? [event.error.code] : []));
  return { bench, air, programmer, heard, refused };
}

describe("Rekeying under a running stream (RFC 9528 appendix H)", () => {
  it("no reading is lost, one after the other", async () => {
    const { bench, programmer, heard, refused } = await session();
    await programmer.start(STREAM.ecg, 250);
    for (let n = 0; n < 4; n++) {
      await bench.clock.pass(250 * (n + 1) + 60);
      await programmer.rekey();
    }
    await bench.clock.pass(1000);
    await programmer.stop(STREAM.ecg);
    await bench.clock.pass(1);
    const all = heard();
    ok(all.length > 13);
    deep(
      all,
      all.map((_, n) => `${n === 0 ? "header" : n === all.length - 1 ? "head" : "reading"} ${n}`),
    );
    deep([refused(), bench.refusals()], [[], []]);
    same(await programmer.finish(), true);
  });

  it("a reading that waits for the radio while the keys change is sent under the old ones, and taken", async () => {
    const { bench, programmer, heard, refused } = await session();
    await programmer.start(STREAM.ecg, 250);
    await bench.clock.pass(300);
    const { peripheral } = bench;
    const { onSend } = peripheral;
    const held: Uint8Array[] = [];
    peripheral.onSend = (to, value) => (to === "telemetry" ? void held.push(value) : onSend?.(to, value));
    await bench.clock.pass(250);
    await programmer.rekey();
    await bench.clock.pass(250);
    ok(held.length >= 2);
    peripheral.onSend = onSend;
    for (const value of held) onSend?.("telemetry", value);
    await bench.clock.pass(250);
    deep(heard(), ["header 0", "reading 1", "reading 2", "reading 3", "reading 4"]);
    deep(refused(), []);
    same(await programmer.finish(), true);
  });

  it("the old keys are refused afterwards, at both ends", async () => {
    const { bench, air, programmer, refused } = await session();
    await programmer.start(STREAM.ecg, 250);
    await bench.clock.pass(600);
    const [command, message] = [air.writes.at(-1)!, [...air.telemetry]];
    await programmer.rekey();
    await bench.clock.pass(300);
    deep(bench.refusals(), []);
    bench.peripheral.events?.written(command);
    await settle();
    deep(bench.refusals(), ["cose/decrypt"]);
    for (const value of message) bench.peripheral.onSend?.("telemetry", value);
    ok(
      refused().length > 0 && refused().every((code) => code === "session/replay" || code === "cose/decrypt"),
    );
    const before = refused().length;
    await bench.clock.pass(500);
    same(refused().length, before, "the stream goes on");
    same(await programmer.finish(), true);
  });
});

describe("An orderly end (DESIGN section 5)", () => {
  it("finish gives the signed head and says complete", async () => {
    const { bench, programmer, heard } = await session();
    await programmer.start(STREAM.ecg, 250);
    await bench.clock.pass(800);
    same(await programmer.finish(), true);
    deep(heard(), ["header 0", "reading 1", "reading 2", "reading 3", "head 4"]);
    same(bench.peripheral.events, undefined);
  });

  it("with no stream there is nothing to miss", async () => {
    const { programmer } = await session();
    same(await programmer.finish(), true);
  });

  it("the last reading lost on the air: incomplete, though nothing else told", async () => {
    const { bench, air, programmer, heard, refused } = await session();
    await programmer.start(STREAM.ecg, 250);
    await bench.clock.pass(600);
    const sent = air.telemetry.length;
    air.lose = (n) => n >= sent;
    await bench.clock.pass(250);
    ok(air.telemetry.length > sent);
    deep(refused(), []);
    same(await programmer.finish(), false);
    deep(heard(), ["header 0", "reading 1", "reading 2"]);
  });

  it("a reading lost in between: what follows is refused, and the end is incomplete", async () => {
    const { bench, air, programmer, refused } = await session();
    await programmer.start(STREAM.ecg, 250);
    await bench.clock.pass(300);
    const sent = air.telemetry.length;
    air.lose = (n) => n === sent;
    await bench.clock.pass(800);
    ok(refused().length > 0);
    same(await programmer.finish(), false);
  });
});

describe("Scopes (RFC 6749 section 3.3, DESIGN section 4)", () => {
  for (const scope of [
    ["pacing:read"],
    ["device:manage", "audit:read", "delegate"],
    ["ecg:reader"],
    ["ecg"],
  ]) {
    it(`a programmer with ${scope.join(" ")} can neither start nor stop`, async () => {
      const { bench, air, programmer } = await session(scope);
      await rejects("session/scope", () => programmer.start(STREAM.ecg, 250));
      await rejects("session/scope", () => programmer.stop(STREAM.ecg));
      await bench.clock.pass(3000);
      deep(air.telemetry, []);
      same(await programmer.finish(), true);
    });
  }
});

describe("The session ends when the programmer's credential does (DESIGN section 4)", () => {
  it("the device hangs up at exp on its own clock", async () => {
    const { bench } = await session();
    const { clock, peripheral } = bench;
    await clock.pass(86_400_000 - 2000);
    same(peripheral.disconnects, 0);
    await clock.pass(2000);
    same(peripheral.disconnects, 1);
    same(clock.timers, RESTING);
  });
});
