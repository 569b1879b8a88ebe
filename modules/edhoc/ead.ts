/**
 * External authorization data (RFC 9528 section 3.8): items at the end of every message.
 *
 *   EAD_x = 1* ( ead_label : int, ? ead_value : bstr )
 *
 * A negative label makes an item critical; label 0 is padding.
 */
import { concat } from "../bytes/index.js";
import { decode, encode } from "../cbor/index.js";
import { asInt } from "../cbor/shape.js";
import { VagusError } from "../error/index.js";
import { bytesIn, isBytes, isInt, malformed } from "./items.js";

export const PADDING = 0;
const LABEL_MAX = 65535;

export interface EadItem {
  /** |ead_label|, 1 to 65535; 0 is padding. */
  readonly label: number;
  /** The receiver has to understand it or give up. */
  readonly critical?: boolean;
  readonly value?: Uint8Array;
}

/** @throws VagusError `edhoc/malformed` for a label that is none, and for critical padding */
export function encodeEad(items: readonly EadItem[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const { label, critical, value } of items) {
    if (!Number.isInteger(label) || label < 0 || label > LABEL_MAX) {
      throw malformed(`ead_label: expected 0 to ${LABEL_MAX}, came ${label}`);
    }
    if (critical && label === PADDING) throw malformed("ead_label: expected padding not to be critical");
    parts.push(encode(critical ? -label : label));
    if (value !== undefined) parts.push(encode(value));
  }
  return concat(...parts);
}

/**
 * The items that the application understands. Padding and other non-critical items are dropped.
 * @param items of the sequence, from the first label on
 * @throws VagusError `edhoc/critical-ead`, `edhoc/malformed`
 */
export function readEad(items: readonly Uint8Array[], understood: readonly number[]): EadItem[] {
  const found: EadItem[] = [];
  for (let at = 0; at < items.length; ) {
    const labelItem = items[at++];
    if (!isInt(labelItem)) throw malformed("ead_label: expected an integer, came something else");
    const signed = asInt(decode(labelItem), "edhoc/malformed", "ead_label", -LABEL_MAX, LABEL_MAX);
    const value = isBytes(items[at]) ? bytesIn(items[at++], "ead_value").slice() : undefined;
    const item = { label: Math.abs(signed), critical: signed < 0, ...(value && { value }) };
    if (item.label !== PADDING && understood.includes(item.label)) found.push(item);
    else if (item.critical) {
      throw new VagusError("edhoc/critical-ead", `expected no critical item ${item.label}`);
    }
  }
  return found;
}

/** Items of padding that add exactly `length` bytes to a message (section 3.8.1), random where they have a value. */
export function padding(length: number, random: (length: number) => Uint8Array): EadItem[] {
  const items: EadItem[] = [];
  for (let left = length; left > 0; ) {
    // label (1) + head of the value (1, 2 or 3) + value; lengths without such a split take one label more
    if (left === 1) return [...items, { label: PADDING }];
    const head = left - 2 < 24 ? 2 : left - 3 < 256 ? 3 : 4;
    const value = left - head;
    if ((head === 3 && value < 24) || (head === 4 && value < 256)) {
      items.push({ label: PADDING });
      left--;
    } else return [...items, { label: PADDING, value: random(value) }];
  }
  return items;
}
