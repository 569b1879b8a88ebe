/**
 * The flows of a session: one direction on one characteristic, with its own key, common IV and counter.
 *
 *   message  COSE_Encrypt0 [ << { alg: AES-CCM-16-128-128 } >>, { Partial IV: n }, ciphertext ]   (RFC 9052 section 5.2)
 *   nonce    common IV XOR n, left-padded to 13 bytes                                     (RFC 9052 section 3.1)
 *
 * n is the message's sequence number. It starts at 0 and only rises; a receiver refuses whatever is not higher than
 * the last it opened. There is no window: the link keeps the order, so an older one is a replay.
 */
import { ALGORITHM, decrypt0, encrypt0, partialIvOf } from "../cose/index.js";
import type { Crypto } from "../crypto/port.js";
import { VagusError } from "../error/index.js";
import type { Exporter } from "./exporter.js";

/** Exporter labels: the key of flow f is 32768 + 2f, its common IV the next. */
const FLOWS = { toDevice: 0, toProgrammer: 1, telemetry: 2 } as const;
export type FlowName = keyof typeof FLOWS;

const LABEL_BASE = 32768;
const KEY_LENGTH = 16;
const IV_LENGTH = 13;
const AEAD = ALGORITHM["AES-CCM-16-128-128"];

/** Messages under one key, far below the confidentiality and integrity limits of CCM (RFC 9147 appendix B). */
export const SEQUENCE_MAX = 2 ** 23 - 1;

interface FlowKey {
  readonly key: Uint8Array;
  readonly baseIv: Uint8Array;
}

function flowKey(exporter: Exporter, flow: FlowName): FlowKey {
  const label = LABEL_BASE + 2 * FLOWS[flow];
  const none = new Uint8Array(0);
  return { key: exporter(label, none, KEY_LENGTH), baseIv: exporter(label + 1, none, IV_LENGTH) };
}

/** The sending end of a flow. */
export class SendFlow {
  private readonly crypto: Crypto;
  private readonly flow: FlowKey;
  private sequence = 0;

  constructor(crypto: Crypto, exporter: Exporter, flow: FlowName) {
    this.crypto = crypto;
    this.flow = flowKey(exporter, flow);
  }

  /** @throws VagusError `session/exhausted` when the counter has run out: the session must be renewed. */
  seal(plaintext: Uint8Array): Uint8Array {
    if (this.sequence > SEQUENCE_MAX) {
      throw new VagusError(
        "session/exhausted",
        `expected at most ${SEQUENCE_MAX + 1} messages under one key`,
      );
    }
    const partialIv = this.sequence++;
    return encrypt0(this.crypto, { algorithm: AEAD, ...this.flow, partialIv }, plaintext);
  }
}

/** The receiving end of a flow. */
export class ReceiveFlow {
  private readonly crypto: Crypto;
  private readonly flow: FlowKey;
  private last = -1;

  constructor(crypto: Crypto, exporter: Exporter, flow: FlowName) {
    this.crypto = crypto;
    this.flow = flowKey(exporter, flow);
  }

  /**
   * The plaintext of a message that is new. Whatever is refused leaves the flow as it was.
   * @throws VagusError `session/replay`, `session/exhausted`, or what COSE refuses (`cose/…`, `cbor/…`)
   */
  open(message: Uint8Array): Uint8Array {
    const sequence = partialIvOf(message);
    if (sequence <= this.last) {
      throw new VagusError("session/replay", `expected a sequence above ${this.last}, came ${sequence}`);
    }
    if (sequence > SEQUENCE_MAX) {
      throw new VagusError(
        "session/exhausted",
        `expected a sequence up to ${SEQUENCE_MAX}, came ${sequence}`,
      );
    }
    const { plaintext } = decrypt0(this.crypto, { algorithms: [AEAD], ...this.flow }, message);
    this.last = sequence;
    return plaintext;
  }
}

/** A session as the device holds it. */
export interface DeviceSession {
  readonly commands: ReceiveFlow;
  readonly replies: SendFlow;
  readonly telemetry: SendFlow;
}

/** A session as the programmer holds it. */
export interface ProgrammerSession {
  readonly commands: SendFlow;
  readonly replies: ReceiveFlow;
  readonly telemetry: ReceiveFlow;
}

export function deviceSession(crypto: Crypto, exporter: Exporter): DeviceSession {
  return {
    commands: new ReceiveFlow(crypto, exporter, "toDevice"),
    replies: new SendFlow(crypto, exporter, "toProgrammer"),
    telemetry: new SendFlow(crypto, exporter, "telemetry"),
  };
}

export function programmerSession(crypto: Crypto, exporter: Exporter): ProgrammerSession {
  return {
    commands: new SendFlow(crypto, exporter, "toDevice"),
    replies: new ReceiveFlow(crypto, exporter, "toProgrammer"),
    telemetry: new ReceiveFlow(crypto, exporter, "telemetry"),
  };
}
