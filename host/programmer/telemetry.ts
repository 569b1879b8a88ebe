import type { Crypto } from "../../modules/crypto/port.js";
import { VagusError } from "../../modules/error/index.js";
import { Reassembler } from "../../modules/gatt/index.js";
import { type AcceptedToken, type DeviceKey, STREAM, StreamVerifier } from "../../modules/reading/index.js";
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
  #flow: ReceiveFlow;
  #next: ReceiveFlow | undefined;
  readonly #verifier: StreamVerifier;
  readonly #reassembler = new Reassembler();
  readonly figures: TelemetryFigures = { airBytes: 0, packets: 0, verified: 0, refused: 0 };

  constructor(crypto: Crypto, flow: ReceiveFlow, device: DeviceKey) {
    this.#flow = flow;
    this.#verifier = new StreamVerifier(crypto, device, STREAM.ecg);
  }

  /** New keys are on their way: what the old flow refuses may be the first message of the new one. */
  expect(next: ReceiveFlow): void {
    this.#next = next;
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

  #open(message: Uint8Array): Uint8Array {
    if (this.#next === undefined) return this.#flow.open(message);
    try {
      return this.#flow.open(message);
    } catch (error) {
      if (!(error instanceof VagusError)) throw error;
      const plaintext = this.#next.open(message);
      this.#flow = this.#next;
      this.#next = undefined;
      return plaintext;
    }
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
