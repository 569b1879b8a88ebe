import type { Crypto } from "../../../modules/crypto/port.js";
import {
  type Exporter,
  LabelInitiatorWaitLabel2,
  LabelResponderWaitLabel3,
} from "../../../modules/session/index.js";

export const LABEL = new Uint8Array(16).fill(0x4c);

export interface Handshake {
  readonly label_1: Uint8Array;
  readonly label_2: Uint8Array;
  readonly label_3: Uint8Array;
  readonly device: Exporter;
  readonly programmer: Exporter;
}

/** A whole label handshake between a device and a programmer. */
export async function shakeHands(crypto: Crypto, label = LABEL): Promise<Handshake> {
  const initiator = await LabelInitiatorWaitLabel2.start(crypto, label);
  const { label_1 } = initiator;
  const responder = await LabelResponderWaitLabel3.answer(crypto, label, label_1);
  const { label_2 } = responder;
  const { label_3, exporter } = await initiator.receive(label_2);
  return { label_1, label_2, label_3, device: exporter, programmer: responder.receive(label_3) };
}

/** An exporter without a handshake: any label, context and length give bytes of their own. */
export function fixedExporter(crypto: Crypto, seed = 1): Exporter {
  const prk = new Uint8Array(32).fill(seed);
  return (label, context, length) =>
    crypto.hkdfExpand(prk, Uint8Array.of(label >> 8, label & 0xff, length, ...context), length);
}

/** `bytes` with one bit turned over, for each bit; bit 0 is the lowest of the first byte. */
export function* flips(bytes: Uint8Array): Generator<[number, Uint8Array]> {
  for (let bit = 0; bit < 8 * bytes.length; bit++) {
    const flipped = bytes.slice();
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    yield [bit, flipped];
  }
}
