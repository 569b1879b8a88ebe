import type { Connection } from "./connection.js";
import type { Feeder } from "./feeder.js";
import type { Clock } from "./ports.js";

/** Moves tokens from the journal to the session that follows a stream: when the radio has taken the last. */
export class Pump {
  readonly #clock: Clock;
  readonly #feeder: Feeder;
  readonly #moved: () => void;
  #stopTimer: (() => void) | undefined;
  #moving: Connection | undefined;

  /** @param moved a token is on its way: there is room for another one to be made */
  constructor(clock: Clock, feeder: Feeder, moved: () => void) {
    this.#clock = clock;
    this.#feeder = feeder;
    this.#moved = moved;
  }

  /** Call it whenever something may have changed: it sees for itself. */
  run(connection: Connection): void {
    if (this.#moving === connection || this.#stopTimer !== undefined) return;
    if (!connection.idle || !this.#feeder.waiting) return;
    this.#stopTimer = this.#clock.after(0, () => {
      this.#stopTimer = undefined;
      this.#moving = connection;
      connection.enqueue(true, () => this.move(connection));
    });
  }

  stop(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    this.#moving = undefined;
    this.#feeder.forget();
  }

  private async move(connection: Connection): Promise<void> {
    try {
      const token = await this.#feeder.next();
      if (token !== undefined) connection.sendToken(token);
    } finally {
      if (this.#moving === connection) this.#moving = undefined;
    }
    this.#moved();
    this.run(connection);
  }
}
