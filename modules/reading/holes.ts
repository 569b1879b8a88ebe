/** What is missing between two tokens of a stream that nobody declared to be gone. */
import type { Cursor } from "./claims.js";
import type { Boot } from "./declarations.js";

/** Tokens that were signed, or may have been, and did not come. */
export interface Hole {
  readonly first: Cursor;
  /** Undefined where nobody can say how far it goes. */
  readonly last: Cursor | undefined;
}

/** Negative where `a` comes first, 0 where they are the same. */
export function order(a: Cursor, b: Cursor): number {
  return a.boot === b.boot ? a.sequence - b.sequence : a.boot - b.boot;
}

export function after({ boot, sequence }: Cursor): Cursor {
  return { boot, sequence: sequence + 1 };
}

/** What is missing behind `last` where `next` is what comes now. A stream that was `closed` ended there. */
export function holeBefore(
  next: Cursor,
  last: Cursor,
  closed: boolean,
  boot: Boot | undefined,
): Hole | undefined {
  const first = { boot: last.boot, sequence: last.sequence + 1 };
  if (next.boot === last.boot) {
    return next.sequence > first.sequence ? { first, last: before(next) } : undefined;
  }
  if (next.sequence > 0)
    return { first: closed ? { boot: next.boot, sequence: 0 } : first, last: before(next) };
  if (boot !== undefined) return holeOfBoot(boot, last);
  return closed ? undefined : { first, last: undefined };
}

/** What the boot before had written down, and did not come. */
export function holeOfBoot({ before: boot, last: written }: Boot, last: Cursor): Hole | undefined {
  if (boot < last.boot || (boot === last.boot && (written?.sequence ?? -1) <= last.sequence))
    return undefined;
  return {
    first: { boot: last.boot, sequence: last.sequence + 1 },
    last: written && { boot, sequence: written.sequence },
  };
}

function before({ boot, sequence }: Cursor): Cursor {
  return { boot, sequence: sequence - 1 };
}
