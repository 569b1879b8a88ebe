/**
 * How far a stream may have come, in flash before it comes there: so a restart can say which sequences the boot
 * before may have signed, and what the last hash was that it wrote down.
 *
 *   [ boot, stream, ceiling, sequence, hash ]
 *
 *   ceiling   no token of this boot and stream has this sequence or a higher one
 *   sequence  of the last token when this was written, and the first 16 bytes of its SHA-256; null, null before the first
 */
import { decode, encode } from "../cbor/index.js";
import { asArray, asBytes, asUint } from "../cbor/shape.js";
import { type Flash, FlashRecord } from "../flash/index.js";
import { PREV_LENGTH } from "./claims.js";

/** Sequences that are reserved at a time: at a reading a second a write in four minutes. */
export const RESERVED = 256;
const CORRUPT = "flash/corrupt";

export interface ChainMark {
  readonly boot: number;
  readonly stream: number;
  readonly ceiling: number;
  readonly last: { readonly sequence: number; readonly hash: Uint8Array } | undefined;
}

/** @param sector the first of two. @throws VagusError `flash/corrupt` */
export function readChain(flash: Flash, sector: number): ChainMark | undefined {
  const { value } = new FlashRecord(flash, sector);
  if (value === undefined) return undefined;
  const [boot, stream, ceiling, sequence, hash] = asArray(decode(value), CORRUPT, "chain", 5);
  return {
    boot: asUint(boot, CORRUPT, "boot count"),
    stream: asUint(stream, CORRUPT, "stream"),
    ceiling: asUint(ceiling, CORRUPT, "ceiling"),
    last:
      sequence === null
        ? undefined
        : {
            sequence: asUint(sequence, CORRUPT, "sequence"),
            hash: asBytes(hash, CORRUPT, "hash", PREV_LENGTH),
          },
  };
}

/** @throws VagusError `flash/program` */
export function writeChain(flash: Flash, sector: number, mark: ChainMark): void {
  const { boot, stream, ceiling, last } = mark;
  new FlashRecord(flash, sector).write(
    encode([boot, stream, ceiling, last?.sequence ?? null, last?.hash ?? null]),
  );
}
