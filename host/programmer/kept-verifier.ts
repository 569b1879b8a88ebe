import type { Crypto } from "../../modules/crypto/port.js";
import type { StreamPosition } from "../../modules/reading/index.js";
import { type AcceptedToken, type DeviceKey, DeviceVerifier, STREAM } from "../../modules/reading/index.js";

/** Where verified tokens are kept. It outlives sessions and, on a disk, processes. */
export interface TokenStore {
  /** Keys of the device, by which it has signed since it is known. */
  readonly keys: readonly DeviceKey[];
  /** Where a stream goes on; undefined where nothing of it is kept. */
  position(stream: number): StreamPosition | undefined;
  /** A restart finds it when this returns; where it throws, nothing of it is there. @throws VagusError `host/store` */
  append(stream: number, token: Uint8Array): void;
}

const STREAMS: readonly number[] = Object.values(STREAM);

/** A token is kept before it counts: what could not be kept is refused, and is fetched again. */
export class KeptVerifier extends DeviceVerifier {
  readonly #keep: (token: AcceptedToken, stream: number) => void;

  /** @param keep throws where the token is not to count */
  constructor(
    crypto: Crypto,
    device: DeviceKey,
    store: TokenStore,
    keep: (token: AcceptedToken, stream: number) => void,
  ) {
    super(crypto, device, { earlier: store.keys, position: (stream) => store.position(stream) });
    this.#keep = keep;
  }

  override accept(token: Uint8Array): AcceptedToken {
    const before = STREAMS.map((stream) => this.stream(stream).position);
    const accepted = super.accept(token);
    try {
      this.#keep(accepted, streamOf(accepted));
    } catch (error) {
      for (const [index, stream] of STREAMS.entries()) this.stream(stream).resume(before[index]);
      throw error;
    }
    return accepted;
  }
}

/** What is declared of a stream is that stream's. */
export function streamOf(token: AcceptedToken): number {
  const { kind } = token;
  return kind === "gap" || kind === "boot" || kind === "tip" ? token.stream : token.cti.stream;
}
