/** Items that hold no others, in diagnostic notation (RFC 8949 section 8). */
import { type Item, MAJOR, textOf } from "./item.js";

/** Longer strings are cut, unless all of it is asked for. */
export const SHOWN_BYTES = 256;

/** The encoding indicator (section 8.1) of an argument that takes more bytes than it needs. */
export function indicator(item: Item): string {
  return item.shortest ? "" : `_${item.info - 24}`;
}

export function scalar(item: Item, limit: number): string {
  const { argument, content } = item;
  switch (item.major) {
    case MAJOR.uint:
      return `${argument}${indicator(item)}`;
    case MAJOR.negative:
      return `${-1n - BigInt(argument)}${indicator(item)}`;
    case MAJOR.bytes:
      return `h'${cut(hex(content!.subarray(0, limit)), content!.length, limit)}'${indicator(item)}`;
    case MAJOR.text:
      return `"${cut(printable(textOf(content!.subarray(0, limit))), content!.length, limit)}"${indicator(item)}`;
    default:
      return item.float === undefined ? simple(Number(argument)) : `${real(item.float)}${indicator(item)}`;
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex");
}

function cut(shown: string, length: number, limit: number): string {
  return length > limit ? `${shown}…` : shown;
}

function simple(value: number): string {
  return ["false", "true", "null", "undefined"][value - 20] ?? `simple(${value})`;
}

function real(value: number): string {
  if (Object.is(value, -0)) return "-0.0";
  const text = `${value}`;
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

/** As in JSON, and what could steer a terminal or turn the direction of writing is escaped too. */
export function printable(text: string): string {
  return JSON.stringify(text)
    .slice(1, -1)
    .replace(
      /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb]/g,
      (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
}
