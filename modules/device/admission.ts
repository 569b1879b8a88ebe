import type { HolderState } from "../credential/index.js";
import { VagusError } from "../error/index.js";
import type { Flash } from "../flash/index.js";
import { AUTHENTICATE_MS } from "./lifecycle.js";
import type { Clock } from "./ports.js";
import { RationStore } from "./ration-store.js";

/** How long the button opens what it opens. */
export const WINDOW_MS = 60_000;
const CLOSED = Number.NEGATIVE_INFINITY;

/** Who may connect, and to what: the ration of handshakes, and what the button has opened. */
export class Admission {
  readonly #clock: Clock;
  readonly #ration: RationStore;
  /** Connections whose token of the ration is still out. */
  readonly #owing = new Set<object>();
  #windowUntil = CLOSED;
  #provisionUntil = CLOSED;
  #labelUntil = CLOSED;

  constructor(flash: Flash, fresh: boolean, clock: Clock) {
    this.#clock = clock;
    this.#ration = new RationStore(flash, fresh, clock.monotonicMs());
  }

  /** Are connections outside the ration, for the button was pressed? */
  get window(): boolean {
    return this.#clock.monotonicMs() < this.#windowUntil;
  }

  /** Milliseconds that it is still open. */
  get windowLeftMs(): number {
    return Math.max(0, this.#windowUntil - this.#clock.monotonicMs());
  }

  /** Is the label session to be had, for the button was held? */
  get provisioning(): boolean {
    return this.#clock.monotonicMs() < this.#provisionUntil;
  }

  /** How long a connection that comes now may take to authenticate. */
  get authenticateMs(): number {
    return this.window ? AUTHENTICATE_MS.window : AUTHENTICATE_MS.always;
  }

  openWindow(): void {
    this.#windowUntil = this.#clock.monotonicMs() + WINDOW_MS;
  }

  openProvisioning(): void {
    this.#provisionUntil = this.#clock.monotonicMs() + WINDOW_MS;
    this.#labelUntil = this.#provisionUntil;
  }

  /** How long a label session has left: until the button's minute is over, whatever became of it. */
  get labelLeftMs(): number {
    return Math.max(0, this.#labelUntil - this.#clock.monotonicMs());
  }

  closeProvisioning(): void {
    this.#provisionUntil = CLOSED;
  }

  /**
   * Why a connection gets no handshake, if it gets none. Takes a token of the ration, outside the window.
   * @throws VagusError `flash/program`
   */
  refusal(state: HolderState): VagusError | undefined {
    if (state !== "provisioned" && !this.provisioning) {
      return new VagusError(
        "device/unprovisioned",
        `expected the button held for 3 s, as the device is ${state}`,
      );
    }
    if (this.window || this.#ration.take(this.#clock.monotonicMs())) return undefined;
    return new VagusError("device/ration", "expected a handshake in the ration, came one too many");
  }

  /** This connection has taken a token. */
  owes(connection: object): void {
    if (!this.window) this.#owing.add(connection);
  }

  /** It has authenticated: the token goes back. */
  succeeded(connection: object): void {
    if (this.#owing.delete(connection)) this.#ration.giveBack();
  }

  /** It is gone; a token that it still has is spent. */
  gone(connection: object): void {
    this.#owing.delete(connection);
  }
}
