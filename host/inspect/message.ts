/** Which COSE message an item is: by its tag, or by its shape where it has none. */
import { entry, type Item, integerOf, labelOf, MAJOR, untag } from "./item.js";
import { MAC_ALGORITHMS } from "./names.js";

export type MessageKind =
  | "COSE_Encrypt0"
  | "COSE_Mac0"
  | "COSE_Sign1"
  | "COSE_Encrypt"
  | "COSE_Mac"
  | "COSE_Sign";

const KIND_OF_TAG = new Map<number, MessageKind>([
  [16, "COSE_Encrypt0"],
  [17, "COSE_Mac0"],
  [18, "COSE_Sign1"],
  [96, "COSE_Encrypt"],
  [97, "COSE_Mac"],
  [98, "COSE_Sign"],
]);

/** Names of the parts in the order of the array (RFC 9052 sections 4 to 6). */
export const PARTS: Record<MessageKind, readonly string[]> = {
  COSE_Encrypt0: ["protected", "unprotected", "ciphertext"],
  COSE_Mac0: ["protected", "unprotected", "payload", "tag"],
  COSE_Sign1: ["protected", "unprotected", "payload", "signature"],
  COSE_Encrypt: ["protected", "unprotected", "ciphertext", "recipients"],
  COSE_Mac: ["protected", "unprotected", "payload", "tag", "recipients"],
  COSE_Sign: ["protected", "unprotected", "payload", "signatures"],
};

export interface Message {
  readonly kind: MessageKind;
  /** The array. */
  readonly item: Item;
  /** Whether a tag said so. */
  readonly tagged: boolean;
  /** Whether it has the shape that its kind asks for. */
  readonly good: boolean;
}

/** What a bstr holds, if it is CBOR. */
export type Unfold = (item: Item) => Item | undefined;

export function messageOf(item: Item, unfold: Unfold): Message | undefined {
  const { inner, tags } = untag(item);
  const tagged = KIND_OF_TAG.get(tags[tags.length - 1]);
  const shape = shapeOf(inner);
  if (tagged !== undefined) return { kind: tagged, item: inner, tagged: true, good: fits(tagged, shape) };
  const kind = kindOf(shape, algorithmOf(inner, unfold));
  return kind && { kind, item: inner, tagged: false, good: true };
}

/** A letter for each part: b bytes, m map, n null, a array, - anything else. */
function shapeOf(item: Item): string {
  if (item.major !== MAJOR.array || item.items.length > 5) return "";
  return item.items.map(letter).join("");
}

function letter(item: Item): string {
  if (item.major === MAJOR.bytes) return "b";
  if (item.major === MAJOR.map) return "m";
  if (item.major === MAJOR.array) return "a";
  return item.major === MAJOR.simple && item.info === 22 ? "n" : "-";
}

const SHAPES: Record<MessageKind, RegExp> = {
  COSE_Encrypt0: /^bm[bn]$/,
  COSE_Mac0: /^bm[bn]b$/,
  COSE_Sign1: /^bm[bn]b$/,
  COSE_Encrypt: /^bm[bn]a$/,
  COSE_Mac: /^bm[bn]ba$/,
  COSE_Sign: /^bm[bn]a$/,
};

function fits(kind: MessageKind, shape: string): boolean {
  return SHAPES[kind].test(shape);
}

function kindOf(shape: string, alg: number | string | undefined): MessageKind | undefined {
  if (fits("COSE_Encrypt0", shape)) return "COSE_Encrypt0";
  if (fits("COSE_Mac", shape)) return "COSE_Mac";
  if (fits("COSE_Sign1", shape))
    return typeof alg === "number" && MAC_ALGORITHMS.includes(alg) ? "COSE_Mac0" : "COSE_Sign1";
  if (fits("COSE_Sign", shape)) return typeof alg === "number" && alg > 0 ? "COSE_Encrypt" : "COSE_Sign";
  return undefined;
}

/** A parameter of a message from whichever bucket has it. */
export function parameter(message: Item, label: number, unfold: Unfold): Item | undefined {
  const [first, second] = message.items;
  const bucket = first?.major === MAJOR.bytes ? unfold(first) : undefined;
  return entry(bucket, label) ?? entry(second, label);
}

export function algorithmOf(message: Item, unfold: Unfold): number | string | undefined {
  if (message.major !== MAJOR.array) return undefined;
  return labelOf(parameter(message, 1, unfold));
}

/** Does a map look like a COSE_Key: a kty among the known ones, and nothing but labels? */
export function isCoseKey(item: Item): boolean {
  const kty = integerOf(entry(item, 1));
  return (
    kty !== undefined &&
    kty >= 1 &&
    kty <= 6 &&
    (entry(item, -1) !== undefined || entry(item, -2) !== undefined)
  );
}
