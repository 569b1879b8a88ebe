import type { Flash } from "../flash/index.js";
import { type ChainMark, writeChain } from "./chain-record.js";
import type { StreamWriter } from "./writer.js";

/** Sequences that are reserved at a time: at a reading a second a write in four minutes. */
export const RESERVED = 256;

/** A stream of this boot: who signs it, what was signed last before him, and what flash says of it. */
interface Reserved {
  readonly stream: number;
  writer: StreamWriter;
  last: ChainMark["last"];
  /** In flash: no sequence from here on has been used. */
  ceiling: number;
}

/** Sequences of all streams, each in flash before it is used. */
export class Chain {
  private flash: Flash;
  private sector: number;
  private boot: number;
  private before: readonly ChainMark[];
  private reserved: Reserved[] = [];

  /** @param sector the first of two. @param before the marks of earlier boots */
  constructor(flash: Flash, sector: number, boot: number, before: readonly ChainMark[]) {
    this.flash = flash;
    this.sector = sector;
    this.boot = boot;
    this.before = before;
  }

  /** The writer's next sequence may be used when this returns. @throws VagusError `flash/program` */
  take(stream: number, writer: StreamWriter): void {
    const known = this.reserved.find((each) => each.stream === stream);
    const last = lastOf(known);
    if (known === undefined || writer.sequence >= known.ceiling) this.reserve(stream, writer, last);
    else if (known.writer !== writer) {
      known.writer = writer;
      known.last = last;
    }
  }

  /** For all streams of this boot at once: so flash is written as often as for one. */
  private reserve(stream: number, writer: StreamWriter, last: ChainMark["last"]): void {
    const { boot, flash, sector } = this;
    const others = this.reserved.filter((each) => each.stream !== stream);
    const marks: ChainMark[] = others.map((each) => ({
      boot,
      stream: each.stream,
      ceiling: Math.max(each.ceiling, each.writer.sequence + RESERVED),
      last: lastOf(each),
    }));
    const ceiling = writer.sequence + RESERVED;
    marks.push({ boot, stream, ceiling, last });
    const earlier = this.before.filter((each) => !marks.some((mark) => mark.stream === each.stream));
    writeChain(flash, sector, [...marks, ...earlier]);
    for (const [index, each] of others.entries()) each.ceiling = marks[index].ceiling;
    this.reserved = [...others, { stream, writer, last, ceiling }];
  }
}

/** What its writer has signed last, or the one before him. */
function lastOf(known: Reserved | undefined): ChainMark["last"] {
  return known?.writer.last ?? known?.last;
}
