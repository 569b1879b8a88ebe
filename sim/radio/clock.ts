/** Time as the radio counts it, in microseconds, and what is due at some moment. */
export interface RadioClock {
  readonly nowUs: number;
  /** Calls back once at `us` or, where that is past, as soon as may be; the function returned stops it. */
  at(us: number, callback: () => void): () => void;
}

/** The machine's own clock. Nothing that waits on it keeps a process alive. */
export class RealClock implements RadioClock {
  get nowUs(): number {
    return performance.now() * 1000;
  }

  at(us: number, callback: () => void): () => void {
    const timer = setTimeout(callback, Math.max(0, (us - this.nowUs) / 1000));
    timer.unref();
    return () => clearTimeout(timer);
  }
}

interface Due {
  readonly us: number;
  readonly order: number;
  readonly callback: () => void;
}

/** Time that passes only when a test says so; what is due at one moment comes in the order in which it was asked for. */
export class VirtualClock implements RadioClock {
  readonly #due = new Set<Due>();
  #order = 0;
  nowUs = 0;

  at(us: number, callback: () => void): () => void {
    const due = { us: Math.max(us, this.nowUs), order: this.#order++, callback };
    this.#due.add(due);
    return () => this.#due.delete(due);
  }

  /**
   * Lets `us` microseconds pass, or as many as it takes until `done` says so. Between two moments everybody else has
   * a turn: promises, `setImmediate`.
   * @returns whether `done` said so
   */
  async pass(us: number, done: () => boolean = () => false): Promise<boolean> {
    const end = this.nowUs + us;
    for (;;) {
      await settle();
      if (done()) return true;
      const next = this.#next();
      if (next === undefined || next.us > end) break;
      this.#due.delete(next);
      this.nowUs = next.us;
      next.callback();
    }
    this.nowUs = end;
    return false;
  }

  #next(): Due | undefined {
    let next: Due | undefined;
    for (const due of this.#due) {
      if (next === undefined || due.us < next.us || (due.us === next.us && due.order < next.order))
        next = due;
    }
    return next;
  }
}

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
