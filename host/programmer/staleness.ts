/** How old what is shown of a stream is, as a pure function of what has come and the time: nothing old is shown as current. */

import type { Cursor } from "../../modules/reading/index.js";
import type { LinkState } from "../link/reconnection.js";

/** What is known of a stream. Times are milliseconds of the same monotonic clock. */
export interface Progress {
  /** The last verified reading. */
  readonly last?: {
    readonly cursor: Cursor;
    readonly atMs: number;
    /** What it covers. */
    readonly readingMs: number;
  };
  /**
   * The newest token that the device had, when it was asked, and whether it was recording: that stream, or one that begins
   * behind it.
   */
  readonly newest?: {
    readonly cursor: Cursor;
    readonly atMs: number;
    readonly recording: boolean;
    readonly begins?: boolean;
  };
}

export type Staleness =
  /** What is shown is what the device measures now, but for a reading's length and the way. */
  | { readonly kind: "live" }
  /** What comes is older: so many seconds, where that can be said. */
  | { readonly kind: "backfilling"; readonly behindS: number | undefined }
  /** Nothing newer has come since then. */
  | { readonly kind: "stale"; readonly sinceMs: number }
  /** There has been no link for a while, or never any. */
  | { readonly kind: "gone"; readonly sinceMs: number | undefined };

/** A reading is late after two and a half of its length, and a second for the way. */
const late = (readingMs: number) => 2.5 * readingMs + 1000;
/** Readings that may be on their way while it is live. */
const ON_THE_WAY = 2;
/** Without a link for so long, it is gone. */
export const GONE_MS = 60_000;

/**
 * @param link its phase, and since when there is none
 * @param now milliseconds of the monotonic clock
 */
export function staleness(
  { last, newest }: Progress,
  link: { readonly phase: LinkState["phase"]; readonly downSinceMs: number | undefined },
  now: number,
): Staleness {
  const isUp = link.phase === "up" || link.phase === "probing";
  if (!isUp) {
    const { downSinceMs } = link;
    if (last === undefined || downSinceMs === undefined || link.phase === "stopped") {
      return { kind: "gone", sinceMs: last?.atMs };
    }
    if (now - downSinceMs >= GONE_MS) return { kind: "gone", sinceMs: last.atMs };
  }
  if (last === undefined) return { kind: "gone", sinceMs: undefined };
  if (!isUp || now - last.atMs > late(last.readingMs)) return { kind: "stale", sinceMs: last.atMs };
  const behind = behindBy(last, newest, now);
  if (behind === 0 && newest?.recording === false) return { kind: "stale", sinceMs: last.atMs }; // all that there was
  if (behind === 0) return { kind: "live" };
  return { kind: "backfilling", behindS: behind };
}

/** Seconds; 0 where it is not behind, undefined where it is and nobody can say by how much. */
function behindBy(
  { cursor, readingMs }: NonNullable<Progress["last"]>,
  newest: Progress["newest"],
  now: number,
): number | undefined {
  if (newest === undefined) return 0;
  const { boot, sequence } = newest.cursor;
  if (boot > cursor.boot) return undefined;
  if (boot < cursor.boot) return 0;
  if (newest.begins === true) return cursor.sequence > sequence ? 0 : undefined;
  const since = newest.recording && readingMs > 0 ? (now - newest.atMs) / readingMs : 0;
  const readings = sequence + since - cursor.sequence;
  return readings <= ON_THE_WAY ? 0 : Math.round((readings * readingMs) / 1000);
}
