import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodeFiles } from "../../../host/store/files.js";
import { SequenceFile } from "../../../host/store/sequence-file.js";
import { concat } from "../../../modules/bytes/index.js";
import { encode } from "../../../modules/cbor/index.js";
import { deep, ok, same, throws } from "../../support/assert.js";
import { MemoryFiles } from "./memory-files.js";

/** Items as tokens are: arrays of four, of different lengths. */
const items = [0, 1, 30, 300, 5].map((length, n) =>
  encode([new Uint8Array(length).fill(n), new Map(), n, "s"]),
);
const whole = concat(...items);
const ends = items.map((_, n) => concat(...items.slice(0, n + 1)).length);
const PATH = "a.cborseq";

function lying(content: Uint8Array): MemoryFiles {
  const files = new MemoryFiles();
  files.content.set(PATH, content);
  return files;
}

describe("A growing file of tokens (RFC 8742)", () => {
  it("cut at any byte: what was whole stays, the rest is cut off and said, and it is gone on with", () => {
    for (let cut = 0; cut <= whole.length; cut++) {
      const files = lying(whole.slice(0, cut));
      const sequence = SequenceFile.open(files, PATH);
      const left = ends.filter((end) => end <= cut).length;
      deep([sequence.length, sequence.torn], [left, cut - (ends[left - 1] ?? 0)], `cut at ${cut}`);
      for (const item of items.slice(left)) sequence.append(item);
      deep(files.content.get(PATH), whole, `cut at ${cut}`);
      deep(sequence.at(4), items[4]);
    }
  });

  it("what a file system may put behind a cut (zeros, old bytes) is no token", () => {
    for (const junk of [
      new Uint8Array(4096),
      new Uint8Array(100_000),
      new Uint8Array(100).fill(0xff),
      Uint8Array.of(0x84, 0xff),
    ]) {
      const sequence = SequenceFile.open(lying(concat(whole, junk)), PATH);
      deep([sequence.length, sequence.torn], [5, junk.length]);
    }
  });

  it("more than a cut can leave behind is damage: refused where it is, and nothing is cut off", () => {
    const damaged = concat(items[0]!, new Uint8Array(10_000).fill(1));
    const files = lying(damaged);
    throws("host/store", () => SequenceFile.open(files, PATH));
    deep(files.content.get(PATH), damaged);
  });

  it("any bit of a token turned, with whole tokens behind it, is damage: nothing is cut off", () => {
    const signed = Array.from({ length: 6 }, (_, n) =>
      encode([new Uint8Array(5), new Map(), new Uint8Array(50 + n), new Uint8Array(64).fill(n)]),
    );
    const good = concat(...signed);
    const start = signed[0]!.length;
    let refused = 0;
    for (let bit = 0; bit < 8 * signed[1]!.length; bit++) {
      const damaged = good.slice();
      damaged[start + (bit >> 3)]! ^= 1 << (bit & 7);
      const files = lying(damaged);
      try {
        same(SequenceFile.open(files, PATH).torn, 0, `bit ${bit}`);
      } catch {
        refused++;
      }
      deep(files.content.get(PATH), damaged, `bit ${bit}`);
    }
    ok(refused > 20, `${refused} refused`); // the others are still tokens, and are found out by their signatures
  });

  it("the room ends at any byte: nothing of that token is there, and it goes on when there is room", () => {
    for (let room = 0; room < whole.length; room++) {
      const files = new MemoryFiles();
      const sequence = SequenceFile.open(files, PATH);
      files.room = room;
      let kept = 0;
      throws("host/store", () => {
        for (const item of items) {
          sequence.append(item);
          kept++;
        }
      });
      same(kept, ends.filter((end) => end <= room).length);
      deep([sequence.length, sequence.bytes], [kept, ends[kept - 1] ?? 0]);
      throws("host/store", () => sequence.append(items[kept]!));
      const later = SequenceFile.open(files.restarted(), PATH);
      deep([later.length, later.bytes], [kept, ends[kept - 1] ?? 0]);
      files.room = Number.POSITIVE_INFINITY;
      for (const item of items.slice(kept)) sequence.append(item);
      deep(files.content.get(PATH), whole);
    }
  });

  it("closed after a failure: half a token is not left behind", () => {
    const files = new MemoryFiles();
    const sequence = SequenceFile.open(files, PATH);
    files.room = 3;
    throws("host/store", () => sequence.append(items[3]!));
    files.room = 0;
    sequence.close();
    deep(files.content.get(PATH), new Uint8Array(0));
  });

  it("somebody else has written: refused, and theirs is left alone", () => {
    const files = new MemoryFiles();
    const [one, other] = [SequenceFile.open(files, PATH), SequenceFile.open(files, PATH)];
    other.append(items[0]!);
    throws("host/store", () => one.append(items[1]!));
    deep(files.content.get(PATH), items[0]);
  });

  it("on a disk: made for its owner alone, gone on with, cut by a truncation", () => {
    const folder = mkdtempSync(join(tmpdir(), "vagus-store-"));
    const path = join(folder, PATH);
    const first = SequenceFile.open(nodeFiles, path);
    for (const item of items.slice(0, 3)) first.append(item);
    first.sync();
    first.close();
    first.close();
    same(statSync(path).mode & 0o777, 0o600);
    writeFileSync(path, concat(new Uint8Array(readFileSync(path)), items[3]!.slice(0, 100)));
    const second = SequenceFile.open(nodeFiles, path);
    deep([second.length, second.torn], [3, 100]);
    for (const item of items.slice(3)) second.append(item);
    second.close();
    deep(new Uint8Array(readFileSync(path)), whole);
    ok(SequenceFile.open(nodeFiles, path).torn === 0);
    throws("host/store", () => SequenceFile.open(nodeFiles, folder));
    rmSync(folder, { recursive: true });
  });
});
