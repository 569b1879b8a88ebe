import { compare, toHex } from "../../modules/bytes/index.js";
import { type Item, MAJOR } from "./item.js";
import type { Problems } from "./problem.js";

/** Takes the keys of a map one after the other: bytewise order (RFC 8949 section 4.2.1), and none twice (section 5.6). */
export function keyOrder(bytes: Uint8Array, problems: Problems): (key: Item) => void {
  const seen = new Set<string>();
  let last: Uint8Array | undefined;
  return (key) => {
    const encoded = bytes.subarray(key.at, key.end);
    const name = nameOf(key, encoded);
    const before = last;
    last = encoded;
    if (seen.has(name)) problems.add("invalid", "cbor/duplicate-key", key.at, "expected every map key once");
    else if (before !== undefined && compare(before, encoded) > 0)
      problems.add("encoding", "cbor/key-order", key.at, "expected map keys in bytewise order");
    seen.add(name);
  };
}

/** The same for equal keys, however they are encoded: integers and strings by value, others by their bytes. */
function nameOf(key: Item, encoded: Uint8Array): string {
  if (key.major <= MAJOR.negative) return `${key.major}:${key.argument}`;
  return key.content === undefined ? toHex(encoded) : `${key.major}:${toHex(key.content)}`;
}
