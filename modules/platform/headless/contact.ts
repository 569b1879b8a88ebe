import type { Button } from "../../device/index.js";

/** A contact that is closed by whoever has it in hand, as a port of the device. */
export class Contact implements Button {
  #down = false;
  #changed: ((down: boolean) => void) | undefined;

  get down(): boolean {
    return this.#down;
  }

  listen(changed: (down: boolean) => void): void {
    this.#changed = changed;
  }

  /** @returns has the device heard it? */
  hold(down: boolean): boolean {
    if (down !== this.#down) this.#changed?.(down);
    this.#down = down;
    return this.#changed !== undefined;
  }
}
