import type { Cursor } from "../reading/index.js";

/** Negative where `a` comes first, 0 where they are the same. */
export function order(a: Cursor, b: Cursor): number {
  return a.boot === b.boot ? a.sequence - b.sequence : a.boot - b.boot;
}

export function after({ boot, sequence }: Cursor): Cursor {
  return { boot, sequence: sequence + 1 };
}

export function show({ boot, sequence }: Cursor): string {
  return `boot ${boot} sequence ${sequence}`;
}
