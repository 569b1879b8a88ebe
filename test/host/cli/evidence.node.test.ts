import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keepEvidence, readEvidence } from "../../../host/receipt/evidence.js";
import { fileReader, openHeart } from "../../../host/store/heart-file.js";
import { createHolder, keepGiven } from "../../../host/store/holder-folder.js";
import { SessionFolder } from "../../../host/store/session-folder.js";
import { verifyRequest } from "../../../modules/credential/index.js";
import { deep, ok, same } from "../../support/assert.js";
import { crypto, World } from "../bundle/made.js";
import { done, refused, vagus } from "./in-process.js";

const NOW = Math.floor(Date.now() / 1000);

describe("vagus receipt, export, verify, recipient", () => {
  let folder: string;
  let world: World;
  let tokens: Uint8Array[];
  const at = (name: string) => join(folder, name);
  const exported = (out: string, ...args: string[]) =>
    done("export", at("device"), "--out", at(out), "--programmer", at("alice"), ...args);

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "vagus-evidence-"));
    world = await World.make("Ed25519", NOW - 1000);
    const request = await createHolder(crypto, at("alice"), "Ed25519", "insecure");
    const holder = verifyRequest(crypto, new Uint8Array(readFileSync(request)));
    const credential = await world.credentialFor(holder, NOW - 100);
    keepGiven(at("alice"), { credential, anchor: world.authority.anchorKey });
    writeFileSync(at("anchor.cbor"), world.authority.anchorKey);
    writeFileSync(at("list.cwt"), await world.list(NOW - 50));
    tokens = await world.stream(100, world.device, { time: () => ({ seconds: NOW - 60, uncertainty: 0 }) });
    const store = SessionFolder.open(crypto, at("device"));
    store.adopt(world.device.credential, world.authority.anchor);
    for (const token of tokens) store.append(1, token);
    store.sync();
    store.close();
  });
  after(() => rmSync(folder, { recursive: true }));

  it("signs a receipt for what has none, once", async () => {
    const args = ["receipt", at("device"), "--programmer", at("alice")];
    same((await done(...args)).tokens, 102);
    same((await done(...args)).tokens, 0);
  });

  it("what lies between two receipts is signed for, and what has one is not signed for again", async () => {
    const [first, middle, last] = [tokens.slice(0, 10), tokens.slice(10, 90), tokens.slice(90)];
    const store = SessionFolder.open(crypto, at("between"));
    store.adopt(world.device.credential, world.authority.anchor);
    for (const token of tokens) store.append(1, token);
    store.close();
    keepEvidence(at("between"), "receipts", [
      await world.receipt(first, NOW - 40),
      await world.receipt(last, NOW - 30),
    ]);
    const args = ["receipt", at("between"), "--programmer", at("alice")];
    deep([(await done(...args)).tokens, (await done(...args)).tokens], [middle.length, 0]);
    // half an item, as a power cut leaves it, is none
    for (const name of ["receipts", "credentials", "ecg"])
      appendFileSync(at(`between/${name}.cborseq`), Uint8Array.of(0x84, 0x43));
    same((await done(...args)).tokens, 0);
    keepEvidence(at("between"), "receipts", [await world.receipt(first, NOW - 20)]);
    same(readEvidence(at("between"), "receipts").length, 4, "what was cut is gone, what is new is there:");
  });

  it("a bundle, and what it is good for", async () => {
    const made = await exported("b.cbor", "--format", "bundle", "--status-list", at("list.cwt"));
    deep([made.tokens, made.covered, made.encrypted], [102, 102, false]);
    const verified = await done("verify", at("b.cbor"), "--anchor", at("anchor.cbor"));
    deep(
      [verified.good, verified.device, verified.streams[0].samples],
      [true, world.device.credential.subject, 1000],
    );
    const { stdout } = await vagus("verify", at("b.cbor"), "--anchor", at("anchor.cbor"));
    ok(stdout.startsWith("good: 102 tokens of the device ") && stdout.includes("it signed the end"), stdout);
  });

  it("--into: what it holds is a device's folder again, which makes the same bundle, and other formats", async () => {
    const verify = ["verify", at("b.cbor"), "--anchor", at("anchor.cbor"), "--into", at("again")];
    await done(...verify);
    await refused("host/store", ...verify);
    for (const name of ["ecg", "credentials", "receipts", "signers"])
      deep(readFileSync(at(`again/${name}.cborseq`)), readFileSync(at(`device/${name}.cborseq`)), name);
    same((await done("receipt", at("again"), "--programmer", at("alice"))).tokens, 0);
    const args = ["--format", "csv", "--out", at("again.csv")];
    same((await done("export", at("again"), ...args)).samples, 1000);
  });

  it("one byte of it changed: which item, and why, with exit code 1", async () => {
    const bytes = readFileSync(at("b.cbor"));
    bytes[bytes.length >> 1]! ^= 4;
    writeFileSync(at("bad.cbor"), bytes);
    const { status, stderr } = await vagus("verify", at("bad.cbor"), "--anchor", at("anchor.cbor"));
    same(status, 1);
    ok(/^vagus verify: [a-z]+\/[a-z-]+: item \d+ \(byte \d+\)/.test(stderr), stderr);
    const json = await vagus("verify", at("bad.cbor"), "--anchor", at("anchor.cbor"), "--json");
    deep([json.status, JSON.parse(json.stdout).good], [1, false]);
  });

  it("revoked since, by a newer list: history, for there is a receipt; without one it is refused", async () => {
    writeFileSync(at("newer.cwt"), await world.list(NOW + 50, "device"));
    // a list that had the device after the receipt was signed is what makes it history
    writeFileSync(at("after.cwt"), await world.list(NOW + 40));
    const verify = ["verify", at("b.cbor"), "--anchor", at("anchor.cbor"), "--status-list", at("newer.cwt")];
    await refused("cwt/status", ...verify);
    same((await done(...verify, "--status-list", at("after.cwt"))).heldUntil, NOW + 40);
  });

  it("encrypted to a reader, and to nobody else", async () => {
    await done("recipient", at("judge"), "--insecure");
    await done("recipient", at("other"), "--insecure");
    const to = ["--recipient", at("judge/recipient.cbor"), "--status-list", at("list.cwt")];
    same((await exported("e.cbor", "--format", "bundle", ...to)).encrypted, true);
    const verify = ["verify", at("e.cbor"), "--anchor", at("anchor.cbor")];
    same((await vagus(...verify)).status, 2);
    same((await done(...verify, "--key", at("judge/recipient.key"))).tokens, 102);
    await refused("cose/decrypt", ...verify, "--key", at("other/recipient.key"));
  });

  it("without a status list there is no bundle, and no file, and the error says how to have one", async () => {
    const args = ["export", at("device"), "--format", "bundle", "--out", at("n.cbor")];
    await refused("cwt/status", ...args, "--programmer", at("alice"));
    const { stderr } = await vagus(...args, "--programmer", at("alice"));
    ok(/vagus status-list --authority FOLDER; then --status-list FILE/.test(stderr), stderr);
    same((await vagus("verify", at("n.cbor"), "--anchor", at("anchor.cbor"))).status, 1);
  });

  it("EDF and WFDB of the folder are hearts again, sample for sample; --from and --to take whole readings", async () => {
    await exported("h.edf", "--format", "edf");
    await exported("h", "--format", "wfdb");
    const [edf, wfdb] = [openHeart(at("h.edf")), openHeart(at("h.hea"))];
    same(edf.length, 1000);
    deep(edf.read(0, 1000), wfdb.read(0, 1000));
    const part = await exported("p.csv", "--format", "csv", "--from", "1", "--to", "1.01");
    deep([part.readings, part.samples], [1, 10]);
    ok(fileReader(at("p.csv")).length > 100);
  });

  it("nothing is written over, and nothing of a recording that is not good", async () => {
    const args = ["export", at("device"), "--format", "edf", "--out"];
    await refused("host/export", ...args, at("h.edf"));
    await exported("h.edf", "--format", "edf", "--force");
    const stream = at("device/ecg.cborseq");
    const good = readFileSync(stream);
    const bad = Buffer.from(good);
    bad[good.length >> 1]! ^= 1;
    writeFileSync(stream, bad);
    const { status, stderr } = await vagus(...args, at("bad.edf"));
    ok(status === 1 && /ecg\.cborseq, token \d+ \(byte \d+\)/.test(stderr), stderr);
    same((await vagus("verify", at("bad.edf"), "--anchor", at("anchor.cbor"))).status, 1);
    writeFileSync(stream, good);
    truncateSync(stream, good.length - 5);
    const torn = await vagus(...args, at("torn.edf"));
    ok(torn.status === 0 && torn.stderr.includes("of a token that is not whole: left out"), torn.stderr);
    writeFileSync(stream, good);
  });

  for (const [what, args] of [
    ["no format", []],
    ["another format", ["--format", "gif"]],
    ["a part of a bundle", ["--format", "bundle", "--from", "1"]],
    ["a time that is none", ["--format", "csv", "--from", "x"]],
  ] as const)
    it(`${what} is wrong usage`, async () => {
      same((await vagus("export", at("device"), "--out", at("x"), ...args)).status, 2);
    });
});
