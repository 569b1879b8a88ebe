import { type Item, MAJOR } from "./item.js";
import { Problems } from "./problem.js";
import type { Reader } from "./reader.js";

/** What byte strings hold, read once; offsets are the input's. */
export class Unfolding {
  readonly #reader: Reader;
  readonly #problems: Problems;
  readonly #read = new Map<Item, { inner: Item; own: Problems }>();
  readonly #shown = new Set<Item>();

  /** @param problems where those of items that are shown go */
  constructor(reader: Reader, problems: Problems) {
    this.#reader = reader;
    this.#problems = problems;
  }

  /** The item in a byte string, if that holds exactly one. */
  readonly peek = (item: Item): Item | undefined => {
    const found = this.#open(item);
    return found !== undefined && found.own.count.malformed === 0 ? found.inner : undefined;
  };

  /**
   * The item to be shown in place of a byte string. One that `may` hold CBOR has to hold a map, an array or a tag, as other
   * bytes look like a number or a string too easily; in one that `must`, whatever is wrong is a problem.
   */
  show(item: Item, mode: "must" | "may"): Item | undefined {
    const found = this.#open(item);
    if (found === undefined) return undefined;
    const whole = found.own.count.malformed === 0 || !item.complete;
    const likely = whole && found.inner.major >= MAJOR.array && found.inner.major <= MAJOR.tag;
    if (mode === "may" && !likely) return undefined;
    if (!this.#shown.has(item) && item.complete) this.#problems.merge(found.own);
    this.#shown.add(item);
    return found.inner.end > found.inner.at ? found.inner : undefined;
  }

  #open(item: Item): { inner: Item; own: Problems } | undefined {
    const known = this.#read.get(item);
    if (known !== undefined || item.content === undefined) return known;
    const own = new Problems();
    const start = item.end - item.content.length;
    const inner = this.#reader.item(own, start, item.end);
    if (inner.complete && inner.end < item.end)
      own.add("malformed", "cbor/trailing", inner.end, "expected nothing after the item in this byte string");
    const found = { inner, own };
    this.#read.set(item, found);
    return found;
  }
}
