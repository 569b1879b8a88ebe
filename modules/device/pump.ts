import type { Connection } from "./connection.js";
import type { Feeder } from "./feeder.js";
import type { Clock } from "./ports.js";

/** Moves tokens from the journal to the session that follows a stream: when the radio has taken the last. */
export class Pump {
  private readonly clock: Clock;
  private readonly feeder: Feeder;
  private readonly room: () => void;
  private stopTimer: (() => void) | undefined;
  private moving: Connection | undefined;

  /** @param room a token is on its way: there is room for another one to be made */
  constructor(clock: Clock, feeder: Feeder, room: () => void) {
    this.clock = clock;
    this.feeder = feeder;
    this.room = room;
  }

  /** Call it whenever something may have changed: it sees for itself. */
  run(connection: Connection): void {
    if (this.moving === connection || this.stopTimer !== undefined) return;
    if (!connection.idle || !this.feeder.waiting) return;
    this.stopTimer = this.clock.after(0, () => {
      this.stopTimer = undefined;
      this.moving = connection;
      connection.enqueue(true, () => this.move(connection));
    });
  }

  stop(): void {
    this.stopTimer?.();
    this.stopTimer = undefined;
    this.moving = undefined;
    this.feeder.forget();
  }

  /** Where the token is there already no promise is made: on XS an async function would take some fifty slots meanwhile. */
  private move(connection: Connection): undefined | Promise<void> {
    try {
      const token = this.feeder.next();
      if (!(token instanceof Promise)) return this.moved(connection, token);
      return token
        .then((signed) => this.moved(connection, signed))
        .catch((error) => {
          this.free(connection);
          throw error;
        });
    } catch (error) {
      this.free(connection);
      throw error;
    }
  }

  private moved(connection: Connection, token: Uint8Array | undefined): undefined {
    if (token !== undefined) connection.sendToken(token);
    this.free(connection);
    this.room();
    this.run(connection);
  }

  private free(connection: Connection): void {
    if (this.moving === connection) this.moving = undefined;
  }
}
