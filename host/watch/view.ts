/** What whoever watches a device is shown, from the events of its monitor: one state, drawn as frames, as lines, or as JSON. */
import type { Monitor, MonitorEvent } from "../programmer/monitor.js";
import type { Staleness } from "../programmer/staleness.js";

/** Shows a watch while it runs. `end` may come twice. */
export interface WatchView {
  event(event: MonitorEvent): void;
  /** Something that is not of the device: what was torn in the store. */
  note(text: string): void;
  end(): void;
}

/** What a view reads when it draws. */
export type Watched = Pick<Monitor, "staleness" | "figures" | "device">;

/** As people read it. @param atMs on the monotonic clock, which says `nowMs` now */
export function wallClock(atMs: number, nowMs: number): string {
  return new Date(Date.now() - (nowMs - atMs)).toTimeString().slice(0, 8);
}

/** "45 s", "12 min", "3.5 h". */
export function duration(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

export function inWords(staleness: Staleness, nowMs: number): string {
  switch (staleness.kind) {
    case "live":
      return "live";
    case "backfilling":
      return `backfilling${staleness.behindS === undefined ? "" : `, ${duration(staleness.behindS)} behind`}`;
    case "stale":
      return `STALE since ${wallClock(staleness.sinceMs, nowMs)} (${duration((nowMs - staleness.sinceMs) / 1000)})`;
    case "gone":
      return staleness.sinceMs === undefined
        ? "no signal yet"
        : `GONE since ${wallClock(staleness.sinceMs, nowMs)} (${duration((nowMs - staleness.sinceMs) / 1000)})`;
  }
}

/** What happened, for people; undefined where a picture says it already. */
export function told(event: MonitorEvent): string | undefined {
  if (event.kind === "link") return linkInWords(event.event);
  if (event.kind === "authenticated")
    return `session with ${event.device.subject}${event.paired ? ", its link is paired" : ""}`;
  if (event.kind === "started") return `the device records now`;
  if (event.kind === "refused") return `refused: ${event.error.message}`;
  if (event.kind !== "token") return undefined;
  const { token } = event;
  if (token.kind === "gap") {
    const { first, last } = token;
    return `the device no longer has boot ${first.boot} sequence ${first.sequence} to boot ${last.boot} sequence ${last.sequence}`;
  }
  if (token.kind === "header" && token.hole !== undefined) {
    return `missing, and not declared: from boot ${token.hole.first.boot} sequence ${token.hole.first.sequence} on`;
  }
  if (token.kind === "head") return "the recording has ended";
  return undefined;
}

function linkInWords(event: Extract<MonitorEvent, { kind: "link" }>["event"]): string | undefined {
  switch (event.kind) {
    case "lost":
      return `link lost: ${event.reason}`;
    case "failed":
      return event.error.message;
    case "waiting":
      return `next try in ${(event.ms / 1000).toFixed(1)} s`;
    case "scanning":
      return "looking for the device";
    case "connecting":
      return "connecting";
    case "greeting":
      return "authenticating";
    case "up":
      return "link up";
    case "quiet":
      return "nothing has come for a while: asking";
    case "stopped":
      return undefined;
  }
}

/** Of `Monitor.foreign`. */
export function foreignInWords(foreign: number): string {
  return `${foreign} tokens are signed by a key that is not known here, such as one that the device had before: whoever knew it then can verify them`;
}
