/**
 * Failures, counted so that a flood of them neither wears flash nor hides much. The same refusal of the same peer within an
 * hour is a run: its first is an entry at once; those that follow are counted, and told by an entry with their number when
 * the run has come to 4, 16, 64, …, and when the hour is over. So the `times` of all entries add up to all failures that
 * were told, and what a power cut takes is what came since the last power of four.
 *
 * Of the last hour there are at most 32 entries, and a new run begins only where there are fewer than 16: the log itself is
 * asked, so restarts do not change it. What begins no run is counted in row 0, and told without who and what.
 *
 * Rows are numbers in one array, and an entry's content is read back from flash: memory stays what it is.
 */
import { toUint } from "../bytes/index.js";
import { encode } from "../cbor/index.js";
import type { Crypto } from "../crypto/port.js";
import { type AuditFact, decodeEntry } from "./entry.js";
import { AUDIT } from "./events.js";
import type { Ring } from "./ring.js";

export const RUN_S = 3600;
/** Entries that an hour may have when a new run begins, and in all. */
export const RUNS_AN_HOUR = 16;
export const FAILURES_AN_HOUR = 32;
/** Runs that are counted at a time, beside what is in none. */
export const RUNS = 4;

const STEP = 4;
/** Of a row: what refusal and whose; seconds when it began; its first entry; how many came, were not told, are told next. */
const KEY = 0;
const SINCE = 1;
const NUMBER = 2;
const SEEN = 3;
const LEFT = 4;
const NEXT = 5;
const FIELDS = 6;
const REST = 0;
const FREE = -1;

export class Failures {
  readonly #crypto: Crypto;
  readonly #ring: Ring;
  readonly #boot: number;
  readonly #rows = new Float64Array((1 + RUNS) * FIELDS).fill(FREE);

  constructor(crypto: Crypto, ring: Ring, boot: number) {
    this.#crypto = crypto;
    this.#ring = ring;
    this.#boot = boot;
    this.begin(REST, FREE, 0, 0);
  }

  add(fact: AuditFact): void {
    const { at, event, who, detail } = fact;
    this.close(at);
    const key = toUint(this.#crypto.sha256(encode([event, who, detail])).subarray(0, 6));
    let row = this.find(key);
    if (row === undefined && this.allows(RUNS_AN_HOUR, at)) {
      const number = this.write(fact, 1);
      row = this.vacate(at);
      this.begin(row, key, at, number);
      return;
    }
    row ??= REST;
    this.count(row, 1);
    if (this.get(row, SEEN) < this.get(row, NEXT)) return;
    this.set(row, NEXT, this.get(row, NEXT) * STEP);
    this.tell(row, at);
  }

  /** Writes what was counted and not told, as far as the hour allows. */
  settle(at: number): void {
    for (let row = RUNS; row >= REST; row--) this.tell(row, at);
  }

  /** Ends the runs whose hour is over, also by a clock that was set back. */
  private close(at: number): void {
    for (let row = RUNS; row >= REST; row--) {
      const since = this.get(row, SINCE);
      if (at >= since && at < since + RUN_S) continue;
      if (row !== REST) this.end(row, at);
      else {
        this.tell(row, at);
        const left = this.get(row, LEFT);
        this.begin(row, FREE, at, 0);
        this.set(row, LEFT, left);
      }
    }
  }

  /** A row for a new run: a free one, or the one that began first. */
  private vacate(at: number): number {
    let oldest = 1;
    for (let row = 1; row <= RUNS; row++) {
      if (this.get(row, KEY) === FREE) return row;
      if (this.get(row, SINCE) < this.get(oldest, SINCE)) oldest = row;
    }
    this.end(oldest, at);
    return oldest;
  }

  private end(row: number, at: number): void {
    if (this.get(row, KEY) === FREE) return;
    this.tell(row, at);
    const left = this.get(row, LEFT);
    if (left > 0) this.count(REST, left);
    this.set(row, KEY, FREE);
    this.set(row, LEFT, 0);
  }

  private tell(row: number, at: number): void {
    const left = this.get(row, LEFT);
    if (left <= 0 || !this.allows(FAILURES_AN_HOUR, at)) return;
    const first = row === REST ? undefined : this.#ring.read(this.get(row, NUMBER));
    if (row !== REST && first === undefined) this.count(REST, left);
    else if (first === undefined) this.write({ at, event: AUDIT.unlisted, who: null, detail: null }, left);
    else this.write({ ...decodeEntry(first), at }, left);
    this.set(row, LEFT, 0);
  }

  private write({ at, event, who, detail }: AuditFact, times: number): number {
    return this.#ring.append({ at, boot: this.#boot, event, who, detail, times });
  }

  /** Has the hour before `at` fewer entries than that? */
  private allows(entries: number, at: number): boolean {
    const then = this.#ring.ago(entries);
    return then === undefined || then > at || then <= at - RUN_S;
  }

  private find(key: number): number | undefined {
    for (let row = 1; row <= RUNS; row++) if (this.get(row, KEY) === key) return row;
    return undefined;
  }

  private begin(row: number, key: number, since: number, number: number): void {
    this.#rows.set([key, since, number, row === REST ? 0 : 1, 0, row === REST ? 1 : STEP], row * FIELDS);
  }

  private count(row: number, more: number): void {
    this.set(row, SEEN, this.get(row, SEEN) + more);
    this.set(row, LEFT, this.get(row, LEFT) + more);
  }

  private get(row: number, field: number): number {
    return this.#rows[row * FIELDS + field];
  }

  private set(row: number, field: number, value: number): void {
    this.#rows[row * FIELDS + field] = value;
  }
}
