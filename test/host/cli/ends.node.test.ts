/** How credentials end on the command line: lists, revocation, another Authority, a device that retires. */
import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AuthorityFolder } from "../../../host/authority/folder.js";
import { createPortableCrypto } from "../../../modules/crypto/portable/index.js";
import { deep, ok, same } from "../../support/assert.js";
import { done, RunningDevice, refused, says, vagus } from "./in-process.js";

const PATIENCE_MS = 120_000;
const DAY = 86_400;

/** One step rests on the one before. */
describe("The command line, to the end of programmers, hubs and devices", function () {
  this.timeout(PATIENCE_MS);
  this.bail(true);
  const folder = mkdtempSync(join(tmpdir(), "vagus-test-"));
  const at = (...path: string[]) => join(folder, ...path);
  const old = ["--authority", at("old")];
  const next = ["--authority", at("next")];
  const [alice, bob, hub] = ["alice", "bob", "hub"].map((name) => at(name)) as [string, string, string];
  const device = ["--device", at("device")];
  const list = (who: string) => at(who, "out", "ward-3.list.cwt");
  const carry = (who: string, programmer: string, ...more: string[]) =>
    ["carry", list(who), "--programmer", programmer, ...device, ...more] as const;
  const issue = (who: string, authority: string[], ...more: string[]) =>
    done("issue", join(who, "request.cwt"), ...authority, "--group", "ward-3", ...more);
  const registry = (who: string) => AuthorityFolder.open(createPortableCrypto(), at(who)).registry;
  let running: RunningDevice;
  let subject = "";
  const provision = async () => {
    await running.hold();
    ({ subject } = await done("provision", ...next, ...device, "--group", "ward-3"));
    await running.says("provisioned");
  };
  after(async () => {
    await running?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("two Authorities, a device of the first, its programmers and a hub", async () => {
    for (const who of ["old", "next"]) await done("authority", "init", at(who), "--insecure", "--name", who);
    for (const name of [alice, bob, hub]) await done("request", name, "--insecure");
    await issue(alice, old, "--days", "6", "--scope", "ecg:read device:manage delegate");
    await issue(bob, old);
    const request = join(hub, "request.cwt");
    await refused("credential/delegation", "delegate", request, "--programmer", bob);
    await refused("credential/delegation", "delegate", request, "--programmer", alice, "--hours", "168");
    await refused("credential/delegation", "delegate", request, "--programmer", alice, "--scope", "delegate");
    deep((await done("delegate", request, "--programmer", alice, "--hours", "2")).scope, ["ecg:read"]);
    running = await RunningDevice.start(at("device"));
    await running.hold();
    await done("provision", ...old, ...device, "--group", "ward-3", "--out", at("device.cwt"));
  });

  it("revoke: the hub and Bob, in words: one key is a key, and it is named in hexadecimal", async () => {
    const kid = (await done("request", at("x"), "--insecure")).kid;
    ok(/^[0-9a-f]{16}$/.test(kid));
    await says(
      /the hub's key [0-9a-f]{16} is revoked\nrevocation list for ward-3: epoch 1, 1 key\n/,
      ...["revoke", join(hub, "credential.cwt"), ...old],
    );
    await says(
      /revoked credential 1: programmer \S{11}, key [0-9a-f]{16}\n.*epoch 2, 2 keys/,
      ...["revoke", join(bob, "credential.cwt"), ...old],
    );
    deep((await done("revoke", join(bob, "credential.cwt"), ...old)).revoked, []);
    await refused("credential/holder", "revoke", "--subject", "nobody", ...old);
    for (const wrong of [[], ["--kid", "12"]]) same((await vagus("revoke", ...wrong, ...old)).status, 2);
    const again = await vagus("issue", join(bob, "request.cwt"), ...old, "--group", "ward-3");
    ok(
      /credential\/revoked: expected a key that holds, came [0-9a-f]{16}, which/.test(again.stderr),
      again.stderr,
    );
  });

  it("--ask FILE: a refusal comes back as one", async () => {
    const ask = at("ask.cbor");
    const over = vagus("freshness", ask, ...old, "--minutes", "1", "--times", "1");
    await refused("credential/revoked", "time", "--ask", ask, "--programmer", bob, ...device);
    const { status, stderr } = await over;
    deep(
      [status, /credential\/revoked: .* programmer [0-9a-f]{16} is revoked/.test(stderr)],
      [1, true],
      stderr,
    );
  });

  it("carry: the device has the list once somebody carries it, and refuses who is on it", async () => {
    const carried = await done(...carry("old", alice));
    deep([carried.epoch, carried.keys, carried.carrierRevoked], [2, 2, false]);
    await refused("credential/epoch", ...carry("old", alice));
    await refused("edhoc/peer", ...carry("old", hub));
  });

  it("status lists: kept by the programmer; none, an old one and one that is out of date are said", async () => {
    const time = (...more: string[]) => vagus("time", ...old, "--programmer", alice, ...device, ...more);
    const none = await time();
    deep([none.status, /warning: no status list in/.test(none.stderr)], [0, true], none.stderr);
    const path = at("old", "out", "status-list.cwt");
    writeFileSync(at("before"), readFileSync(path));
    await done("status-list", ...old);
    const check = (name: string) => vagus("status-list", "--check", join(name, "credential.cwt"), ...old);
    deep([(await check(alice)).status, (await check(bob)).status], [0, 1]);
    const kept = await time("--status-list", path);
    deep([kept.status, /status list/.test(kept.stderr)], [0, false], kept.stderr);
    const since = await time();
    deep([since.status, /status list/.test(since.stderr)], [0, false], since.stderr);
    await refused(
      "cwt/status",
      "time",
      ...old,
      "--programmer",
      alice,
      ...device,
      "--status-list",
      at("before"),
    );
    await done("status-list", ...old);
    const dayOld = Date.now() / 1000 - DAY;
    utimesSync(path, dayOld, dayOld); // fetched a day ago: its ttl is half a day
    await refused("cwt/status", "time", ...old, "--programmer", alice, ...device, "--status-list", path);
    const late = await time();
    deep(
      [late.status, /warning: the status list in \S+ is out of date/.test(late.stderr)],
      [0, true],
      late.stderr,
    );
  });

  it("anchor: the device goes over to the next Authority, and lets nobody of the old one in", async () => {
    same((await vagus("anchor", ...old, "--programmer", alice, ...device)).status, 2, "no --next");
    const made = await done("anchor", ...old, "--next", at("next"), "--programmer", alice, ...device);
    deep([made.audience, made.index], [["ward-3"], 0]);
    ({ device: subject } = made);
    await refused("edhoc/peer", ...carry("old", alice));
    await issue(alice, next, "--scope", "ecg:read device:manage delegate");
    same((await done("time", ...next, "--programmer", alice, ...device)).device, subject);
  });

  it("revoke by a credential of a key that the device has no more: all of its keys are revoked", async () => {
    const first = registry("next").ofSubject(subject)[0]!;
    const before = at("before.cwt");
    await done("rotate", ...next, "--programmer", alice, ...device, "--new-key");
    const kid = Buffer.from(first.kid, "base64url").toString("hex");
    const { revoked, kids } = await done("revoke", "--kid", kid, ...next);
    deep([revoked.length, kids.length, kids[0]], [2, 2, kid]);
    ok(!statSync(before, { throwIfNoEntry: false }));
  });

  it("carry: the device finds itself on the list; its self-revocation is kept and in the ledger, and its keys leave the list", async () => {
    const made = await done(...carry("next", alice, ...next));
    deep([made.deviceRevoked, made.recorded], [true, true]);
    await running.says("revoked");
    ok(statSync(made.selfRevocation).size > 0);
    const books = registry("next");
    ok(books.ofSubject(subject).every(({ kid }) => books.isEnded(kid)));
    // the next list goes without them
    await done("request", at("eve"), "--insecure");
    await issue(at("eve"), next);
    await done("revoke", join(at("eve"), "credential.cwt"), ...next);
    deep(
      registry("next").list("ward-3")?.kids,
      registry("next")
        .ofKey(registry("next").list("ward-3")!.kids[0]!)
        .map(({ kid }) => kid),
    );
    same(registry("next").list("ward-3")?.kids.length, 1);
  });

  it("retire, by a question: the device revokes itself, and what it signed goes into the ledger later", async () => {
    await provision();
    const ask = at("ask.cbor");
    const over = vagus("freshness", ask, ...next, "--minutes", "1", "--times", "1");
    const made = await done("retire", "--ask", ask, "--programmer", alice, ...device);
    same((await over).status, 0);
    deep([made.device, made.recorded], [subject, false]);
    await running.says("revoked");
    const [one] = registry("next").ofSubject(subject);
    same(registry("next").isRevoked(one!.issued), false);
    await says(/has revoked itself: its key leaves the lists/, "revoke", made.selfRevocation, ...next);
    const books = registry("next");
    deep([books.isRevoked(one!.issued), books.isEnded(one!.kid)], [true, true]);
    await says(/has revoked itself/, "revoke", made.selfRevocation, ...next);
    await refused("gatt/disconnected", "retire", ...next, "--programmer", alice, ...device);
  });
});
