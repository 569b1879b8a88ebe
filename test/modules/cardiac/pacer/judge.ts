/**
 * The rules of the PACEMAKER system specification as constraints on a trace, written apart from the pacer: no timers, no
 * state of the pacer's. For each row of the trace the judge looks back at the rows before it and says when the next
 * paces are allowed and owed, and how a sense is to be marked. Intervals are computed in fractions of a millisecond.
 */
import type { Chamber, MarkerName, PacingParameters } from "../../../../modules/cardiac/pacer/index.js";

/** What was done to the pacer and what came of it. `marked` is undefined where a sense got no marker. */
export interface Row {
  readonly atMs: number;
  readonly chamber: Chamber;
  readonly how: "sensed" | "paced";
  readonly marked: string | undefined;
}

/** A row with what the judge found of it. */
interface Fact extends Row {
  readonly noise: boolean;
  /** It counts: not refractory. */
  readonly counts: boolean;
  readonly pvc: boolean;
  extended: boolean;
}

export const asWritten = (name: MarkerName, refractory: boolean): string => (refractory ? `(${name})` : name);

const NOISE_MS = 60;
/** Facts that are kept: more than one cycle can hold. */
const MOST = 512;

function last(facts: readonly Fact[], is: (fact: Fact) => boolean): Fact | undefined {
  for (let i = facts.length - 1; i >= 0; i--) if (is(facts[i]!)) return facts[i];
  return undefined;
}

export class Judge {
  readonly complaints: string[] = [];
  /** What was checked, so that a test can tell that it was not for nothing. */
  readonly seen: Record<string, number> = {};
  #p: PacingParameters;
  #slackMs: number;
  #startMs: number;
  #atrial: Fact[] = [];
  #ventricular: Fact[] = [];
  #beats: Fact[] = [];
  #fast: boolean[] = [];
  #atr: { phase: "none" | "duration" | "fallback"; cycles: number; sinceMs: number; fromPpm: number } = {
    phase: "none",
    cycles: 0,
    sinceMs: 0,
    fromPpm: 0,
  };

  /** @param slackMs how far a pace may be from its time */
  constructor(parameters: PacingParameters, startMs: number, slackMs = 1.5) {
    this.#p = parameters;
    this.#startMs = startMs;
    this.#slackMs = slackMs;
  }

  observe(row: Row): void {
    this.#nothingMissed(row.atMs);
    if (row.how === "paced") this.#pace(row);
    else if (row.chamber === "atrium") this.#atrialSense(row);
    else this.#ventricularSense(row);
  }

  /** No pace is owed by this time. */
  #nothingMissed(atMs: number): void {
    for (const chamber of ["atrium", "ventricle"] as const) {
      const owed = this.#owed(chamber);
      if (atMs > owed + this.#slackMs)
        this.#complain(atMs, `${chamber} was to be paced at ${owed.toFixed(1)}`);
    }
  }

  #pace(row: Row): void {
    const { chamber, atMs } = row;
    const owed = this.#owed(chamber);
    if (!(Math.abs(atMs - owed) <= this.#slackMs))
      this.#complain(atMs, `${chamber} paced, but was to be at ${owed.toFixed(1)}`);
    const expected = chamber === "atrium" ? "AP" : "VP";
    this.#markedAs(row, expected);
    if (chamber === "ventricle" && this.#dualSensing && this.#trackedNow()) {
      this.#count("tracked");
      const since = atMs - this.#lastBeatMs;
      if (since < this.#uri - 0.5) this.#complain(atMs, `tracked ${since} ms after a ventricular event`);
    }
    const fact = { ...row, noise: false, counts: true, pvc: false, extended: false };
    if (chamber === "atrium") this.#addAtrial(fact);
    else this.#addBeat(fact);
  }

  #atrialSense(row: Row): void {
    const { mode, arpMs } = this.#p;
    const { atMs } = row;
    if (mode[1] !== "A" && mode[1] !== "D") {
      this.#markedAs(row, undefined);
      return;
    }
    const before = this.#signalBefore("atrium");
    const noise = atMs - before < NOISE_MS;
    let refractory = noise;
    if (mode === "AAI") refractory ||= atMs - this.#lastCounted(this.#atrial) < arpMs;
    else refractory ||= this.#avRuns() || atMs - this.#lastBeatMs < this.#pvarp();
    const sinceAtrial = atMs - (last(this.#atrial, ({ noise }) => !noise)?.atMs ?? -Infinity);
    const tachy = !refractory && sinceAtrial < this.#uri - 0.5;
    const near = Math.abs(sinceAtrial - this.#uri) <= 0.5;
    if (!near) this.#markedAs(row, asWritten(tachy ? "AT" : "AS", refractory));
    this.#addAtrial({ ...row, noise, counts: !refractory, pvc: false, extended: false });
  }

  #ventricularSense(row: Row): void {
    const { mode, vrpMs, ventricularBlankingMs } = this.#p;
    const { atMs } = row;
    const senses = mode[1] === "V" || mode[1] === "D";
    const paced = last(this.#atrial, ({ how }) => how === "paced");
    const blanked = paced !== undefined && atMs - paced.atMs < ventricularBlankingMs;
    if (!senses || blanked) {
      if (senses) this.#count("blanked");
      this.#markedAs(row, undefined);
      return;
    }
    const signalMs = this.#signalBefore("ventricle");
    const bridged = paced !== undefined && paced.atMs >= signalMs && paced.atMs - signalMs < NOISE_MS;
    const noise = atMs - (bridged ? paced.atMs + ventricularBlankingMs : signalMs) < NOISE_MS;
    const refractory = noise || atMs - this.#lastCounted(this.#ventricular) < vrpMs;
    const pvc = mode[1] === "D" && this.#beats.length > 0 && !this.#atrialSinceBeat();
    this.#markedAs(row, asWritten(pvc ? "PVC" : "VS", refractory));
    const fact = { ...row, noise, counts: !refractory, pvc, extended: false };
    if (refractory) this.#remember(this.#ventricular, fact);
    else this.#addBeat(fact);
  }

  /** When this chamber is owed a pace; Infinity when it is not. */
  #owed(chamber: Chamber): number {
    const { mode, avDelayMs } = this.#p;
    if (mode === "off") return Infinity;
    const paces = mode[0] === "D" || mode[0] === (chamber === "atrium" ? "A" : "V");
    if (!paces) return Infinity;
    if (mode[0] === "A") return this.#lastBeatMs + this.#escape();
    if (chamber === "atrium") {
      if (this.#atr.phase === "fallback" || this.#avRuns()) return Infinity;
      return this.#lastBeatMs + this.#escape() - avDelayMs;
    }
    const latest = this.#lastBeatMs + this.#escape();
    const opener = this.#avOpener();
    if (!opener) return latest;
    if (opener.how === "paced") return opener.atMs + avDelayMs;
    const sav = mode === "DDD" ? avDelayMs + this.#p.sensedAvDelayOffsetMs : avDelayMs;
    const smoothed = this.#lastCycle() * (1 - this.#p.rateSmoothingPercent / 100);
    const fastest = this.#lastBeatMs + Math.max(this.#uri, this.#p.rateSmoothingPercent > 0 ? smoothed : 0);
    return Math.min(latest, Math.max(opener.atMs + sav, fastest));
  }

  #escape(): number {
    const p = this.#p;
    const lri = 60_000 / p.lowerRateLimitPpm;
    let longest = lri;
    const last = this.#beats[this.#beats.length - 1];
    const hysteresis = ["AAI", "VVI", "DDD"].includes(p.mode) && p.hysteresisRateLimitPpm > 0;
    if (hysteresis && last?.how === "sensed") longest = 60_000 / p.hysteresisRateLimitPpm;
    if (this.#atr.phase === "fallback") {
      const minutes = (this.#lastBeatMs - this.#atr.sinceMs) / 60_000;
      const done = Math.min(1, minutes / p.atrFallbackMinutes);
      const ppm = this.#atr.fromPpm * (1 - done) + p.lowerRateLimitPpm * done;
      longest = Math.min(longest, 60_000 / ppm);
    }
    if (p.mode[1] !== "O" && p.rateSmoothingPercent > 0)
      longest = Math.min(
        longest,
        Math.max(this.#uri, this.#lastCycle() * (1 + p.rateSmoothingPercent / 100)),
      );
    return longest;
  }

  get #uri(): number {
    return 60_000 / this.#p.upperRateLimitPpm;
  }

  get #dualSensing(): boolean {
    return this.#p.mode === "VDD" || this.#p.mode === "DDD";
  }

  get #lastBeatMs(): number {
    return this.#beats[this.#beats.length - 1]?.atMs ?? this.#startMs;
  }

  #lastCycle(): number {
    const last = this.#beats[this.#beats.length - 1];
    if (!last) return 60_000 / this.#p.lowerRateLimitPpm;
    return last.atMs - (this.#beats[this.#beats.length - 2]?.atMs ?? this.#startMs);
  }

  /** The atrial event after the last ventricular one that began an AV interval. */
  #avOpener(): Fact | undefined {
    if (this.#p.mode[0] === "A" || this.#p.mode === "VVI" || this.#p.mode === "VOO") return undefined;
    if (this.#atr.phase === "fallback") return undefined;
    for (let i = this.#atrialAtBeat; i < this.#atrial.length; i++)
      if (this.#atrial[i]!.counts) return this.#atrial[i];
    return undefined;
  }

  #avRuns(): boolean {
    return this.#avOpener() !== undefined;
  }

  #trackedNow(): boolean {
    return this.#avOpener()?.how === "sensed";
  }

  #atrialSinceBeat(): boolean {
    for (let i = this.#atrialAtBeat; i < this.#atrial.length; i++) if (!this.#atrial[i]!.noise) return true;
    return false;
  }

  #pvarp(): number {
    const last = this.#beats[this.#beats.length - 1];
    if (!last) return 0;
    return this.#p.pvarpMs + (last.extended ? this.#p.pvarpExtensionMs : 0);
  }

  #signalBefore(chamber: Chamber): number {
    const facts = chamber === "atrium" ? this.#atrial : this.#ventricular;
    return last(facts, ({ how }) => how === "sensed")?.atMs ?? -Infinity;
  }

  #lastCounted(facts: Fact[]): number {
    return last(facts, ({ counts }) => counts)?.atMs ?? -Infinity;
  }

  /** How many of the remembered atrial facts are older than the last ventricular event. */
  #atrialAtBeat = 0;

  #addAtrial(fact: Fact): void {
    if (this.#p.mode[0] === "A") {
      this.#remember(this.#atrial, fact);
      if (fact.counts) this.#remember(this.#beats, fact);
      return;
    }
    const before = last(this.#atrial, ({ noise }) => !noise);
    this.#remember(this.#atrial, fact);
    if (fact.noise || this.#p.atrMode === 0 || !this.#dualSensing) return;
    if (this.#fast.length > 64) this.#fast = this.#fast.slice(-10);
    this.#fast.push(fact.atMs - (before?.atMs ?? -Infinity) < Math.round(this.#uri));
    const fast = this.#fastOfTen();
    if (this.#atr.phase === "none" && fast >= 8) {
      this.#atr = { ...this.#atr, phase: "duration", cycles: this.#p.atrDurationCycles };
      this.#count("atr duration");
    } else if (this.#atr.phase === "duration" && fast < 6) this.#atr.phase = "none";
  }

  #fastOfTen(): number {
    return this.#fast.slice(-10).filter(Boolean).length;
  }

  #addBeat(fact: Fact): void {
    const before = this.#beats[this.#beats.length - 1];
    fact.extended = fact.pvc && this.#p.pvarpExtensionMs > 0 && !(before?.extended ?? false);
    if (fact.extended) this.#count("extended");
    if (fact.how === "sensed" && this.#p.hysteresisRateLimitPpm > 0) this.#count("hysteresis");
    const atrial = this.#atrialSinceBeat() || this.#beats.length === 0;
    this.#remember(this.#ventricular, fact);
    this.#remember(this.#beats, fact);
    if (this.#dualSensing && this.#atr.phase !== "none") this.#atrBeat(fact, atrial);
    this.#atrialAtBeat = this.#atrial.length;
  }

  #atrBeat(fact: Fact, atrial: boolean): void {
    if (!atrial) this.#fast.push(false);
    if (this.#fastOfTen() < 6) this.#atr.phase = "none";
    else if (this.#atr.phase === "duration" && --this.#atr.cycles === 0) {
      const ppm = 60_000 / this.#lastCycle();
      const fromPpm = Math.min(this.#p.upperRateLimitPpm, Math.max(this.#p.lowerRateLimitPpm, ppm));
      this.#atr = { phase: "fallback", cycles: 0, sinceMs: fact.atMs, fromPpm };
      this.#count("fallback");
    }
  }

  #remember(facts: Fact[], fact: Fact): void {
    facts.push(fact);
    if (facts.length < MOST) return;
    const gone = facts.length - MOST / 2;
    facts.splice(0, gone);
    if (facts === this.#atrial) this.#atrialAtBeat = Math.max(0, this.#atrialAtBeat - gone);
  }

  #markedAs(row: Row, expected: string | undefined): void {
    this.#count(expected ?? "unmarked");
    if (row.marked !== expected)
      this.#complain(row.atMs, `${row.chamber} ${row.how}: marked ${row.marked}, expected ${expected}`);
  }

  #count(what: string): void {
    this.seen[what] = (this.seen[what] ?? 0) + 1;
  }

  #complain(atMs: number, message: string): void {
    if (this.complaints.length < 5) this.complaints.push(`at ${atMs} ms: ${message}`);
  }
}
