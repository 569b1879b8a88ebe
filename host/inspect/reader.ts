/**
 * A reader of any CBOR for display: it goes on where the strict pass of modules/cbor stops, notes what is wrong at which
 * byte, and keeps what it has read before the input ends. Depth and number of items are limited; lengths that are claimed
 * allocate nothing.
 */
import { isShortestFloat } from "../../modules/cbor/float.js";
import { findBadUtf8 } from "../../modules/cbor/utf8.js";
import type { ErrorCode } from "../../modules/error/index.js";
import { type Item, MAJOR } from "./item.js";
import { keyOrder } from "./key-order.js";
import type { Problems } from "./problem.js";

/** Arrays, maps, tags and CBOR inside byte strings within one another. */
const MAX_LEVELS = 64;
/** Items in all. */
const MAX_ITEMS = 100_000;
/** The smallest argument that may take 1, 2, 4, 8 bytes. */
const SHORTEST = [24, 0x100, 0x10000, 0x100000000];

/** Reads items of one input; the budget of items holds for all of them. */
export class Reader {
  readonly bytes: Uint8Array;
  #left = MAX_ITEMS;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** The item from `from` on. What is wrong with it goes into `problems`; with something malformed, reading ends there. */
  item(problems: Problems, from = 0, end = this.bytes.length, level = 0): Item {
    return new Pass(this, problems, end).item(from, level);
  }

  /** @returns whether there is still an item in the budget */
  take(): boolean {
    return --this.#left >= 0;
  }
}

interface Head {
  readonly info: number;
  readonly argument: number | bigint;
  readonly shortest: boolean;
  readonly next: number;
}

class Pass {
  readonly #reader: Reader;
  readonly #bytes: Uint8Array;
  readonly #problems: Problems;
  readonly #end: number;
  #stopped = false;

  constructor(reader: Reader, problems: Problems, end: number) {
    this.#reader = reader;
    this.#bytes = reader.bytes;
    this.#problems = problems;
    this.#end = end;
  }

  item(at: number, level: number): Item {
    const major = at < this.#end ? this.#bytes[at] >> 5 : MAJOR.simple;
    const head = this.#head(at);
    if (head === undefined) return broken(at, major, this.#end);
    const { info, argument, shortest, next } = head;
    const whole = { at, end: next, major, info, argument, shortest, items: [], complete: true };
    if (major === MAJOR.uint || major === MAJOR.negative) return whole;
    if (major === MAJOR.simple) return this.#simple(whole);
    if (major === MAJOR.bytes || major === MAJOR.text) {
      return info === 31 ? this.#children(whole, Number.POSITIVE_INFINITY, level) : this.#string(whole);
    }
    if (level >= MAX_LEVELS) return this.#stop(whole, "cbor/too-deep", at, `at most ${MAX_LEVELS} levels`);
    if (major === MAJOR.tag) return this.#children(whole, 1, level);
    const count = info === 31 ? Number.POSITIVE_INFINITY : Number(argument) * (major === MAJOR.map ? 2 : 1);
    return this.#children(whole, count, level);
  }

  // 765 43210
  // mmm iiiii [argument: 1, 2, 4, 8 bytes where i is 24, 25, 26, 27]
  #head(at: number): Head | undefined {
    if (at >= this.#end) return this.#fail("cbor/truncated", at, "expected an item, and the input ends");
    if (!this.#reader.take())
      return this.#fail("cbor/too-large", at, `expected at most ${MAX_ITEMS} items, came more`);
    const initial = this.#bytes[at];
    const info = initial & 31;
    const major = initial >> 5;
    if (info < 24) return { info, argument: info, shortest: true, next: at + 1 };
    if (info > 27) {
      if (info < 31)
        return this.#fail("cbor/reserved", at, `additional information ${info} has no meaning yet`);
      if (major < 2 || major === 6)
        return this.#fail("cbor/indefinite", at, "an integer or tag has no indefinite length");
      if (major === 7) return this.#fail("cbor/indefinite", at, "a break outside an indefinite length");
      this.#problems.add("encoding", "cbor/indefinite", at, "expected a definite length");
      return { info, argument: 0, shortest: true, next: at + 1 };
    }
    const width = 1 << (info - 24);
    if (width > this.#end - at - 1) {
      return this.#fail(
        "cbor/truncated",
        at + 1,
        `expected an argument of ${width} bytes, and the input ends`,
      );
    }
    let wide = 0n;
    for (let i = 1; i <= width; i++) wide = (wide << 8n) | BigInt(this.#bytes[at + i]);
    const argument = wide <= Number.MAX_SAFE_INTEGER ? Number(wide) : wide;
    const shortest = major === 7 || argument >= SHORTEST[info - 24];
    if (!shortest)
      this.#problems.add(
        "encoding",
        "cbor/not-shortest",
        at,
        `${argument} in an argument of ${width} byte${width === 1 ? "" : "s"}`,
      );
    return { info, argument, shortest, next: at + 1 + width };
  }

  #string(item: Item): Item {
    const length = Number(item.argument);
    const room = this.#end - item.end;
    const start = item.end;
    const content = this.#bytes.subarray(start, start + Math.min(length, room));
    const whole = { ...item, content, end: start + content.length };
    if (length > room) {
      return this.#stop(
        whole,
        "cbor/truncated",
        start,
        `expected a string of ${item.argument} bytes, and ${room} are left`,
      );
    }
    if (item.major === MAJOR.text) this.#text(start, whole.end);
    return whole;
  }

  #text(start: number, end: number): void {
    const bad = findBadUtf8(this.#bytes, start, end);
    if (bad < 0) return;
    const mark = bad === start && findBadUtf8(this.#bytes, start + 3, end) < 0 && this.#bytes[start] === 0xef;
    if (mark) this.#problems.add("encoding", "cbor/utf8", bad, "a byte order mark, which readers may drop");
    else this.#problems.add("invalid", "cbor/utf8", bad, "expected UTF-8");
  }

  #simple(item: Item): Item {
    const { at, info } = item;
    if (info === 24 && Number(item.argument) < 32)
      return this.#stop(item, "cbor/reserved", at, `simple value ${item.argument} in 2 bytes`);
    if (info < 25) return item;
    const size = 1 << (info - 24);
    const shortest = isShortestFloat(this.#bytes, at + 1, size);
    if (!shortest)
      this.#problems.add(
        "encoding",
        "cbor/not-shortest",
        at,
        "a floating-point number that fits in fewer bytes",
      );
    return { ...item, shortest, float: float(this.#bytes, at + 1, size) };
  }

  /** Items up to `count`, or up to a break where that is infinite. */
  #children(item: Item, count: number, level: number): Item {
    const { major, items } = item;
    const indefinite = item.info === 31;
    const room = this.#end - item.end;
    if (!indefinite && count > room)
      this.#fail("cbor/truncated", item.end, `expected ${counted(item)}, and ${room} bytes are left`);
    const order = major === MAJOR.map ? keyOrder(this.#bytes, this.#problems) : undefined;
    while (items.length < count && !(this.#stopped && item.end >= this.#end)) {
      if (indefinite && item.end < this.#end && this.#bytes[item.end] === 0xff) {
        if (major === MAJOR.map && items.length % 2 === 1)
          return this.#stop(
            item,
            "cbor/truncated",
            item.end,
            "expected a value for the last key, came a break",
          );
        item.end++;
        return item;
      }
      if (major < MAJOR.array && !this.#isChunk(item)) return item;
      const child = this.item(item.end, level + 1);
      if (child.end > child.at) items.push(child);
      item.end = child.end;
      if (!child.complete) {
        item.complete = false;
        return item;
      }
      if (order !== undefined && items.length % 2 === 1) order(child);
    }
    item.complete = items.length === count;
    return item;
  }

  /** The chunks of a string are strings of the same type and of definite length (section 3.2.3). */
  #isChunk(item: Item): boolean {
    if (item.end >= this.#end) return true;
    const initial = this.#bytes[item.end];
    if (initial >> 5 === item.major && (initial & 31) !== 31) return true;
    this.#stop(item, "cbor/type", item.end, "expected a chunk of the same type and of definite length");
    return false;
  }

  #stop(item: Item, code: ErrorCode, at: number, message: string): Item {
    this.#fail(code, at, message);
    item.complete = false;
    return item;
  }

  /** Notes what ends the reading; only the first such thing is of interest. */
  #fail(code: ErrorCode, at: number, message: string): undefined {
    if (!this.#stopped) this.#problems.add("malformed", code, at, message);
    this.#stopped = true;
    return undefined;
  }
}

function counted({ major, argument }: Item): string {
  if (major === MAJOR.tag) return "an item";
  return `${argument} ${major === MAJOR.map ? "pairs of items" : "items"}`;
}

function broken(at: number, major: number, end: number): Item {
  const stop = Math.min(at, end);
  return { at: stop, end: stop, major, info: 0, argument: 0, shortest: true, items: [], complete: false };
}

function float(bytes: Uint8Array, at: number, size: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, size);
  if (size === 4) return view.getFloat32(0);
  if (size === 8) return view.getFloat64(0);
  const bits = view.getUint16(0);
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 0x3ff;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}
