/**
 * How far each stream may have come, in flash before it comes there: so a restart can say which sequences the boot
 * before may have signed, and what the last hash was that it wrote down. All streams in one record:
 *
 *   [ [ stream, boot, ceiling, sequence, hash ], … ]
 *
 *   boot      in which the stream ran last
 *   ceiling   no token of this boot and stream has this sequence or a higher one
 *   sequence  of the last token when this was written, and the first 16 bytes of its SHA-256; null, null before the first
 *
 * Devices that knew one stream wrote [ boot, stream, ceiling, sequence, hash ]: that is read, and written anew as above.
 */
import { type CborValue, decode, encode } from "../cbor/index.js";
import { asArray, asBytes, asUint } from "../cbor/shape.js";
import { VagusError } from "../error/index.js";
import { type Flash, FlashRecord } from "../flash/index.js";
import { PREV_LENGTH } from "./claims.js";

const CORRUPT = "flash/corrupt";
/** As many as a journal keeps. */
const STREAMS_MAX = 4;

export interface ChainMark {
  readonly boot: number;
  readonly stream: number;
  readonly ceiling: number;
  readonly last: { readonly sequence: number; readonly hash: Uint8Array } | undefined;
}

/** @param sector the first of two. @throws VagusError `flash/corrupt` */
export function readChain(flash: Flash, sector: number): ChainMark[] {
  const { value } = new FlashRecord(flash, sector);
  if (value === undefined) return [];
  const marks = asArray(decode(value), CORRUPT, "chain");
  if (typeof marks[0] === "number") {
    const [boot, stream, ...rest] = marks;
    return [readMark([stream, boot, ...rest])];
  }
  if (marks.length > STREAMS_MAX)
    throw new VagusError(CORRUPT, `expected ${STREAMS_MAX} streams at the most, came ${marks.length}`);
  return marks.map(readMark);
}

function readMark(mark: CborValue): ChainMark {
  const [stream, boot, ceiling, sequence, hash] = asArray(mark, CORRUPT, "chain", 5);
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
export function writeChain(flash: Flash, sector: number, marks: readonly ChainMark[]): void {
  new FlashRecord(flash, sector).write(
    encode(
      marks.map(({ stream, boot, ceiling, last }) => [
        stream,
        boot,
        ceiling,
        last?.sequence ?? null,
        last?.hash ?? null,
      ]),
    ),
  );
}
