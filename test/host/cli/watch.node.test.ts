/** A clinician's day with one device, on the command line: watching, fetching, releasing, asking who did what. */
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { readEvidence } from "../../../host/receipt/evidence.js";
import { reread } from "../../../host/store/reread.js";
import { readSequence } from "../../../host/store/sequence.js";
import { SessionFolder } from "../../../host/store/session-folder.js";
import { concat } from "../../../modules/bytes/index.js";
import { createPortableCrypto } from "../../../modules/crypto/portable/index.js";
import { CLAIM, parseCwtUnverified } from "../../../modules/cwt/index.js";
import { decodeCti } from "../../../modules/reading/index.js";
import { deep, ok, same } from "../../support/assert.js";
import { done, RunningDevice, refused, says, vagus } from "./in-process.js";

const PATIENCE_MS = 120_000;
const crypto = createPortableCrypto();

/** One step rests on the one before. */
describe("The command line at a device: watch, fetch, release, audit, scan", function () {
  this.timeout(PATIENCE_MS);
  this.bail(true);
  const folder = mkdtempSync(join(tmpdir(), "vagus-test-"));
  const at = (...path: string[]) => join(folder, ...path);
  const [alice, bob] = [at("alice"), at("bob")];
  const authority = ["--authority", at("authority")];
  const device = ["--device", at("device")];
  const store = ["--store", at("readings")];
  const ecg = ["--stream", "ecg"];
  const watch = ["watch", "--programmer", alice, ...device, ...store, ...ecg];
  let running: RunningDevice;
  let subject = "";
  after(async () => {
    await running?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  /** All that is stored, verified once more from the first token. */
  const stored = () => {
    const open = SessionFolder.open(crypto, at("readings", subject));
    const found = reread(crypto, open.keys, open.stored(1)!);
    open.close();
    return found;
  };
  const receipt = () => ["receipt", at("readings", subject), "--programmer", alice];
  const lines = (stdout: string) =>
    stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));

  it("an Authority, two programmers, a device", async () => {
    await done("authority", "init", at("authority"), "--insecure");
    for (const who of [alice, bob]) await done("request", who, "--insecure");
    const issue = (who: string, scope: string) =>
      done("issue", join(who, "request.cwt"), ...authority, "--group", "ward-3", "--scope", scope);
    await issue(alice, "ecg:read pacing:read audit:read journal:release");
    await issue(bob, "device:manage");
    running = await RunningDevice.start(at("device"));
    await running.hold();
    ({ subject } = await done("provision", ...authority, ...device, "--group", "ward-3"));
  });

  it("scan: finds it, and knows no more of it than an address", async () => {
    const { devices } = await done("scan", ...device, "--seconds", "1");
    deep(Object.keys(devices[0]), ["address", "times"]);
    same((await vagus("scan", "--port", "1", "--link", "smoke")).status, 2);
  });

  it("watch --json: told to record, live, each reading a line; the device goes on", async () => {
    const { status, stdout } = await vagus(...watch, "--seconds", "3", "--reading-ms", "500", "--json");
    const all = lines(stdout);
    same(status, 0);
    const kinds = all.filter(({ event }) => event === "token").map(({ token }) => token);
    deep(kinds.slice(0, 3), ["header", "reading", "reading"]);
    ok(all.some(({ event, state }) => event === "state" && state === "live"));
    ok(all.some(({ event }) => event === "started"));
    const end = all.at(-1);
    deep([end.event, end.device, end.gaps, end.holes], ["end", subject, 0, 0]);
    same(end.readings, stored().readings);
  });

  it("watch in words, MTU 23: what was missed comes first, nothing is doubled, a line a second", async () => {
    const before = stored();
    const { status, stdout } = await vagus(...watch, "--seconds", "3", "--mtu", "23");
    same(status, 0, stdout);
    ok(/\d\d:\d\d:\d\d {2}live {2}HR (--|\d+)\/min {2}1\/\d+ {2}stored \d+/.test(stdout), stdout);
    ok(stdout.includes("none missing; 0 links lost, 1 sessions"), stdout);
    const after = stored();
    ok(after.readings > before.readings + 5);
    same(after.tokens, after.last!.sequence + 1, "one after the other, from the header on");
  });

  it("what was watched has receipts, and the newest status list lies beside it", async () => {
    same((await done(...receipt())).tokens, 0, "tokens without a receipt:");
    same(readEvidence(at("readings", subject), "receipts").length, 2, "receipts, one a watch:");
    const list = at("authority/out/status-list.cwt");
    await done("status-list", ...authority);
    await done("fetch", "--programmer", alice, ...device, ...store, ...ecg, "--status-list", list);
    deep(readEvidence(at("readings", subject), "status"), [new Uint8Array(readFileSync(list))]);
    same((await done(...receipt())).tokens, 0, "tokens fetched without a receipt:");
  });

  it("killed in the midst, with half a token on the disk: the next watch cuts it off, says so, and goes on", async () => {
    const child = spawn(process.execPath, ["host/cli/vagus.mjs", ...watch, "--json"]);
    let seen = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      if (JSON.parse(line).token === "reading" && ++seen === 4) child.kill("SIGKILL");
    }
    const path = at("readings", subject, "ecg.cborseq");
    truncateSync(path, statSync(path).size - 9);
    const all = lines((await vagus(...watch, "--seconds", "3", "--json")).stdout);
    ok(/cut off/.test(all.find(({ event }) => event === "note").text));
    const found = stored();
    deep([found.tokens, found.gaps, found.holes], [found.last!.sequence + 1, 0, 0]);
    const { tokens } = await done(...receipt());
    ok(tokens >= 3 && tokens < found.tokens, `${tokens} were not signed for when it was killed`);
  });

  it("the device is restarted while it is watched: stale meanwhile, found again on its new port, told to record again", async () => {
    const child = spawn(process.execPath, ["host/cli/vagus.mjs", ...watch, "--json"]);
    const all: Record<string, unknown>[] = [];
    let restarted: Promise<void> | undefined;
    let [again, back, ended] = [false, false, false];
    for await (const line of createInterface({ input: child.stdout })) {
      const said = JSON.parse(line);
      all.push(said);
      if (back && !ended && said.token === "reading") ended = child.kill("SIGTERM");
      if (said.event !== "state") continue;
      if (said.state === "live" && restarted === undefined) restarted = running.stop();
      else if (said.state === "live") back = true;
      else if (said.state === "stale" && !again) {
        again = true;
        restarted = restarted?.then(async () => {
          running = await RunningDevice.start(at("device"));
        });
      }
    }
    await restarted;
    const states = all.filter(({ event }) => event === "state").map(({ state }) => state);
    const live = states.indexOf("live");
    const old = states.slice(live).filter((state) => state !== "backfilling");
    deep(
      old.filter((state, i) => state !== old[i - 1]),
      ["live", "stale", "live", "gone"],
    );
    const end = all.find(({ event }) => event === "end") ?? {};
    deep([end.lostLinks, end.sessions, end.gaps, end.holes], [1, 2, 0, 0]);
    deep([stored().last!.boot, stored().holes], [2, 0]);
  });

  it("fetch: all up to now, and nothing is started; what is stored already does not come again", async () => {
    const first = await done("fetch", "--programmer", alice, ...device, ...store, ...ecg);
    deep([first.complete, first.streams, first.gaps, first.holes], [true, ["ecg"], 0, 0]);
    const { tokens } = stored();
    const again = await done("fetch", "--programmer", alice, ...device, ...store, ...ecg);
    same(stored().tokens, tokens + again.readings);
    await refused("host/link", "fetch", "--programmer", alice, "--device", at("nowhere"), ...store);
  });

  it("release: not where something is missing that nobody declared, unless it is forced", async () => {
    cpSync(at("readings"), at("holed"), { recursive: true });
    const path = join(at("holed"), subject, "ecg.cborseq");
    const bytes = new Uint8Array(readFileSync(path));
    const read = { length: bytes.length, read: (from: number, n: number) => bytes.subarray(from, from + n) };
    const items = [...readSequence(read)].map((item) => item.bytes);
    const boots = items.map((item) => decodeCti(parseCwtUnverified(item).claims.get(CLAIM.cti)).boot);
    items.splice(boots.indexOf(2) - 1, 2); // the first boot's last token, and what the device declared of that boot
    writeFileSync(path, concat(...items));
    const release = ["release", "--programmer", alice, ...device, "--store", at("holed"), ...ecg];
    await refused("host/store", ...release, "--dry-run");
    same((await done(...release, "--dry-run", "--force")).released, false);
  });

  it("release: what is stored is verified, the device forgets it on the Authority's word, and no more than that", async () => {
    const release = ["release", "--programmer", alice, ...device, ...store, ...authority, ...ecg];
    const dry = await done(...release, "--dry-run");
    same(dry.released, false);
    const made = await done(...release);
    const { last } = stored();
    deep(made.streams[0], {
      name: "ecg",
      readings: stored().readings,
      boot: last!.boot,
      sequence: last!.sequence,
    });
    const elsewhere = [...device, "--store", at("elsewhere"), ...ecg];
    await refused("reading/header", "fetch", "--programmer", alice, ...elsewhere);
    const anew = lines(
      (await vagus("watch", "--programmer", alice, ...elsewhere, "--seconds", "6", "--json")).stdout,
    );
    const own = anew.filter(({ event }) => event === "token").map(({ token }) => token);
    const header = own.indexOf("header");
    ok(header >= 0 && own.indexOf("reading") > header, "a stream of its own, which it can verify");
    await refused("host/store", ...release.map((it) => (it === at("readings") ? at("empty") : it)));
    await refused(
      "session/scope",
      "release",
      "--programmer",
      bob,
      ...device,
      ...store,
      ...authority,
      "--stream",
      "ecg",
    );
  });

  it("all that its scope names: the pacer's markers and the device's state come beside the ECG, and are stored", async () => {
    const { stdout } = await vagus(
      "watch",
      "--programmer",
      alice,
      ...device,
      ...store,
      "--seconds",
      "4",
      "--json",
    );
    const readings = lines(stdout).filter(({ token }) => token === "reading");
    const of = (name: string) => readings.filter(({ stream }) => stream === name);
    ok(
      of("pacing").some(({ markers }) =>
        markers.some(({ name }: { name: string }) => name === "VS" || name === "VP"),
      ),
    );
    ok(of("state").every(({ state }) => state.battery.status === "BOL"));
    const open = SessionFolder.open(crypto, at("readings", subject));
    for (const stream of [1, 2, 3]) same(reread(crypto, open.keys, open.stored(stream)!).holes, 0);
    open.close();
  });

  it("watch --stop: the recording ends with its head", async () => {
    const all = lines((await vagus(...watch, "--seconds", "2", "--stop", "--json")).stdout);
    same(all.at(-1).ended, true);
    deep(all.filter(({ event }) => event === "token").at(-1).token, "head");
  });

  it("audit: who did what, verified; what was done since goes on from it; a log that is shorter is refused", async () => {
    const { events, failures } = await done("audit", "--programmer", alice, ...device);
    const words = events.entries.map(({ words }: { words: string }) => words);
    for (const one of ["the power came on", "session opened", "readings released", "did start"]) {
      ok(
        words.some((word: string) => word.startsWith(one)),
        `${one} in ${words.join("; ")}`,
      );
    }
    ok(failures.entries.some(({ words }: { words: string }) => /session\/scope/.test(words)));
    await says(
      /events: \d+ entries, verified up to \d+\n[\s\S]*\(you\) {2}session opened/,
      "audit",
      "--programmer",
      alice,
      ...device,
    );
    const again = await done("audit", "--programmer", alice, ...device, "--events", "--last", "1");
    deep([again.failures, again.events.entries.length], [undefined, 1]);
    const kept = join(alice, `${subject}.audit.cbor`);
    ok(readFileSync(kept).length > 0);
    await refused("session/scope", "audit", "--programmer", bob, ...device);
  });

  it("program: shown, staged, read back and programmed; refused with the limit; Pace-Now and its end; a test", async () => {
    const carol = at("carol");
    await done("request", carol, "--insecure");
    const request = join(carol, "request.cwt");
    await done("issue", request, ...authority, "--group", "ward-3", "--scope", "pacing:read pacing:write");
    const program = (...more: string[]) => ["program", "--programmer", carol, ...device, ...more];
    const set = (value: string) => program("--set", `lowerRateLimitPpm=${value}`, "--yes", ...authority);
    const rate = async () => (await done(...program())).inForce.lowerRateLimitPpm;
    same(await rate(), 60);
    await done(...set("75"));
    same((await done(...program())).permanent.lowerRateLimitPpm, 75);
    await refused("cardiac/parameter", ...set("200"));
    same((await vagus(...set("75"))).status, 2, "the same as it is");
    same((await vagus(...program("--set", "lowerRateLimitPpm=80", ...authority))).status, 2, "nobody to ask");
    await done(
      ...program("--set", "lowerRateLimitPpm=90", "--temporary", "--seconds", "1", "--yes", ...authority),
    );
    same((await done(...program())).permanent.lowerRateLimitPpm, 75);
    running.said.length = 0;
    const lost = vagus(
      ...program("--set", "lowerRateLimitPpm=90", "--temporary", "--seconds", "60", "--yes", ...authority),
    );
    await running.says("parametersProgrammed");
    await new Promise((resolve) => setTimeout(resolve, 1500)); // the answer has come
    await running.stop();
    const { status, stderr } = await lost;
    same(status, 1, "nobody knows that it has ended");
    ok(/the device ends what is temporary when it notices/.test(stderr), stderr);
    running = await RunningDevice.start(at("device"));
    same((await done(...program("--pace-now"))).paceNow, true);
    same((await done(...program())).paceNow, true);
    await refused("cardiac/busy", ...set("76"));
    same((await done(...program())).paceNow, true);
    await done(...program("--cancel"));
    same((await done(...program())).paceNow, false);
    const impedance = await done(...program("--test", "impedance", ...authority));
    deep([impedance.kind, impedance.ending], ["impedance", "done"]);
    await refused("session/scope", "program", "--programmer", alice, ...device, "--pace-now");
    same((await vagus(...program("--pace-now", "--cancel"))).status, 2);
  });

  it("what a device signed by a key that it had before is not passed over in silence by who does not know that key", async () => {
    await vagus(...watch, "--seconds", "3", "--stop");
    await done("rotate", ...authority, "--programmer", bob, ...device, "--new-key");
    const dave = at("dave");
    await done("request", dave, "--insecure");
    await done("issue", join(dave, "request.cwt"), ...authority, "--group", "ward-3", "--scope", "ecg:read");
    const fetch = ["fetch", "--programmer", dave, ...device, "--store", at("daves"), ...ecg];
    const { status, stdout, stderr } = await vagus(...fetch, "--json");
    same(status, 1, stderr);
    const { complete, foreign } = JSON.parse(stdout.trimEnd());
    deep([complete, foreign > 0], [false, true]);
    same(stderr.split("cose/key").length, 2, "told once");
  });

  it("a programmer without the scope, and wrong usage", async () => {
    same((await vagus("watch", "--programmer", bob, ...device, ...store)).status, 2);
    for (const wrong of [
      ["--stream", "eeg"],
      ["--reading-ms", "100"],
      ["--seconds", "0"],
      ["--link", "smoke"],
    ]) {
      same((await vagus(...watch, ...wrong)).status, 2, wrong.join(" "));
    }
    await refused("host/link", "watch", "--programmer", alice, "--device", at("nowhere"), ...store);
  });
});
