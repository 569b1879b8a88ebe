import { VagusError } from "../../modules/error/index.js";

/** Messages that the device may send before they are asked for; more are dropped. */
const WAITING_MAX = 4;

/** Control messages in the order in which they came, for someone who awaits each with a time-out. */
export class Inbox {
  readonly #timeoutMs: number;
  readonly #waiting: Uint8Array[] = [];
  #taker: { resolve(message: Uint8Array): void; reject(error: Error): void } | undefined;
  #closed: string | undefined;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** @throws VagusError `session/order` when too many came unasked */
  put(message: Uint8Array | undefined): void {
    if (message === undefined) return;
    if (this.#taker !== undefined) this.#taker.resolve(message);
    else if (this.#waiting.length < WAITING_MAX) this.#waiting.push(message);
    else
      throw new VagusError("session/order", `expected at most ${WAITING_MAX} messages unasked, came another`);
  }

  /** For one at a time. @throws VagusError `session/timeout`, `gatt/disconnected`, `session/order` */
  take(what: string): Promise<Uint8Array> {
    const first = this.#waiting.shift();
    if (first !== undefined) return Promise.resolve(first);
    if (this.#closed !== undefined) return Promise.reject(this.#disconnected(what));
    if (this.#taker !== undefined) {
      return Promise.reject(new VagusError("session/order", `expected one to wait at a time, came ${what}`));
    }
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#taker = undefined;
        reject(
          new VagusError("session/timeout", `expected ${what} within ${this.#timeoutMs} ms, came nothing`),
        );
      }, this.#timeoutMs);
      const settle = () => {
        clearTimeout(timer);
        this.#taker = undefined;
      };
      this.#taker = {
        resolve: (message) => {
          settle();
          resolve(message);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      };
    });
  }

  close(reason: string): void {
    this.#closed = reason;
    this.#taker?.reject(this.#disconnected("a message"));
  }

  #disconnected(what: string): VagusError {
    return new VagusError(
      "gatt/disconnected",
      `expected ${what}, came the end of the connection: ${this.#closed}`,
    );
  }
}
