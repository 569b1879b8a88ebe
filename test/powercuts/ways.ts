/** The ways in which a program or an erase is half done when the power goes. Each is a choice of the bits that change. */
import type { Random } from "../fuzz/random.js";
import { type Call, type Image, replaced } from "./nor.js";

/** Which bits of byte `i` of `length` have changed: a mask. */
type Done = (i: number, length: number, random: Random) => number;

export interface Way {
  readonly name: string;
  readonly done: Done;
  /** One of the few that stand for their kind, where there is no time for all. */
  readonly plain?: boolean;
  /** The chip clears every bit before it sets them: what is not done is 0. */
  readonly cleared?: boolean;
}

const first = (bytes: number): Way => ({
  name: `the first ${bytes} bytes`,
  done: (i) => (i < bytes ? 0xff : 0),
});
const last = (bytes: number): Way => ({
  name: `the last ${bytes} bytes`,
  done: (i, length) => (i >= length - bytes ? 0xff : 0),
});
/** Words before `word` done, and of its bits some. */
const torn = (word: number): Way => ({
  name: `word ${word} torn`,
  done: (i, _, random) => (i >> 2 < word ? 0xff : i >> 2 === word ? random.next(256) : 0),
});
/** Bits in no order: `eighths` of 8 are done. */
const scattered = (eighths: number): Way => ({
  name: `${eighths} eighths of the bits`,
  done: (_i, _length, random) => {
    let mask = 0;
    for (let bit = 0; bit < 8; bit++) if (random.next(8) < eighths) mask |= 1 << bit;
    return mask;
  },
});
const bit = (at: number, inverted: boolean): Way => ({
  name: `${inverted ? "all but" : "only"} bit ${at}`,
  done: (i) => (i === at >> 3 ? 1 << (at & 7) : 0) ^ (inverted ? 0xff : 0),
});
const NOTHING: Way = { name: "not done", done: () => 0, plain: true };
const ALL: Way = { name: "done, and then the power went", done: () => 0xff, plain: true };
const EVEN: Way = { name: "every other bit", done: () => 0x55 };
const cleared = (way: Way): Way => ({ ...way, name: `all bits cleared, then ${way.name}`, cleared: true });
const plain = (way: Way): Way => ({ ...way, plain: true });

function programWays(length: number): Way[] {
  const words = length >> 2;
  const borders = [1, 2, 3, 4, 8, 10, 12, 14, 16, 17, 20, words * 2, length - 4, length - 1];
  const tearing = [0, 1, 2, 3, 4, words >> 1, words - 1];
  return [
    NOTHING,
    ALL,
    ...borders.map((bytes) => (bytes === 12 || bytes === length - 4 ? plain(first(bytes)) : first(bytes))),
    ...[1, 4, 16, words * 2, length - 4, length - 1].map(last),
    ...tearing.map(torn),
    ...[1, 3, 5, 7].flatMap((eighths) => [scattered(eighths), scattered(eighths)]),
    plain(scattered(4)),
    EVEN,
    ...[0, 7, length * 4, length * 8 - 1].flatMap((at) => [bit(at, false), bit(at, true)]),
  ];
}

function eraseWays(length: number): Way[] {
  return [
    NOTHING,
    ALL,
    plain(first(length / 2)),
    last(length / 2),
    ...[1, 2, 4, 16, 256, length - 16, length - 1].map(first),
    ...[4, 256, length - 16, length - 2].map(last),
    ...[0, 1, 3].map(torn),
    ...[1, 2, 6, 7].map(scattered),
    ...[plain(scattered(4)), scattered(4), EVEN],
    ...[0, 15, 100, length * 8 - 1].flatMap((at) => [bit(at, false), bit(at, true)]),
    ...[NOTHING, first(length / 2), last(length / 2), first(2), last(length - 2), bit(0, true)].map(cleared),
    ...[1, 2, 3, 4, 5, 6, 7].map(scattered).map(cleared),
    plain(cleared(scattered(4))),
  ];
}

/** What the chip may hold when the power goes in the middle of a call, each content once. */
export function* halfDone({ kind, image, sector, at, target }: Call, random: Random, plainOnly: boolean) {
  const { length } = target;
  const before = image[sector]!.subarray(at, at + length);
  const seen: Uint8Array[] = [];
  for (const { name, done, plain, cleared } of kind === "program" ? programWays(length) : eraseWays(length)) {
    if (plainOnly && !plain) continue;
    const now = before.slice();
    for (let i = 0; i < length; i++) {
      const from = cleared ? 0 : before[i]!;
      const change = from ^ target[i]!;
      now[i] = change === 0 ? from : from ^ (change & done(i, length, random));
    }
    if (seen.some((other) => same(other, now))) continue;
    seen.push(now);
    const after: Image = image.map((bytes, i) => (i === sector ? replaced(bytes, at, now) : bytes));
    yield { name, image: after };
  }
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
