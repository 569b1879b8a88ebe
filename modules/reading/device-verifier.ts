import type { Crypto } from "../crypto/port.js";
import { VagusError } from "../error/index.js";
import type { AcceptedToken, DeviceKey } from "./accepted.js";
import { type Authentic, authenticate } from "./authentic.js";
import { STREAM } from "./claims.js";
import { decodeBoot, decodeGap, decodeTip } from "./declarations.js";
import { type StreamPosition, StreamVerifier } from "./verifier.js";

const STREAMS: readonly number[] = Object.values(STREAM);

/** What is known of a device from before. */
export interface Known {
  /** Keys that it had earlier: what they signed may still come out of its journal. */
  readonly earlier?: readonly DeviceKey[];
  /** How far a stream has been verified. */
  position?(stream: number): StreamPosition | undefined;
}

/** All of a device's streams, each verified by itself. It outlives sessions: the next one goes on where the last ended. */
export class DeviceVerifier {
  readonly #crypto: Crypto;
  readonly #keys: readonly DeviceKey[];
  readonly #streams: readonly StreamVerifier[];

  constructor(crypto: Crypto, device: DeviceKey, known: Known = {}) {
    this.#crypto = crypto;
    this.#keys = [device, ...(known.earlier ?? [])];
    this.#streams = STREAMS.map(
      (stream) => new StreamVerifier(crypto, device, stream, known.position?.(stream)),
    );
  }

  /** @throws VagusError `reading/order` for a stream that there is not */
  stream(stream: number): StreamVerifier {
    const found = this.#streams[STREAMS.indexOf(stream)];
    if (found !== undefined) return found;
    throw new VagusError("reading/order", `expected stream ${STREAMS.join(", ")}, came ${stream}`);
  }

  /** The stream says which verifier judges it. @throws VagusError as `StreamVerifier.accept` */
  accept(token: Uint8Array): AcceptedToken {
    const authentic = authenticate(this.#crypto, this.#keys, token);
    return this.stream(streamOf(authentic)).take(authentic);
  }
}

function streamOf({ kind, cti, claim }: Authentic): number {
  if (kind === "gap") return decodeGap(claim).stream;
  if (kind === "tip") return decodeTip(claim).stream;
  return kind === "boot" ? decodeBoot(claim).stream : cti.stream;
}
