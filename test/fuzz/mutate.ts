import { concat } from "../../modules/bytes/index.js";
import type { Random } from "./random.js";

/** Initial bytes and heads of CBOR at the edges of their ranges. */
const HEADS = [
  [0x00],
  [0x17],
  [0x18, 0x18],
  [0x18, 0x17],
  [0x19, 0xff, 0xff],
  [0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  [0x1b, 0x00, 0x20, 0, 0, 0, 0, 0, 0],
  [0x20],
  [0x3b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  [0x40],
  [0x5f],
  [0x5b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  [0x60],
  [0x63, 0xef, 0xbb, 0xbf],
  [0x7f],
  [0x80],
  [0x81],
  [0x9f],
  [0x9a, 0xff, 0xff, 0xff, 0xff],
  [0xa0],
  [0xa1],
  [0xbf],
  [0xbb, 0x80, 0, 0, 0, 0, 0, 0, 0],
  [0xc1],
  [0xd2],
  [0xd8, 0x3d],
  [0xd9, 0xd9, 0xf7],
  [0xf4],
  [0xf6],
  [0xf7],
  [0xf8, 0x20],
  [0xf9, 0x7e, 0x00],
  [0xfb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0],
  [0xff],
];

type Mutation = (bytes: Uint8Array, random: Random, pool: readonly Uint8Array[]) => Uint8Array;

function splice(bytes: Uint8Array, at: number, removed: number, inserted: Uint8Array): Uint8Array {
  return concat(bytes.subarray(0, at), inserted, bytes.subarray(Math.min(bytes.length, at + removed)));
}

const MUTATIONS: readonly Mutation[] = [
  (bytes, random) => set(bytes, random, (byte) => byte ^ (1 << random.next(8))),
  (bytes, random) => set(bytes, random, () => random.next(256)),
  (bytes, random) => set(bytes, random, (byte) => byte + random.pick([1, -1, 16, -16])),
  (bytes, random) => bytes.slice(0, random.next(bytes.length + 1)),
  (bytes, random) => splice(bytes, random.next(bytes.length + 1), 0, Uint8Array.from(random.pick(HEADS))),
  (bytes, random) => splice(bytes, random.next(bytes.length + 1), 1, Uint8Array.from(random.pick(HEADS))),
  (bytes, random) => splice(bytes, random.next(bytes.length + 1), 1 + random.next(8), new Uint8Array(0)),
  (bytes, random) => splice(bytes, random.next(bytes.length + 1), 0, random.bytes(1 + random.next(8))),
  (bytes, random) => {
    const from = random.next(bytes.length + 1);
    const part = bytes.subarray(from, from + 1 + random.next(32));
    return splice(bytes, random.next(bytes.length + 1), random.next(2) * part.length, part);
  },
  (bytes, random, pool) => {
    const other = random.pick(pool);
    return concat(
      bytes.subarray(0, random.next(bytes.length + 1)),
      other.subarray(random.next(other.length + 1)),
    );
  },
];

function set(bytes: Uint8Array, random: Random, change: (byte: number) => number): Uint8Array {
  const copy = bytes.slice();
  if (copy.length > 0) {
    const at = random.next(copy.length);
    copy[at] = change(copy[at]);
  }
  return copy;
}

/** One to four mutations of an input of the pool; now and then plain noise. */
export function mutate(pool: readonly Uint8Array[], random: Random, longest: number): Uint8Array {
  if (random.next(64) === 0) return random.bytes(random.next(200));
  let bytes = random.pick(pool);
  for (let times = 1 + random.next(4); times > 0; times--)
    bytes = random.pick(MUTATIONS)(bytes, random, pool);
  return bytes.slice(0, longest);
}
