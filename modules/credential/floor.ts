import { decode, encode } from "../cbor/index.js";
import { asUint } from "../cbor/shape.js";
import { VagusError } from "../error/index.js";
import { type Flash, FlashRecord } from "../flash/index.js";
import { SECTOR } from "./layout.js";

/** Uptime is written down this often, in seconds: so much a restart may set the device back. */
export const SAVE_S = 15 * 60;
/** What two readings of a clock in whole seconds may be apart. */
const WHOLE_SECONDS = 2;

/**
 * The device's time: it is at least this. Tokens of the Authority raise it, uptime advances it, flash keeps it, and nothing
 * lowers it but a reset by the Authority. What raises it is written before it is believed.
 */
export class Floor {
  readonly #flash: Flash;
  readonly #clockMs: () => number;
  /** Seconds since 1970 at `#sinceMs`. */
  #base: number;
  #sinceMs: number;
  #saved: number;
  /** How many seconds later it may really be; null where nobody can say, as the device was off. */
  uncertainty: number | null;

  /**
   * @param madeAt seconds since 1970: the first floor of a device that has none yet
   * @throws VagusError `flash/corrupt`
   */
  constructor(flash: Flash, clockMs: () => number, madeAt: number | undefined) {
    const record = new FlashRecord(flash, SECTOR.floor);
    const first = record.value === undefined;
    if (first) {
      if (madeAt === undefined) {
        throw new VagusError(
          "flash/corrupt",
          "expected the floor of time of a device that was made, came none",
        );
      }
      record.write(encode(madeAt));
    }
    this.#flash = flash;
    this.#clockMs = clockMs;
    this.#base = asUint(decode(record.value as Uint8Array), "flash/corrupt", "floor");
    this.#sinceMs = clockMs();
    this.#saved = this.#base;
    this.uncertainty = first ? WHOLE_SECONDS : null;
  }

  /** Seconds since 1970, at the least. */
  get seconds(): number {
    return this.#base + Math.floor((this.#clockMs() - this.#sinceMs) / 1000);
  }

  /** Milliseconds until it is `seconds`; below 0 when that is past. */
  msUntil(seconds: number): number {
    return (seconds - this.#base) * 1000 - (this.#clockMs() - this.#sinceMs);
  }

  /**
   * A token of the Authority was signed at `seconds`: it is at least so late.
   * @param age how many seconds ago that was at the most, where it is known
   */
  raise(seconds: number, age?: number): void {
    if (seconds <= this.seconds) return;
    this.#set(seconds);
    if (age !== undefined) this.uncertainty = age + WHOLE_SECONDS;
  }

  /** The Authority says that it is `seconds`, earlier or later. */
  reset(seconds: number, age: number): void {
    this.#set(seconds);
    this.uncertainty = age + WHOLE_SECONDS;
  }

  /** Writes the uptime down, where there is some that was not. */
  save(): void {
    const { seconds } = this;
    if (seconds <= this.#saved) return;
    new FlashRecord(this.#flash, SECTOR.floor).write(encode(seconds));
    this.#saved = seconds;
  }

  #set(seconds: number): void {
    new FlashRecord(this.#flash, SECTOR.floor).write(encode(seconds));
    this.#base = seconds;
    this.#sinceMs = this.#clockMs();
    this.#saved = seconds;
  }
}
