/** The Responder between message_3 and message_4. */
import type { Crypto } from "../../crypto/port.js";
import type { PeerCredential } from "../credentials.js";
import type { EadItem } from "../ead.js";
import { type EdhocOutcome, EdhocSession } from "../exporter.js";
import { computePrkOut } from "../key-schedule.js";
import { encodeMessage4 } from "../message-4.js";
import { Once } from "../once.js";

interface AfterM3<P extends PeerCredential> {
  readonly crypto: Crypto;
  readonly outcome: EdhocOutcome<P>;
  readonly prk_4e3m: Uint8Array;
  readonly th_4: Uint8Array;
}

/** The Initiator has proved who it is. */
export class EdhocResponderVerifiedM3<P extends PeerCredential = PeerCredential> {
  readonly peer: P;
  readonly ead_3: readonly EadItem[];
  readonly #state: AfterM3<P>;
  readonly #once = new Once();

  constructor(state: AfterM3<P>, ead_3: readonly EadItem[]) {
    this.peer = state.outcome.peer;
    this.ead_3 = ead_3;
    this.#state = state;
  }

  /** Section 5.5.2. */
  composeMessage4(ead_4: readonly EadItem[] = []): { message_4: Uint8Array; session: EdhocSession<P> } {
    this.#once.take();
    const { crypto, outcome, prk_4e3m, th_4 } = this.#state;
    const message_4 = encodeMessage4(crypto, outcome.suite, prk_4e3m, th_4, ead_4);
    const prk_out = computePrkOut(crypto, prk_4e3m, th_4);
    return { message_4, session: new EdhocSession(crypto, outcome, prk_out) };
  }
}
