import { attempt } from "../attempt.js";
import type { DevicePorts } from "../ports.js";
import { Heartbeat } from "./heartbeat.js";
import { EFFECT, Operations } from "./operations.js";
import { fromCbor, Pacing, type Told } from "./pacing.js";
import { readParameters, writeParameters } from "./pacing-record.js";

export { EFFECT, Operations } from "./operations.js";
export { Pacing, type Told } from "./pacing.js";

/** What is told before anybody listens: so much of it, then no more. */
const UNTOLD_MAX = 4;

/**
 * What begins before anything of the device may fail, and goes on whatever fails: the heart lives, paced as it was programmed
 * last, and a magnet reaches it.
 */
export class Therapy {
  readonly operations: Operations;
  /** None where the heart is a recorded one. */
  readonly pacing: Pacing | undefined;
  readonly #heartbeat: Heartbeat | undefined;
  #told: Told | undefined;
  #failed: ((error: unknown) => void) | undefined;
  #untold: (() => void)[] = [];

  constructor(ports: DevicePorts) {
    const { crypto, flash, implant, magnet } = ports;
    const failed = (error: unknown) => this.tell(() => this.#failed?.(error));
    this.operations = new Operations(flash, failed);
    if (implant === undefined) return;
    const pacing = new Pacing(crypto, implant, (event, who, detail) =>
      this.tell(() => this.#told?.(event, who, detail)),
    );
    this.pacing = pacing;
    this.#heartbeat = new Heartbeat(ports, implant, () => pacing.tick(), failed);
    attempt(() => {
      const parameters = readParameters(flash);
      if (parameters !== undefined) pacing.program(parameters);
    }, failed);
    this.operations.teach(EFFECT.program, ([numbers], who, again) => {
      const parameters = fromCbor(numbers, "flash/corrupt");
      if (!again || !pacing.isPermanent(parameters)) {
        pacing.program(parameters);
        pacing.toldOf(parameters, who, false);
      }
      return attempt(() => writeParameters(flash, parameters), failed) ? "done" : "later";
    });
    this.operations.teach(EFFECT.temporary, ([numbers], who, again) => {
      if (again) return "never"; // the session is gone
      const parameters = fromCbor(numbers, "flash/corrupt");
      pacing.programTemporarily(parameters);
      pacing.toldOf(parameters, who, true);
      return "done";
    });
    if (magnet === undefined) return;
    const held = (on: boolean) => {
      this.#heartbeat?.liveOn();
      pacing.magnet(on);
    };
    if (magnet.down) held(true);
    magnet.listen(held);
  }

  /** Whoever keeps the log is there now. @param isRead does somebody read the sensor? */
  attend(told: Told, failed: (error: unknown) => void, isRead: () => boolean): void {
    this.#told = told;
    this.#failed = failed;
    if (this.#heartbeat !== undefined) this.#heartbeat.isRead = isRead;
    for (const tell of this.#untold) tell();
    this.#untold = [];
  }

  /** What is instructed next comes at its time. */
  liveOn(): void {
    this.#heartbeat?.liveOn();
  }

  private tell(tell: () => void): void {
    if (this.#told !== undefined) tell();
    else if (this.#untold.length < UNTOLD_MAX) this.#untold.push(tell);
  }
}
