/** Signals that try a codec, the same on every engine, and digests that say so. */
import { Random } from "../../../modules/cardiac/exact.js";

/** FNV-1a, 32 bits (draft-eastlake-fnv), over bytes or over samples as little-endian pairs of bytes. */
export function fnv1a(data: Uint8Array | Int16Array): string {
  let hash = 0x811c9dc5 | 0;
  const add = (byte: number) => {
    hash = Math.imul(hash ^ byte, 0x01000193);
  };
  for (const value of data) {
    add(value & 0xff);
    if (data instanceof Int16Array) add((value >> 8) & 0xff);
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}

export function noise(seed: number, count: number, bits: number): Int16Array {
  const random = new Random(seed);
  return Int16Array.from({ length: count }, () => random.next() >> (32 - bits));
}

const from = (count: number, at: (index: number) => number) =>
  Int16Array.from({ length: count }, (_, i) => at(i));
const spikes = from(360, (i) => (i % 24 === 7 ? (i % 48 === 7 ? 32767 : -32768) : 3));

/** Name, channels, and what the encoder makes of them: bytes and their FNV-1a. */
export const SHAPES: readonly (readonly [string, Int16Array[], number, string])[] = [
  ["one sample", [Int16Array.of(-32768)], 4, "4a58c095"],
  ["one sample of eight channels", Array.from({ length: 8 }, (_, i) => Int16Array.of(i - 4)), 18, "95e36eb1"],
  ["two samples, full swing", [Int16Array.of(-32768, 32767)], 6, "ff29dd43"],
  ["silence", [new Int16Array(4096)], 27, "f2a24b01"],
  ["a constant", [from(360, () => -20_000)], 8, "a983444c"],
  ["a step", [from(360, (i) => (i < 180 ? -32768 : 32767))], 11, "6e654da3"],
  ["a ramp", [from(360, (i) => 90 * i - 16_000)], 22, "ea0e9b18"],
  ["a ramp that wraps around", [from(4096, (i) => (i * 977) & 0xffff)], 6170, "baa5fa4b"],
  ["a parabola", [from(360, (i) => ((i - 180) * (i - 180)) >> 1)], 151, "ed02bfa9"],
  ["extremes, alternating", [from(360, (i) => (i % 2 ? 32767 : -32768))], 722, "b11bd293"],
  ["extremes, in threes", [from(360, (i) => (i % 3 ? 32767 : -32768))], 172, "2aa592bb"],
  ["a spike in each group", [spikes], 648, "0fb096ce"],
  ["a spike after silence", [from(51, (i) => (i === 30 ? 32767 : 0))], 56, "8d5f000d"],
  ["noise of 4 bits", [noise(1, 360, 4)], 210, "974a8806"],
  ["noise of 11 bits", [noise(2, 360, 11)], 520, "59e0d54e"],
  ["noise of 16 bits", [noise(3, 4096, 16)], 8194, "e539ad96"],
  [
    "three channels, one of noise",
    [from(100, (i) => i), noise(4, 100, 16), new Int16Array(100)],
    267,
    "4d565c24",
  ],
  ["groups' edges: 24 after the first", [from(25, (i) => i * i)], 9, "75c35a6c"],
  ["groups' edges: 25 after the first", [from(26, (i) => i * i)], 10, "7aaaae94"],
];
