/** The way of a credential on the command line, as a clinic would go it: each step is a process of its own. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { openHolder } from "../../../host/store/holder-folder.js";
import { requestFreshness } from "../../../modules/credential/index.js";
import { createPortableCrypto } from "../../../modules/crypto/portable/index.js";
import { deep, ok, same } from "../../support/assert.js";

const PATIENCE_MS = 120_000;
const PASSPHRASE = "correct horse";
const crypto = createPortableCrypto();

interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The bundle; the first call makes it. */
let program = "host/cli/vagus.mjs";

function vagus(args: string[], env: Record<string, string> = { VAGUS_PASSPHRASE: PASSPHRASE }): Outcome {
  const { VAGUS_PASSPHRASE: _, ...rest } = process.env;
  const options = { input: "", encoding: "utf8", env: { ...rest, ...env } } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], options);
  program = "build/cli/vagus.mjs";
  return { status, stdout, stderr };
}

function done(args: string[]) {
  const { status, stdout, stderr } = vagus([...args, "--json"]);
  same(status, 0, stderr);
  return JSON.parse(stdout);
}

function refused(args: string[], code: string): void {
  const { status, stdout, stderr } = vagus(args);
  deep([status, stdout], [1, ""], stderr);
  ok(stderr.includes(`: ${code}: `), stderr);
}

/** `vagus device`, its keys, and what it said. */
class DeviceProcess {
  readonly #child: ChildProcess;
  readonly said: string[] = [];
  #heard: () => void = () => {};

  constructor(folder: string, ...more: string[]) {
    const args = [program, "device", folder, "--engine", "node", "--json", ...more];
    this.#child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
    createInterface({ input: this.#child.stdout! }).on("line", (line) => {
      this.said.push(JSON.parse(line).event);
      this.#heard();
    });
  }

  key(key: string): void {
    this.#child.stdin!.write(key);
  }

  async says(event: string): Promise<void> {
    while (!this.said.includes(event)) {
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
    this.said.length = 0;
  }

  /** It leaves its note just after it has started. */
  async isThere(folder: string): Promise<void> {
    while (!existsSync(join(folder, "running.json"))) await setTimeout(20);
  }

  async quit(): Promise<number | null> {
    const closed = new Promise<number | null>((resolve) => this.#child.once("close", resolve));
    this.key("q");
    return closed;
  }
}

/** One step rests on the one before. */
describe("The command line, from an Authority's making to a programmer's end", function () {
  this.timeout(PATIENCE_MS);
  this.bail(true);
  const folder = mkdtempSync(join(tmpdir(), "vagus-test-"));
  const at = (...path: string[]) => join(folder, ...path);
  const authority = ["--authority", at("authority")];
  const [alice, bob, hub] = ["alice", "bob", "hub"].map((name) => at(name)) as [string, string, string];
  const device = ["--device", at("device")];
  let running: DeviceProcess;
  /** The device's. */
  let subject = "";
  after(async () => {
    await running?.quit();
    rmSync(folder, { recursive: true, force: true });
  });

  it("init: makes an Authority, once; without a passphrase nothing is made", () => {
    const missing = vagus(["authority", "init", at("sealed")], {});
    deep([missing.status, missing.stdout], [2, ""]);
    ok(missing.stderr.includes("expected a passphrase"), missing.stderr);
    const made = done(["authority", "init", at("sealed"), "--name", "St. Elsewhere"]);
    deep([made.name, made.curve, made.encrypted], ["St. Elsewhere", "Ed25519", true]);
    same(done(["authority", "init", at("authority"), "--insecure"]).encrypted, false);
    refused(["authority", "init", at("authority")], "host/store");
  });

  it("request: makes a key that is the owner's alone; --insecure is said each time", () => {
    done(["request", at("carol")]);
    ok(readFileSync(at("carol", "holder.key"), "utf8").startsWith("-----BEGIN AGE ENCRYPTED FILE-----"));
    same(statSync(at("carol", "holder.key")).mode & 0o077, 0);
    for (const name of [alice, bob, hub]) {
      const { status, stderr } = vagus(["request", name, "--insecure"], {});
      deep([status, stderr.startsWith("warning: ")], [0, true], stderr);
    }
    refused(["request", alice], "host/store");
  });

  it("issue: the wrong passphrase, more than 7 days and unknown scopes are refused", () => {
    const issue = ["issue", join(alice, "request.cwt"), ...authority, "--group", "ward-3"];
    for (const more of [
      ["--days", "8"],
      ["--days", ""],
      ["--scope", "ecg:write"],
    ]) {
      same(vagus([...issue, ...more]).status, 2, more.join(" "));
    }
    same(vagus(["issue", join(alice, "request.cwt"), ...authority]).status, 2, "no group");
    const sealed = ["issue", at("carol", "request.cwt"), "--authority", at("sealed"), "--group", "ward-3"];
    const wrong = vagus(sealed, { VAGUS_PASSPHRASE: "wrong" });
    deep([wrong.status, wrong.stderr.includes("host/passphrase")], [1, true], wrong.stderr);
    const word = at("word");
    writeFileSync(word, `${PASSPHRASE}\n`);
    same(vagus([...sealed, "--passphrase-file", word], {}).status, 0);
    const bare = vagus([...issue, "--scope", "ecg:read device:manage delegate"], {});
    deep([bare.status, bare.stderr.startsWith("warning: ")], [0, true], bare.stderr);
    same(
      done(["issue", join(bob, "request.cwt"), ...authority, "--group", "ward-3", "--days", "1"]).index,
      1,
    );
  });

  it("provision: a device whose button is not held is refused in words; one that is gets its credential", async () => {
    running = new DeviceProcess(at("device"));
    await running.says("started");
    await running.isThere(at("device"));
    const early = vagus(["provision", ...authority, ...device, "--group", "ward-3"]);
    same(early.status, 1);
    ok(/device\/unprovisioned: expected its button to be held for 3 s/.test(early.stderr), early.stderr);
    running.key("p");
    await running.says("provisioning");
    refused(["provision", ...authority, ...device, "--label", "00".repeat(16)], "session/confirm");
    const made = done(["provision", ...authority, ...device, "--group", "ward-3", "--out", at("device.cwt")]);
    same(made.index, 2);
    subject = made.subject;
    await running.says("provisioned");
    refused(["provision", ...authority, ...device], "device/unprovisioned");
  });

  it("rotate: the Authority stands by Alice, and the device has a new key under its old name; Bob may not", () => {
    const before = done(["authority", "show", at("authority")]).issued;
    const made = done(["rotate", ...authority, "--programmer", alice, ...device, "--new-key"]);
    deep([made.newKey, made.index], [true, before]);
    refused(["rotate", ...authority, "--programmer", bob, ...device], "session/scope");
  });

  it("delegate: Alice lets a hub in, for less than she has; Bob may not", () => {
    const request = join(hub, "request.cwt");
    const wide = ["delegate", request, "--programmer", alice, "--scope", "ecg:read delegate"];
    refused(wide, "credential/delegation");
    refused(["delegate", request, "--programmer", alice, "--hours", "168"], "credential/delegation");
    refused(["delegate", request, "--programmer", bob], "credential/delegation");
    deep(done(["delegate", request, "--programmer", alice, "--hours", "2"]).scope, ["ecg:read"]);
  });

  it("freshness: answered on a request of now, for a device of the ledger", async () => {
    const now = Math.floor(Date.now() / 1000);
    const { key, anchor } = await openHolder(crypto, bob, async () => "", now);
    const ask = async (issued: number) => {
      writeFileSync(
        at("ask.cwt"),
        await requestFreshness(crypto, key, anchor, { nonce: crypto.random(16), device: subject, issued }),
      );
      return ["freshness", at("ask.cwt"), ...authority];
    };
    ok(statSync(done(await ask(now)).token).size > 100);
    refused(await ask(now - 120), "credential/freshness");
  });

  it("revoke: Alice's hub and Bob are marked, epochs rise, and the lists are written", () => {
    const first = done(["revoke", join(hub, "credential.cwt"), ...authority]);
    deep(first.lists, [{ audience: "ward-3", epoch: 1 }]);
    const second = done(["revoke", join(bob, "credential.cwt"), ...authority]);
    deep([second.revoked, second.lists], [[1], [{ audience: "ward-3", epoch: 2 }]]);
    deep(done(["revoke", join(bob, "credential.cwt"), ...authority]).revoked, []);
    refused(["revoke", "--subject", "nobody", ...authority], "credential/holder");
    same(vagus(["revoke", ...authority]).status, 2);
    same(vagus(["revoke", "--kid", "12", ...authority]).status, 2);
    refused(["issue", join(bob, "request.cwt"), ...authority, "--group", "ward-3"], "credential/revoked");
  });

  it("status-list: signed anew, it says who holds and who does not, without a passphrase", () => {
    const signed = done(["status-list", ...authority]);
    deep([signed.issued, signed.revoked], [4, 1]);
    const check = (name: string) =>
      vagus(["status-list", "--check", join(name, "credential.cwt"), ...authority], {});
    deep([check(alice).status, check(bob).status], [0, 1]);
    ok(check(bob).stdout.includes("REVOKED"));
  });

  it("carry: the device still lets Bob in until somebody carries the list; then it refuses him and the hub", () => {
    const list = at("authority", "out", "ward-3.list.cwt");
    const carried = done(["carry", list, "--programmer", alice, ...device]);
    deep([carried.epoch, carried.keys, carried.carrierRevoked], [2, 2, false]);
    refused(["carry", list, "--programmer", alice, ...device], "credential/epoch");
    for (const name of [bob, hub]) refused(["carry", list, "--programmer", name, ...device], "edhoc/peer");
  });

  it("the device remembers over a restart", async () => {
    same(await running.quit(), 0);
    running = new DeviceProcess(at("device"));
    await running.says("started");
    await running.isThere(at("device"));
    refused(
      ["carry", at("authority", "out", "ward-3.list.cwt"), "--programmer", bob, ...device],
      "edhoc/peer",
    );
  });

  it("a revoked device finds itself on the list that is carried to it, and its key is gone", async () => {
    done(["revoke", "--subject", subject, ...authority]);
    const list = at("authority", "out", "ward-3.list.cwt");
    same(done(["carry", list, "--programmer", alice, ...device]).deviceRevoked, true);
    await running.says("revoked");
  });
});
