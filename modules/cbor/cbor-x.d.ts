/**
 * What is used of cbor-x, by its two plain-JavaScript entries. The package's main entry would bring its native
 * extractor and Node's streams along.
 */
declare module "cbor-x/encode" {
  export class Encoder {
    constructor(options: Record<string, boolean>);
    encode(value: unknown, mode?: number): Uint8Array;
  }
}

declare module "cbor-x/decode" {
  export class Decoder {
    constructor(options: Record<string, boolean>);
    decode(bytes: Uint8Array): unknown;
  }
  /** A tagged item (RFC 8949 section 3.4): `new Tag(value, tag)`. */
  export class Tag<T = unknown> {
    constructor(value: T, tag: number);
    value: T;
    tag: number;
  }
}
