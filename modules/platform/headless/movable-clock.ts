import type { Clock } from "../../device/index.js";

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/**
 * A clock that goes by the engine's, and can be moved ahead: what is due on the way runs in order, each at its time, with
 * what comes of it. Time never goes back.
 */
export class MovableClock implements Clock {
  readonly #engine: Clock;
  #timers: Timer[] = [];
  #aheadMs = 0;
  #disarm: (() => void) | undefined;

  constructor(engine: Clock) {
    this.#engine = engine;
  }

  monotonicMs(): number {
    return this.#engine.monotonicMs() + this.#aheadMs;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.monotonicMs() + ms, callback };
    this.#timers.push(timer);
    this.#arm();
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
      this.#arm();
    };
  }

  /** Moves so far ahead, then calls `done`. */
  pass(ms: number, done: () => void): void {
    const until = this.monotonicMs() + ms;
    const step = () => {
      const next = this.#next();
      if (next === undefined || next.at > until) {
        this.#move(until);
        this.#arm();
        return done();
      }
      this.#move(next.at);
      this.#run(next);
      this.#engine.after(0, step); // promises and the radio come in between
    };
    step();
  }

  #move(to: number): void {
    this.#aheadMs += Math.max(0, to - this.monotonicMs());
  }

  #next(): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) if (next === undefined || timer.at < next.at) next = timer;
    return next;
  }

  #run(timer: Timer): void {
    this.#timers = this.#timers.filter((other) => other !== timer);
    this.#arm();
    timer.callback();
  }

  #arm(): void {
    this.#disarm?.();
    this.#disarm = undefined;
    const next = this.#next();
    if (next === undefined) return;
    this.#disarm = this.#engine.after(Math.max(0, next.at - this.monotonicMs()), () => {
      this.#disarm = undefined;
      if (next.at <= this.monotonicMs()) this.#run(next);
      else this.#arm(); // the engine's timers may be early
    });
  }
}
