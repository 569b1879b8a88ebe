/**
 * Makes corpus.json again: mutations of valid messages, a few for each code that each decoder answers with. Findings of the
 * fuzzers are added by hand, under names that begin with "found"; they are kept.
 *
 *   node sim/build/bundle.mjs node test/modules/hostile/make.ts build/test/make-corpus.mjs && node build/test/make-corpus.mjs
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fromHex, toHex } from "../../../modules/bytes/index.js";
import { createPortableCrypto } from "../../../modules/crypto/portable/index.js";
import { decoders, outcome } from "./decoders.js";

const PATH = "test/corpus/corpus.json";
const PER_CODE = 4;

/** xorshift32: the same mutations each time. */
let state = 0x2545f491;
function random(below: number): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % below;
}

/** Messages with fresh keys in them differ from run to run: of those only what is refused before any key is kept. */
const FRESH = new Set(["label_1", "label_2", "label_3"]);
const AFTER_KEYS = new Set(["session/confirm", "taken"]);
const HOSTILE = [
  "",
  "00",
  "ff",
  "f6",
  "80",
  "a0",
  "9f",
  "5f",
  "bf",
  "7f",
  "1bffffffffffffffff",
  "5bffffffffffffffff",
];
HOSTILE.push(
  "9bffffffffffffffff",
  "bbffffffffffffffff",
  "81".repeat(60),
  "d2".repeat(30),
  "c1".repeat(40),
  "f97e00",
);

function* mutations(valid: Uint8Array): Generator<[string, Uint8Array]> {
  yield ["as it is", valid];
  for (let length = 0; length < valid.length; length += 1 + (valid.length >> 4)) {
    yield [`cut at ${length}`, valid.slice(0, length)];
  }
  for (let n = 0; n < 300; n++) {
    const bit = random(8 * valid.length);
    const flipped = valid.slice();
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    yield [`bit ${bit}`, flipped];
  }
  for (let n = 0; n < 100; n++) {
    const at = random(valid.length + 1);
    const value = random(256);
    yield [`${value} put in at ${at}`, Uint8Array.of(...valid.slice(0, at), value, ...valid.slice(at))];
    yield [`byte ${at} taken out`, Uint8Array.of(...valid.slice(0, at), ...valid.slice(at + 1))];
    const set = valid.slice();
    if (at < set.length) set[at] = value;
    yield [`byte ${at} is ${value}`, set];
  }
  yield ["twice", Uint8Array.of(...valid, ...valid)];
}

const crypto = createPortableCrypto();
const before = existsSync(PATH) ? (JSON.parse(readFileSync(PATH, "utf8")) as Record<string, string[][]>) : {};
const corpus: Record<string, string[][]> = {};
let count = 0;
for (const [name, decoder] of Object.entries(await decoders(crypto))) {
  const kept = (before[name] ?? []).filter(([it]) => it!.startsWith("found"));
  const perCode = new Map<string, number>();
  const keep = async (what: string, bytes: Uint8Array): Promise<void> => {
    const code = await outcome(decoder, bytes);
    const seen = perCode.get(code) ?? 0;
    if (seen >= PER_CODE || (FRESH.has(name) && AFTER_KEYS.has(code))) return;
    perCode.set(code, seen + 1);
    kept.push([what, toHex(bytes), code]);
  };
  for (const hex of HOSTILE) await keep(`hostile ${hex.slice(0, 20)}`, fromHex(hex));
  for (const valid of decoder.valid) for (const [what, bytes] of mutations(valid)) await keep(what, bytes);
  corpus[name] = kept;
  count += kept.length;
}
const lines = Object.entries(corpus).map(
  ([name, kept]) =>
    `  ${JSON.stringify(name)}: [\n${kept.map((it) => `    ${JSON.stringify(it)}`).join(",\n")}\n  ]`,
);
writeFileSync(PATH, `{\n${lines.join(",\n")}\n}\n`);
console.log(`${count} inputs for ${Object.keys(corpus).length} decoders`);
