/** CBOR (RFC 8949), strict and deterministic, and CBOR sequences (RFC 8742). */
export { check, decode, decodeSequence } from "./decode.js";
export { encode, encodeSequence } from "./encode.js";
export { type CborOptions, type CborValue, MAX_DEPTH, MAX_SIZE, MAX_TEXT, Tag } from "./value.js";
