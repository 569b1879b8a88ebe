import { VagusError } from "../../modules/error/index.js";
import { ATT_OVERHEAD, Fragmenter, Reassembler } from "../../modules/gatt/index.js";
import type { CentralLink } from "../link/link.js";
import { Inbox } from "./inbox.js";

export interface ControlOptions {
  readonly link: CentralLink;
  /** How long the device may take for each answer, in milliseconds. */
  readonly timeoutMs?: number;
  /** Milliseconds of a monotonic clock. */
  readonly now?: () => number;
  readonly telemetry?: (value: Uint8Array, nowMs: number) => void;
  readonly refused?: (error: VagusError) => void;
  readonly closed?: (reason: string) => void;
}

/** Whole messages to and from the device on `control`, one at a time each way. */
export class Control {
  readonly #options: ControlOptions;
  readonly #inbox: Inbox;
  readonly #fragmenter = new Fragmenter();
  readonly timeoutMs: number;
  readonly now: () => number;

  private constructor(options: ControlOptions) {
    this.#options = options;
    this.timeoutMs = options.timeoutMs ?? 5000;
    this.now = options.now ?? (() => performance.now());
    this.#inbox = new Inbox(this.timeoutMs);
  }

  /** Subscribes to both characteristics; the device begins then. @throws VagusError `gatt/…` */
  static async open(options: ControlOptions): Promise<Control> {
    const control = new Control(options);
    const reassembler = new Reassembler();
    await options.link.subscribe({
      control: (value) => {
        control.guard(() => control.#inbox.put(reassembler.push(value, control.now())));
      },
      telemetry: (value) => options.telemetry?.(value, control.now()),
      closed: (reason) => {
        control.#inbox.close(reason);
        options.closed?.(reason);
      },
    });
    return control;
  }

  async send(message: Uint8Array): Promise<void> {
    const { link } = this.#options;
    for (const fragment of this.#fragmenter.cut(message, link.mtu - ATT_OVERHEAD)) await link.write(fragment);
  }

  /** @throws VagusError `session/timeout`, `gatt/disconnected` */
  take(what: string): Promise<Uint8Array> {
    return this.#inbox.take(what);
  }

  /** What is refused is told, and nothing else comes of it. */
  guard<T>(action: () => T): T | undefined {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof VagusError)) throw error;
      this.#options.refused?.(error);
      return undefined;
    }
  }

  close(): void {
    this.#options.link.close();
  }
}
