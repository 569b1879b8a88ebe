/** CBOR items as they stand in the bytes: every offset and every width is kept, whatever the encoding. */

export const MAJOR = {
  uint: 0,
  negative: 1,
  bytes: 2,
  text: 3,
  array: 4,
  map: 5,
  tag: 6,
  simple: 7,
} as const;

export interface Item {
  /** Offset of the initial byte in the input. */
  readonly at: number;
  /** Offset behind its last byte, or behind what there was of it. */
  end: number;
  readonly major: number;
  /** Additional information: the low five bits of the initial byte; 31 is an indefinite length. */
  readonly info: number;
  /** The head's argument; for floats their bits are in the bytes alone. */
  readonly argument: number | bigint;
  /** The argument takes no more bytes than it needs. */
  readonly shortest: boolean;
  /** Of strings of definite length: a view of the input. */
  readonly content?: Uint8Array;
  /** Of floating-point numbers. */
  readonly float?: number;
  /** Of arrays; of maps keys and values in turn; of tags one; of strings of indefinite length their chunks. */
  readonly items: Item[];
  /** False where the input ends, or cannot be read on, within it. */
  complete: boolean;
}

export function isIndefinite(item: Item): boolean {
  return item.info === 31;
}

/** A label, claim number or the like: an integer within ±(2^53 - 1), or text. */
export function labelOf(item: Item | undefined): number | string | undefined {
  if (item === undefined) return undefined;
  if (item.major === MAJOR.text && item.content !== undefined) return textOf(item.content);
  return integerOf(item);
}

export function integerOf(item: Item | undefined): number | undefined {
  if (item === undefined || typeof item.argument === "bigint") return undefined;
  if (item.major === MAJOR.uint) return item.argument;
  return item.major === MAJOR.negative ? -1 - item.argument : undefined;
}

/** The value of a label in a map, the first where it stands there twice. */
export function entry(map: Item | undefined, label: number | string): Item | undefined {
  if (map === undefined || map.major !== MAJOR.map) return undefined;
  for (let i = 0; i + 1 < map.items.length; i += 2) {
    if (labelOf(map.items[i]) === label) return map.items[i + 1];
  }
  return undefined;
}

export function textOf(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

/** The item inside all the tags, and their numbers from the outside in. */
export function untag(item: Item): { inner: Item; tags: number[] } {
  const tags: number[] = [];
  let inner = item;
  while (inner.major === MAJOR.tag && inner.items.length === 1) {
    tags.push(Number(inner.argument));
    inner = inner.items[0];
  }
  return { inner, tags };
}
