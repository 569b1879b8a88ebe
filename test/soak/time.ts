import type { Clock } from "../../modules/device/index.js";

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/**
 * One clock for both sides: nothing happens in between two timers, so a week takes as long as its work does. The host's
 * own timers go by it too.
 */
export class VirtualTime implements Clock {
  now = 0;
  #timers: Timer[] = [];
  readonly #soon: (callback: () => void) => void;

  /** @param soon calls back behind all that promises have to go on with */
  constructor(soon: (callback: () => void) => void) {
    this.#soon = soon;
  }

  /** Timers that are to come. */
  get timers(): number {
    return this.#timers.length;
  }

  monotonicMs(): number {
    return this.now;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.now + Math.max(0, ms), callback };
    let index = this.#timers.length;
    while (index > 0 && (this.#timers[index - 1] as Timer).at > timer.at) index--;
    this.#timers.splice(index, 0, timer);
    return () => {
      const at = this.#timers.indexOf(timer);
      if (at >= 0) this.#timers.splice(at, 1); // also what it holds is let go
    };
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  /** Puts the globals of this process under this clock. */
  install(): void {
    const stops = new Map<object, () => void>();
    const set = (callback: () => void, ms = 0) => {
      const handle = { unref: () => handle, ref: () => handle };
      const due = () => {
        stops.delete(handle);
        callback();
      };
      stops.set(handle, this.after(ms, due));
      return handle;
    };
    const clear = (handle: object) => {
      stops.get(handle)?.();
      stops.delete(handle);
    };
    Object.assign(globalThis, { setTimeout: set, clearTimeout: clear });
  }

  /** Runs what is due, in order, each with all that comes of it, until `over`. */
  async run(over: () => boolean): Promise<void> {
    for (;;) {
      await new Promise<void>((resolve) => this.#soon(resolve));
      if (over()) return;
      const next = this.#timers.shift();
      if (next === undefined)
        throw new Error("expected something to be due, came nothing: somebody waits for ever");
      this.now = Math.max(this.now, next.at);
      next.callback();
    }
  }
}
