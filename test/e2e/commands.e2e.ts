/** The command line with `--link virtual`, each command a process of its own: what it says, and that it ends. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { done, RunningDevice } from "../host/cli/in-process.js";
import { deep, ok, same } from "../support/assert.js";
import { command } from "./ward.js";

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Line = Record<string, unknown> & { event?: string };

const CLI = "host/cli/vagus.mjs";

/** @param heard each line of its standard output, as it comes; whether it has heard enough, and ends the command */
async function run(args: readonly string[], heard: (line: string) => boolean = () => false): Promise<Ended> {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stderr.on("data", (text) => (stderr += text));
  createInterface({ input: child.stdout }).on("line", (line) => {
    stdout += `${line}\n`;
    if (heard(line)) child.kill("SIGTERM");
  });
  const status = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { status, stdout, stderr };
}

/** One step rests on the one before. */
describe("the command line over the virtual radio", function () {
  this.bail(true);
  const folder = mkdtempSync(join(tmpdir(), "vagus-e2e-"));
  const at = (...path: string[]) => join(folder, ...path);
  const alice = at("alice");
  const authority = ["--authority", at("authority")];
  const device = ["--device", at("device")];
  const radio = ["--link", "virtual", ...device];
  const session = ["--programmer", alice, ...radio];
  const watch = ["watch", ...session, "--store", at("readings"), "--stream", "ecg", "--json"];
  const lines = ({ stdout }: Ended): Line[] =>
    stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
  let running: RunningDevice;
  let subject = "";

  before(async () => {
    await done("authority", "init", at("authority"), "--insecure");
    await done("request", alice, "--insecure");
    const scope = ["--scope", "ecg:read pacing:read pacing:write audit:read"];
    await done("issue", join(alice, "request.cwt"), ...authority, "--group", "ward-3", ...scope);
    running = await RunningDevice.start(at("device"), command());
    await running.hold();
    ({ subject } = await done("provision", ...authority, ...device, "--group", "ward-3"));
  });
  after(async () => {
    await running?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("scan: one device, a private address, as strong as two metres are; nothing else of it", async () => {
    const ended = await run(["scan", ...radio, "--seconds", "2", "--json"]);
    same(ended.status, 0, ended.stderr);
    const [{ link, devices }] = lines(ended) as [{ link: string; devices: Record<string, unknown>[] }];
    deep([link, devices.length], ["virtual", 1]);
    deep(Object.keys(devices[0] as object).sort(), ["address", "rssiDbm", "times"]);
    same(Number.parseInt(String(devices[0]?.address).slice(0, 2), 16) >> 6, 0b01, "resolvable and private:");
  });

  it("watch: told to record, live, verified and stored", async () => {
    const ended = await run([...watch, "--seconds", "8", "--reading-ms", "500"]);
    same(ended.status, 0, ended.stderr);
    const all = lines(ended);
    ok(all.some(({ event }) => event === "started"));
    ok(all.some(({ event, state }) => event === "state" && state === "live"));
    const end = all.at(-1) as Line;
    deep([end.event, end.device, end.gaps, end.holes, end.lostLinks], ["end", subject, 0, 0, 0]);
    ok(Number(end.readings) >= 4, `came ${end.readings} readings`);
  });

  it("watch, in an MTU of 23, while the device loses its power and has it back: found again, nothing is missing", async () => {
    let restart: Promise<void> | undefined;
    let [cut, live] = [false, 0];
    const ended = await run([...watch, "--seconds", "60", "--mtu", "23"], (line) => {
      const { event, state, token } = JSON.parse(line) as Line;
      if (event === "state" && state === "live") live++;
      if (token !== "reading" || live === 0) return false;
      if (!cut) {
        restart = running.stop().then(async () => {
          running = await RunningDevice.start(at("device"), command());
        });
      }
      cut = true;
      return live === 2;
    });
    await restart;
    same(ended.status, 0, ended.stderr);
    const end = lines(ended).at(-1) as Line;
    deep([end.event, end.gaps, end.holes, end.lostLinks, end.sessions], ["end", 0, 0, 1, 2]);
    same(live, 2, "live again:");
  });

  it("program: shown, set after the Authority's word, read back; refused with the limit", async () => {
    const program = (...more: string[]) => run(["program", ...session, ...more, "--json"]);
    const rate = async () => {
      const ended = await program();
      same(ended.status, 0, ended.stderr);
      return (lines(ended)[0] as { permanent: { lowerRateLimitPpm: number } }).permanent.lowerRateLimitPpm;
    };
    same(await rate(), 60);
    const set = await program("--set", "lowerRateLimitPpm=75", "--yes", ...authority);
    same(set.status, 0, set.stderr);
    same(await rate(), 75);
    const wrong = await program("--set", "lowerRateLimitPpm=200", "--yes", ...authority);
    deep([wrong.status, /: cardiac\/parameter: /.test(wrong.stderr)], [1, true], wrong.stderr);
  });

  it("audit: what was done over the radio is in it, and it is whole", async () => {
    const ended = await run(["audit", ...session, "--json"]);
    same(ended.status, 0, ended.stderr);
    const [{ device: of, events }] = lines(ended) as [
      { device: string; events: { entries: { words: string }[] } },
    ];
    same(of, subject);
    const words = events.entries.map((entry) => entry.words);
    for (const one of ["session opened", "did start"]) {
      ok(
        words.some((word) => word.startsWith(one)),
        `${one} in ${words.join("; ")}`,
      );
    }
  });

  it("--pair: refused where the device does not let it, and said; paired where it does", async () => {
    const refused = await run(["audit", ...session, "--pair"]);
    deep(
      [refused.status, /: host\/link: expected the link to be paired/.test(refused.stderr)],
      [1, true],
      refused.stderr,
    );
    await running.stop();
    running = await RunningDevice.start(at("device"), command(), true);
    const audit = await run(["audit", ...session, "--pair", "--json"]);
    same(audit.status, 0, audit.stderr);
    const watched = await run([...watch, "--seconds", "5", "--pair"]);
    same(watched.status, 0, watched.stderr);
    ok(lines(watched).some(({ event, paired }) => event === "authenticated" && paired === true));
  });

  it("a device that is not there: said with a code, and the command ends", async () => {
    await running.stop();
    const ended = await run(["audit", ...session]);
    same(ended.status, 1);
    ok(/: (host\/link|gatt\/disconnected): /.test(ended.stderr), ended.stderr);
  });
});
