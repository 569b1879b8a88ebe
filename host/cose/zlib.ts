/** zlib for status lists, from Node. */
import { deflateSync, inflateSync } from "node:zlib";
import type { Zlib } from "../../modules/cwt/index.js";

export const nodeZlib: Zlib = {
  deflate: (bytes) => new Uint8Array(deflateSync(bytes, { level: 9 })),
  inflate: (bytes, maxSize) => new Uint8Array(inflateSync(bytes, { maxOutputLength: maxSize })),
};
