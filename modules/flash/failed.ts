import type { Flash } from "./port.js";

/** Where there should have been flash and is none: whoever uses it is told why. The device starts all the same, and paces. */
export class FailedFlash implements Flash {
  readonly #why: unknown;

  constructor(why: unknown) {
    this.#why = why;
  }

  get sectors(): number {
    throw this.#why;
  }

  read(): Uint8Array {
    throw this.#why;
  }

  program(): void {
    throw this.#why;
  }

  erase(): void {
    throw this.#why;
  }
}

/** @returns what `open` opens, or in its place what says why it could not */
export function flashOr(open: () => Flash): Flash {
  try {
    return open();
  } catch (error) {
    return new FailedFlash(error);
  }
}
