import type { Connection } from "./connection.js";
import type { Clock } from "./ports.js";
import type { Streamer } from "./streamer.js";

/** Moves tokens from the streamer to the session that streams: when one is due and the radio has taken the last. */
export class Pump {
  readonly #clock: Clock;
  readonly #streamer: Streamer;
  #stopTimer: (() => void) | undefined;
  #making: Connection | undefined;

  constructor(clock: Clock, streamer: Streamer) {
    this.#clock = clock;
    this.#streamer = streamer;
  }

  /** Call it whenever something may have changed: it sees for itself. */
  run(connection: Connection): void {
    if (this.#making === connection || !connection.idle) return;
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    const due = this.#streamer.dueInMs();
    if (due === undefined || due === Number.POSITIVE_INFINITY) return;
    this.#stopTimer = this.#clock.after(due, () => {
      this.#stopTimer = undefined;
      this.#making = connection;
      connection.enqueue(true, () => this.#move(connection));
    });
  }

  stop(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    this.#making = undefined;
    this.#streamer.abandon();
  }

  async #move(connection: Connection): Promise<void> {
    try {
      const token = await this.#streamer.next();
      if (token !== undefined) connection.sendToken(token);
    } finally {
      if (this.#making === connection) this.#making = undefined;
    }
    this.run(connection);
  }
}
