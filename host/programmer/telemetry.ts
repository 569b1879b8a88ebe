import { VagusError } from "../../modules/error/index.js";
import { Reassembler } from "../../modules/gatt/index.js";
import type { AcceptedToken, DeviceVerifier } from "../../modules/reading/index.js";
import type { ReceiveFlow } from "../../modules/session/index.js";

/** What came in, counted. */
export interface TelemetryFigures {
  /** Octets of notification values: COSE, CWT, samples and fragment headers; without ATT's three a packet. */
  airBytes: number;
  packets: number;
  verified: number;
  refused: number;
}

/**
 * The way back: fragments to messages, messages to tokens, tokens to samples. A stage that refuses is counted and
 * changes nothing: what comes after it is still accepted.
 */
export class Telemetry {
  /** The flow in use, and behind it those whose keys are on their way. */
  #flows: ReceiveFlow[];
  readonly #verifier: DeviceVerifier;
  readonly #reassembler = new Reassembler();
  readonly figures: TelemetryFigures = { airBytes: 0, packets: 0, verified: 0, refused: 0 };

  constructor(flow: ReceiveFlow, verifier: DeviceVerifier) {
    this.#flows = [flow];
    this.#verifier = verifier;
  }

  /** New keys are on their way: what the old flow refuses may be the first message of the new one. */
  expect(next: ReceiveFlow): void {
    this.#flows.push(next);
  }

  /** @returns the token that this notification completes; an error when it was refused; undefined in between */
  receive(value: Uint8Array, nowMs: number): AcceptedToken | VagusError | undefined {
    this.figures.airBytes += value.length;
    this.figures.packets++;
    return this.#count(() => {
      const message = this.#reassembler.push(value, nowMs);
      return message === undefined ? undefined : this.#verifier.accept(this.#open(message));
    });
  }

  /** A token that came another way: the head in the answer to `close`. One that does not fit yet is not counted. */
  accept(token: Uint8Array): AcceptedToken | VagusError {
    try {
      const accepted = this.#verifier.accept(token);
      this.figures.verified++;
      return accepted;
    } catch (error) {
      if (!(error instanceof VagusError)) throw error;
      return error;
    }
  }

  /** By the flow in use, else by one of those to come: then it is that one's turn, and the older are done with. */
  #open(message: Uint8Array): Uint8Array {
    let refusal: unknown;
    for (const [index, flow] of this.#flows.entries()) {
      try {
        const plaintext = flow.open(message);
        this.#flows.splice(0, index);
        return plaintext;
      } catch (error) {
        if (!(error instanceof VagusError)) throw error;
        refusal ??= error;
      }
    }
    throw refusal;
  }

  #count(action: () => AcceptedToken | undefined): AcceptedToken | VagusError | undefined {
    try {
      const token = action();
      if (token !== undefined) this.figures.verified++;
      return token;
    } catch (error) {
      if (!(error instanceof VagusError)) throw error;
      this.figures.refused++;
      return error;
    }
  }
}
