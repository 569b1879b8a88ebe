/** The Initiator between message_3 and message_4. */
import type { Crypto } from "../../crypto/port.js";
import type { PeerCredential } from "../credentials.js";
import { refuseError } from "../error.js";
import { type EdhocOutcome, EdhocSession } from "../exporter.js";
import { computePrkOut } from "../key-schedule.js";
import { decodeMessage4 } from "../message-4.js";
import { Once } from "../once.js";

interface AfterM3<P extends PeerCredential> {
  readonly crypto: Crypto;
  readonly outcome: EdhocOutcome<P>;
  readonly understood: readonly number[];
  readonly prk_4e3m: Uint8Array;
  readonly th_4: Uint8Array;
}

/** message_3 is made; message_4 is due, and with it the proof that the Responder took it. */
export class EdhocInitiatorWaitM4<P extends PeerCredential = PeerCredential> {
  readonly message_3: Uint8Array;
  readonly #state: AfterM3<P>;
  readonly #once = new Once();

  constructor(state: AfterM3<P>, message_3: Uint8Array) {
    this.#state = state;
    this.message_3 = message_3;
  }

  /**
   * Section 5.5.3. @throws VagusError `edhoc/mac`, `edhoc/critical-ead`, `edhoc/malformed`, `edhoc/peer`, `cbor/…`
   */
  receive(message_4: Uint8Array): EdhocSession<P> {
    this.#once.take();
    const { crypto, outcome, understood, prk_4e3m, th_4 } = this.#state;
    refuseError(message_4);
    const ead_4 = decodeMessage4(crypto, outcome.suite, prk_4e3m, th_4, message_4, understood);
    return new EdhocSession(crypto, outcome, computePrkOut(crypto, prk_4e3m, th_4), ead_4);
  }
}
