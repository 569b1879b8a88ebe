import type { Implant } from "../../cardiac/index.js";
import type { DevicePorts } from "../ports.js";

/** How often the heart is lived on where nobody reads it, in milliseconds. */
export const STROKE_MS = 250;

/**
 * The heart lives by a timer of its own: whatever else of the device fails, hangs or is never reached, it is called for.
 * A sensor that is not bound to the time has its own: while somebody reads it the heart lives as far as it is read, else
 * as fast as anyone's.
 */
export class Heartbeat {
  readonly #ports: DevicePorts;
  readonly #implant: Implant;
  readonly #lived: () => void;
  readonly #failed: (error: unknown) => void;
  /** What the clock said when the heart was as far as it is; of a sensor that is bound to the time, when it was at 0. */
  #sinceMs: number;
  /** Who reads a sensor that is not bound to the time says so. */
  isRead: () => boolean = () => false;

  /** @param lived after each stroke: what is to be looked at, and may fail */
  constructor(
    ports: DevicePorts,
    implant: Implant,
    lived: () => void,
    failed: (error: unknown) => void = () => {},
  ) {
    this.#ports = ports;
    this.#implant = implant;
    this.#lived = lived;
    this.#failed = failed;
    this.#sinceMs = ports.clock.monotonicMs() - implant.nowMs;
    this.again();
  }

  /** Until now: what is instructed next comes at its time. */
  liveOn(): void {
    const { clock, sensor } = this.#ports;
    const nowMs = clock.monotonicMs();
    const passedMs = nowMs - this.#sinceMs;
    if (!sensor.paced) {
      this.#sinceMs = nowMs;
      if (!this.isRead()) this.#implant.liveUntil(this.#implant.nowMs + passedMs);
    } else this.#implant.liveUntil(passedMs);
  }

  private again(): void {
    this.#ports.clock.after(STROKE_MS, () => {
      this.again(); // first: nothing that follows can stop it
      try {
        this.liveOn();
        this.#lived();
      } catch (error) {
        this.#failed(error);
      }
    });
  }
}
