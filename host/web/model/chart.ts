/** What happened in a session, for its summary. */
import { type ErrorCode, VagusError } from "../../../modules/error/index.js";
import { UsedLink } from "./used-link.js";
import type { Condition } from "./words.js";

export type Sort = "link" | "reading" | "programming" | "test" | "rights" | "emergency" | "refusal";

export interface ChartEntry {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly sort: Sort;
  readonly text: string;
}

/** Entries at most; of more, the oldest of the commonest sort go, and that is said. */
const MOST = 500;

export class Chart {
  readonly #now: () => number;
  readonly entries: ChartEntry[] = [];
  dropped = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  note(sort: Sort, text: string): void {
    const last = this.entries[this.entries.length - 1];
    if (last?.text === text && last.sort === sort) return;
    this.entries.push({ at: this.#now(), sort, text });
    if (this.entries.length <= MOST) return;
    const index = this.entries.findIndex((entry) => entry.sort === "link" || entry.sort === "refusal");
    this.entries.splice(Math.max(0, index), 1);
    this.dropped++;
  }
}

/** A refusal as it is shown. */
export interface Notice {
  readonly code: ErrorCode;
  readonly detail: string;
  /** Where the code has other words under this condition. */
  readonly condition?: Condition;
  /** What was tried. */
  readonly during: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export function noticeOf(error: VagusError, during: string, at: number): Notice {
  const { code, message } = error;
  const notice = { code, detail: message.replace(`${code}: `, ""), during, at };
  return error instanceof UsedLink ? { ...notice, condition: "used-link" } : notice;
}

/** A browser's own errors are links that failed. */
export function asRefusal(error: unknown): VagusError {
  if (error instanceof VagusError) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new VagusError("host/link", `expected an answer, came: ${text}`);
}
