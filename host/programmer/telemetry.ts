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
  readonly #flow: ReceiveFlow;
  readonly #verifier: StreamVerifier;
  readonly #reassembler = new Reassembler();
  readonly figures: TelemetryFigures = { airBytes: 0, packets: 0, verified: 0, refused: 0 };

  constructor(crypto: Crypto, flow: ReceiveFlow, device: DeviceKey) {
    this.#flow = flow;
    this.#verifier = new StreamVerifier(crypto, device, STREAM.ecg);
  }

  /** @returns the token that this notification completes; an error when it was refused; undefined in between */
  receive(value: Uint8Array, nowMs: number): AcceptedToken | VagusError | undefined {
    this.figures.airBytes += value.length;
    this.figures.packets++;
    try {
      const message = this.#reassembler.push(value, nowMs);
      if (message === undefined) return undefined;
      const token = this.#verifier.accept(this.#flow.open(message));
      this.figures.verified++;
      return token;
    } catch (error) {
      if (!(error instanceof VagusError)) throw error;
      this.figures.refused++;
      return error;
    }
  }
}
