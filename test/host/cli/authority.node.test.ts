/** The way of a credential on the command line, as a clinic would go it. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeKeyFile } from "../../../host/authority/key-file.js";
import { toHex } from "../../../modules/bytes/index.js";
import { anchorOf } from "../../../modules/credential/index.js";
import { createPortableCrypto } from "../../../modules/crypto/portable/index.js";
import { deep, ok, same } from "../../support/assert.js";
import { done, RunningDevice, refused, says, vagus } from "./in-process.js";

const PATIENCE_MS = 120_000;
const PASSPHRASE = "correct horse";
const crypto = createPortableCrypto();

/** One step rests on the one before. */
describe("The command line, from an Authority's making to a device in use", function () {
  this.timeout(PATIENCE_MS);
  this.bail(true);
  const folder = mkdtempSync(join(tmpdir(), "vagus-test-"));
  const at = (...path: string[]) => join(folder, ...path);
  const authority = ["--authority", at("authority")];
  const [alice, bob, hub] = ["alice", "bob", "hub"].map((name) => at(name)) as [string, string, string];
  const device = ["--device", at("device")];
  const issue = (who: string, ...more: string[]) =>
    done("issue", join(who, "request.cwt"), ...authority, "--group", "ward-3", ...more);
  let running: RunningDevice;
  /** The device's. */
  let subject = "";
  after(async () => {
    await running?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("init and show: an Authority is made once; --insecure is said each time", async () => {
    const { status, stderr } = await vagus("authority", "init", at("authority"), "--insecure");
    deep([status, stderr.startsWith("warning: ")], [0, true], stderr);
    await refused("host/store", "authority", "init", at("authority"), "--insecure");
    await says("0 credentials issued, 0 revoked", "authority", "show", at("authority"));
  });

  it("a passphrase: from a file or the environment, in a process of its own; without it nothing is made", async () => {
    const run = (args: string[], env: Record<string, string> = {}) => {
      const { VAGUS_PASSPHRASE: _, ...rest } = process.env;
      const options = { input: "", encoding: "utf8", env: { ...rest, ...env } } as const;
      return spawnSync(process.execPath, ["host/cli/vagus.mjs", ...args], options);
    };
    const missing = run(["authority", "init", at("sealed")]);
    deep([missing.status, missing.stdout], [2, ""]);
    ok(missing.stderr.includes("expected a passphrase"), missing.stderr);
    // as where the power went after the key; scrypt with N = 2^18, as commands make it, would take seconds
    const { key, file } = await makeKeyFile(crypto, "Ed25519", { passphrase: PASSPHRASE, workFactor: 4 });
    mkdirSync(at("carol"));
    writeFileSync(at("carol", "holder.key"), file);
    const made = run(["request", at("carol"), "--json"], { VAGUS_PASSPHRASE: PASSPHRASE });
    const kid = toHex(anchorOf(crypto, key).kid);
    deep([made.status, JSON.parse(made.stdout).kid, JSON.parse(made.stdout).encrypted], [0, kid, true]);
    writeFileSync(at("word"), `${PASSPHRASE}\n`);
    rmSync(at("carol", "request.cwt"));
    same((await done("request", at("carol"), "--passphrase-file", at("word"))).kid, kid);
    rmSync(at("carol", "request.cwt"));
    await refused("host/store", "request", at("carol"), "--insecure");
    await refused("host/store", "request", at("carol"), "--passphrase-file", at("word"), "--curve", "P-256");
    writeFileSync(at("word"), "wrong\n");
    await refused("host/passphrase", "request", at("carol"), "--passphrase-file", at("word"));
  });

  it("request: once a folder", async () => {
    for (const name of [alice, bob, hub]) await done("request", name, "--insecure");
    await refused("host/store", "request", alice, "--insecure");
  });

  it("issue: more than 7 days, unknown scopes and no group are refused", async () => {
    const request = ["issue", join(alice, "request.cwt"), ...authority];
    for (const more of [
      ["--days", "8"],
      ["--days", ""],
      ["--scope", "ecg:write"],
    ]) {
      same((await vagus(...request, "--group", "ward-3", ...more)).status, 2, more.join(" "));
    }
    same((await vagus(...request)).status, 2, "no group");
    await issue(alice, "--scope", "ecg:read device:manage delegate");
    same((await issue(bob, "--days", "1")).index, 1);
  });

  it("issue into a folder that was a hub's: nothing of the hub is left", async () => {
    const was = at("was-hub");
    await done("request", was, "--insecure");
    await done("delegate", join(was, "request.cwt"), "--programmer", alice, "--out", was);
    ok(statSync(join(was, "ancestor.cwt")).size > 0);
    await issue(was);
    ok(statSync(join(was, "ancestor.cwt"), { throwIfNoEntry: false }) === undefined);
    await refused(
      "host/link",
      "carry",
      join(was, "request.cwt"),
      "--programmer",
      was,
      "--device",
      at("nowhere"),
    );
  });

  it("provision: a device whose button is not held is refused in words; one that is gets its credential", async () => {
    running = await RunningDevice.start(at("device"));
    const early = await vagus("provision", ...authority, ...device, "--group", "ward-3");
    same(early.status, 1);
    ok(/device\/unprovisioned: expected its button to be held for 3 s/.test(early.stderr), early.stderr);
    await running.hold();
    const label = ["--label", "00".repeat(16)];
    await refused("session/confirm", "provision", ...authority, ...device, ...label);
    const made = await done(
      "provision",
      ...authority,
      ...device,
      "--group",
      "ward-3",
      "--out",
      at("device.cwt"),
    );
    ({ subject } = made);
    await running.says("provisioned");
    await refused("device/unprovisioned", "provision", ...authority, ...device);
  });

  it("rotate: the Authority is here, and the device has a new key under its old name; Bob may not", async () => {
    const before = (await done("authority", "show", at("authority"))).issued;
    const made = await done("rotate", ...authority, "--programmer", alice, ...device, "--new-key");
    same(made.newKey, true);
    same((await done("authority", "show", at("authority"))).issued, before + 1);
    await refused("session/scope", "rotate", ...authority, "--programmer", bob, ...device);
  });

  it("--ask FILE: the Authority answers what comes, by a file; the files are gone in the end", async () => {
    const ask = at("ask.cbor");
    const over = vagus("freshness", ask, ...authority, "--minutes", "1", "--times", "3", "--json");
    const asked = ["--ask", ask, "--programmer", alice, ...device];
    same((await done("rotate", ...asked, "--new-key")).device, subject);
    same((await done("time", ...asked)).device, subject);
    const { status, stdout } = await over;
    const answers = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).what);
    deep([status, answers], [0, ["freshness", "credential", "time"]]);
    for (const path of [ask, `${ask}.answer`]) ok(statSync(path, { throwIfNoEntry: false }) === undefined);
    same((await vagus("rotate", ...asked, ...authority)).status, 2, "both ways");
  });

  it("time: in any session, with the Authority here; and in the label session", async () => {
    same((await done("time", ...authority, "--programmer", bob, ...device)).device, subject);
    await running.hold();
    const made = await done("time", "--button", ...authority, ...device);
    ok(Math.abs(made.seconds - Date.now() / 1000) < 5);
    same(made.device, subject);
    await done("authority", "init", at("other"), "--insecure");
    await refused("credential/holder", "time", "--button", "--authority", at("other"), ...device);
    same(
      (await vagus("time", "--button", "--ask", at("x"), ...device)).status,
      2,
      "nobody could sign the question",
    );
  });
});
