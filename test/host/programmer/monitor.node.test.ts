import { cryptos } from "engine";
import { LINK_TIMES } from "../../../host/link/reconnection.js";
import { deep, ok, rejects, same } from "../../support/assert.js";
import { contiguous, Ward } from "./ward.js";

const crypto = cryptos[0]!;
const RATE = 250;

describe("A device that is monitored", function () {
  this.timeout(60_000);
  let ward: Ward;
  beforeEach(async () => {
    ward = await Ward.open(crypto);
  });
  const kinds = () => ward.stored().map(({ kind, cti }) => `${kind} ${cti.boot}/${cti.sequence}`);

  it("records because it is told to, is stored as it comes, and is live", async () => {
    const { monitor, events, run } = await ward.monitor();
    deep(monitor.staleness(1), { kind: "gone", sinceMs: undefined });
    await ward.pass(2600);
    deep(monitor.staleness(1), { kind: "live" });
    deep(kinds(), ["header 2/0", "reading 2/1", "reading 2/2", "reading 2/3", "reading 2/4", "reading 2/5"]);
    deep(
      events.filter(({ kind }) => kind !== "link" && kind !== "token").map(({ kind }) => kind),
      ["authenticated", "started"],
    );
    same(await monitor.stop(), false);
    await run;
    ok(ward.bench.device.streams.running(), "the device goes on");
  });

  it("a lost link: stale at once and says since when; what was missed comes, in order; then it is live", async () => {
    const { monitor, events } = await ward.monitor();
    await ward.pass(2600);
    const at = ward.clock.now;
    ward.leave();
    const { kind, sinceMs } = monitor.staleness(1) as { kind: string; sinceMs: number };
    same(kind, "stale");
    ok(sinceMs <= at && sinceMs > at - 600, `${sinceMs} of ${at}`);
    await ward.pass(30_000);
    same(monitor.staleness(1).kind, "stale");
    ward.comeBack();
    const from = events.length;
    await ward.pass(10_000);
    const seen = new Set(events.slice(from).flatMap((event) => (event.kind === "token" ? [event.was] : [])));
    deep([...seen], ["backfilling", "live"]);
    await ward.pass(1000);
    const samples = contiguous(ward.stored());
    const missing = (ward.clock.now - at) / 1000 + 2.6 - samples / RATE;
    ok(missing < 1.2, `${missing} s are missing`);
  });

  it("two clocks that drift apart do not make what is live look old", async () => {
    const drift = 1 + 1 / 150; // a second, which is two readings, in two and a half minutes
    const { clock } = ward;
    const { monitor, events } = await ward.monitor({
      clock: { nowMs: () => clock.now * drift, after: (ms, callback) => clock.after(ms / drift, callback) },
    });
    await ward.pass(250_000);
    same(monitor.staleness(1).kind, "live");
    deep(
      [...new Set(events.flatMap((event) => (event.kind === "token" ? [event.was] : [])))],
      ["gone", "live"],
    );
  });

  it("out of range for longer than a minute: gone, and no last value stands for the present", async () => {
    const { monitor } = await ward.monitor();
    await ward.pass(1600);
    ward.leave();
    await ward.pass(61_000);
    same(monitor.staleness(1).kind, "gone");
    ward.comeBack();
    await ward.pass(40_000);
    same(monitor.staleness(1).kind, "live");
    // the bench's flash has no room for a minute: what went is declared, and nothing else is missing
    const stored = ward.stored();
    ok(stored.some(({ kind }) => kind === "gap"));
    ok(stored.every((token) => !("hole" in token) || token.hole === undefined));
  });

  it("the device is restarted: what it had kept comes, then the new stream, and the chain is whole", async () => {
    const { monitor } = await ward.monitor();
    await ward.pass(2600);
    ward.leave();
    await ward.pass(2000);
    await ward.restart();
    await ward.pass(1000);
    ward.comeBack();
    await ward.pass(10_000);
    same(monitor.staleness(1).kind, "live");
    const stored = ward.stored();
    const boots = [...new Set(stored.map(({ cti }) => cti.boot))];
    deep(boots, [2, 3]);
    const before = stored.filter(({ kind, cti }) => kind === "reading" && cti.boot === 2).length;
    ok(before >= 8, `${before} readings of 4.6 s`);
    contiguous(stored);
  });

  it("killed, and begun again on what it had stored: nothing comes twice, nothing is missing", async () => {
    const first = await ward.monitor();
    await ward.pass(2600);
    ward.leave();
    await first.monitor.stop();
    await first.run;
    const { length } = ward.stored();
    ward.files = ward.files.restarted();
    await ward.pass(5000);
    ward.inRange = true;
    const second = await ward.monitor();
    await ward.pass(3000);
    const stored = ward.stored();
    ok(stored.length > length + 10);
    contiguous(stored);
    const ids = stored.map(({ cti }) => `${cti.boot}/${cti.sequence}`);
    same(new Set(ids).size, ids.length);
    ok(
      second.events.every((event) => event.kind !== "started"),
      "it was still recording",
    );
    same(second.monitor.staleness(1).kind, "live");
  });

  it("killed with half a token written: the half goes, and the token comes again", async () => {
    const first = await ward.monitor();
    await ward.pass(2600);
    ward.leave();
    await first.monitor.stop();
    ward.files = ward.files.restarted();
    const path = "device/ecg.cborseq";
    const content = ward.files.content.get(path)!;
    ward.files.content.set(path, content.slice(0, -11));
    ward.inRange = true;
    await ward.monitor();
    await ward.pass(3000);
    contiguous(ward.stored());
    deep(ward.files.content.get(path)!.slice(0, content.length), content);
  });

  it("notifications lost on the air: what is not the next is fetched again, and nothing is missing", async () => {
    ward.loses = (n) => n % 7 === 6;
    const { monitor, events } = await ward.monitor();
    await ward.pass(20_000);
    ward.loses = () => false;
    await ward.pass(6000);
    ok(monitor.figures.refused > 0);
    ok(events.filter(({ kind }) => kind === "fetching").length > 1);
    same(monitor.staleness(1).kind, "live");
    ok(contiguous(ward.stored()) / RATE > 24);
  });

  it("a device that is there but says nothing more: it is asked, and dropped when it does not answer", async () => {
    const { monitor, events } = await ward.monitor();
    await ward.pass(1600);
    ward.bench.peripheral.onSend = () => {};
    await ward.pass(4000);
    same(monitor.staleness(1).kind, "stale");
    await ward.pass(LINK_TIMES.quietMs + LINK_TIMES.probeMs);
    const told = events.flatMap((event) => (event.kind === "link" ? [event.event.kind] : []));
    deep(told.slice(0, 6), ["scanning", "connecting", "greeting", "up", "quiet", "lost"]);
    await ward.pass(3000);
    same(monitor.staleness(1).kind, "live");
    contiguous(ward.stored());
  });

  it("the disk is full: it ends, says so, and what is stored is whole", async () => {
    const { run, monitor } = await ward.monitor();
    await ward.pass(2600);
    const ended = rejects("host/store", () => run);
    ward.files.room = 100;
    await ward.pass(1000);
    await ended;
    same(monitor.staleness(1).kind, "gone");
    const { length } = kinds();
    ward.files = ward.files.restarted();
    await ward.monitor();
    await ward.pass(3000);
    ok(kinds().length > length);
    contiguous(ward.stored());
  });

  it("another device than the one wanted is passed over, and nothing of it is stored", async () => {
    const { monitor, events } = await ward.monitor({ device: "AgICAgICAgI" });
    await ward.pass(5000);
    deep(ward.files.content.size, 0);
    same(monitor.session, undefined);
    const failed = events.flatMap((e) =>
      e.kind === "link" && e.event.kind === "failed" ? [e.event.error.message] : [],
    );
    same(failed[0], "host/link: expected the device AgICAgICAgI, came AQEBAQEBAQE");
  });

  it("refused at first: it ends with the reason; refused later: it goes on trying", async () => {
    const stranger = await Ward.open(crypto);
    const { key } = await (await import("../../modules/device/clinic.js")).Clinic.open(crypto, 0x30);
    const { run } = await stranger.monitor({ key });
    const ended = rejects("edhoc/peer", () => run);
    await stranger.pass(6000);
    await ended;
  });

  it("stop with the end of the recording: the head is awaited and stored", async () => {
    const { monitor, run } = await ward.monitor();
    await ward.pass(2600);
    const ending = monitor.stop({ endRecording: true });
    await ward.pass(500);
    same(await ending, true);
    await run;
    same(kinds().at(-1), "head 2/6");
    ok(!ward.bench.device.streams.running());
  });
});

describe("A link that is lost at every message", function () {
  this.timeout(240_000);
  it("of a session from its first to its last: afterwards everything is there, in one chain", async () => {
    const whole = await Ward.open(crypto);
    await whole.monitor();
    await whole.pass(1600);
    const { passed } = whole;
    ok(passed > 12, `${passed}`);
    for (let n = 0; n < passed; n++) {
      const ward = await Ward.open(crypto);
      ward.cutAt = n;
      const { monitor } = await ward.monitor();
      await ward.pass(1600);
      for (let more = 0; more < 100 && monitor.staleness(1).kind !== "live"; more++) await ward.pass(200);
      same(monitor.staleness(1).kind, "live", `lost at ${n}`);
      contiguous(ward.stored());
      await monitor.stop();
    }
  });
});
