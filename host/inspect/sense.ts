/** What an item means where it stands. A sense gives an item its comments, and its parts their names and senses. */
import { type Item, integerOf, labelOf, MAJOR, textOf } from "./item.js";
import type { Unfold } from "./message.js";
import type { Names } from "./names.js";

export interface Part {
  readonly name?: string | undefined;
  readonly sense?: Sense | undefined;
}

export interface Annotation {
  /** A comment before the item: what it is. */
  readonly label?: string | undefined;
  /** A comment behind it: what its value stands for. */
  readonly note?: string | undefined;
  /** Of the item at `index` of an array or tag, or of the value of `key` in a map. */
  readonly part?: ((index: number, key?: Item) => Part | undefined) | undefined;
  /** A byte string that holds CBOR: `must` makes anything else a problem. */
  readonly unfold?: "must" | "may" | undefined;
  /** The sense of what it holds. */
  readonly inside?: Sense | undefined;
}

export interface Context {
  readonly unfold: Unfold;
  /** Decode the blocks of readings; how many channels they have, as the last stream header said. */
  readonly samples: boolean;
  channels: number;
  /** Of the token that is looked at, as its cti says; without one, the ECG. */
  stream?: number | undefined;
}

export type Sense = (item: Item, context: Context) => Annotation | undefined;

/** A number that stands for a name. */
export function named(names: Names): Sense {
  return (item) => {
    const label = labelOf(item);
    return label === undefined ? undefined : { note: names.get(label) };
  };
}

/** An array of such numbers, or one of them. */
export function namedList(names: Names): Sense {
  return (item, context) =>
    item.major === MAJOR.array ? { part: () => ({ sense: named(names) }) } : named(names)(item, context);
}

/** A map of labels with names, some of which have a sense. */
export function labelled(names: Names, senses: Record<number, Sense>): Sense {
  return (item) => {
    if (item.major !== MAJOR.map) return undefined;
    return {
      part(_, key) {
        const label = labelOf(key);
        if (label === undefined) return undefined;
        return { name: names.get(label), sense: typeof label === "number" ? senses[label] : undefined };
      },
    };
  };
}

/** An array with a name for each place. */
export function fields(label: string, parts: readonly Part[]): Sense {
  return (item) => (item.major === MAJOR.array ? { label, part: (index) => parts[index] } : undefined);
}

/** NumericDate (RFC 8392 section 2): seconds since 1970. */
export const numericDate: Sense = (item) => {
  const seconds = item.float ?? integerOf(item);
  if (seconds === undefined || !(Math.abs(seconds) <= 253_402_300_799)) return undefined;
  return { note: new Date(seconds * 1000).toISOString().replace(".000Z", "Z") };
};

/** Bytes that are text, as `kid`s often are. */
export const perhapsText: Sense = (item) => {
  const { content } = item;
  if (content === undefined || content.length < 2 || content.length > 64) return undefined;
  return content.every((byte) => byte >= 0x20 && byte < 0x7f) ? { note: `'${textOf(content)}'` } : undefined;
};

/** Big-endian bytes as a number. */
export const counter: Sense = (item) => {
  const { content } = item;
  if (content === undefined || content.length === 0 || content.length > 6) return undefined;
  return { note: `${content.reduce((sum, byte) => sum * 256 + byte, 0)}` };
};
