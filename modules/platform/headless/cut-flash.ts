import { VagusError } from "../../error/index.js";
import type { Flash } from "../../flash/index.js";

/**
 * Flash whose power can go: the next write gets half of its bytes, or is not begun where it erases, and nothing after it gets any. `gone` is called
 * then; until the engine ends, every write fails.
 */
export class CutFlash implements Flash {
  readonly sectors: number;
  readonly #flash: Flash;
  readonly #gone: () => void;
  #armed = false;
  #dark = false;

  constructor(flash: Flash, gone: () => void) {
    this.#flash = flash;
    this.#gone = gone;
    this.sectors = flash.sectors;
  }

  /** The next write is the last, and is not done whole. */
  cutNextWrite(): void {
    this.#armed = true;
  }

  /** No write is done any more. */
  cut(): void {
    this.#dark = true;
  }

  read(offset: number, length: number): Uint8Array {
    return this.#flash.read(offset, length);
  }

  program(offset: number, bytes: Uint8Array): void {
    if (this.#lit()) this.#flash.program(offset, bytes);
    else {
      if (this.#armed) this.#flash.program(offset, bytes.subarray(0, bytes.length >> 1));
      this.#end();
    }
  }

  erase(sector: number): void {
    if (this.#lit()) this.#flash.erase(sector);
    else this.#end(); // not begun: what a half erased sector holds, test/powercuts tries
  }

  #lit(): boolean {
    return !this.#armed && !this.#dark;
  }

  #end(): never {
    const now = this.#armed && !this.#dark;
    this.#armed = false;
    this.#dark = true;
    if (now) this.#gone();
    throw new VagusError("flash/program", "expected power for a write, came none");
  }
}
