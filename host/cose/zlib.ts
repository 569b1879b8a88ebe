/** zlib for status lists, from Node. */
import { constants, deflateSync, inflateSync } from "node:zlib";
import type { Zlib } from "../../modules/cwt/index.js";

export const nodeZlib: Zlib = {
  /** A sparse list is runs of zeros and little else: coding it as runs may beat looking for matches. */
  deflate: (bytes) => {
    const matched = deflateSync(bytes, { level: 9 });
    const runs = deflateSync(bytes, { level: 9, strategy: constants.Z_RLE });
    return new Uint8Array(runs.length < matched.length ? runs : matched);
  },
  inflate: (bytes, maxSize) => new Uint8Array(inflateSync(bytes, { maxOutputLength: maxSize })),
};
