/** What a finished EDHOC leaves (RFC 9528 sections 4.1.3, 4.2, appendix H): PRK_out, and keys derived from it. */
import type { Crypto } from "../crypto/port.js";
import { VagusError } from "../error/index.js";
import type { PeerCredential } from "./credentials.js";
import type { EadItem } from "./ead.js";
import { computePrkExporter, computeUpdatedPrkOut, edhocKdf } from "./key-schedule.js";
import type { Method, Suite } from "./suites.js";

const EXPORTER_LABEL_MAX = 65535;

/** What both sides know of the session besides its keys. */
export interface EdhocOutcome<P extends PeerCredential> {
  readonly method: Method;
  readonly suite: Suite;
  readonly c_i: Uint8Array;
  readonly c_r: Uint8Array;
  /** As the application's `fetchCredential` gave it; its private key is proved. */
  readonly peer: P;
}

export class EdhocSession<P extends PeerCredential = PeerCredential> implements EdhocOutcome<P> {
  readonly method: Method;
  readonly suite: Suite;
  readonly c_i: Uint8Array;
  readonly c_r: Uint8Array;
  readonly peer: P;
  /** The items of EAD_4 that the Initiator understands; empty on the Responder's side. */
  readonly ead_4: readonly EadItem[];
  readonly #crypto: Crypto;
  #prk_out: Uint8Array | undefined;
  #prk_exporter: Uint8Array;

  constructor(crypto: Crypto, outcome: EdhocOutcome<P>, prk_out: Uint8Array, ead_4: readonly EadItem[] = []) {
    this.method = outcome.method;
    this.suite = outcome.suite;
    this.c_i = outcome.c_i;
    this.c_r = outcome.c_r;
    this.peer = outcome.peer;
    this.ead_4 = ead_4;
    this.#crypto = crypto;
    this.#prk_out = prk_out;
    this.#prk_exporter = computePrkExporter(crypto, prk_out);
  }

  /**
   * EDHOC_Exporter, bound: it has the shape of the session's `Exporter`. After a key update it gives new secrets.
   * @throws VagusError `edhoc/malformed` for a label beyond 0 to 65535, `crypto/bad-length` beyond 8160 bytes,
   *   `edhoc/order` once closed
   */
  readonly exporter = (label: number, context: Uint8Array, length: number): Uint8Array => {
    this.open();
    if (!Number.isInteger(label) || label < 0 || label > EXPORTER_LABEL_MAX) {
      throw new VagusError(
        "edhoc/malformed",
        `exporter_label: expected 0 to ${EXPORTER_LABEL_MAX}, came ${label}`,
      );
    }
    return edhocKdf(this.#crypto, this.#prk_exporter, label, context, length);
  };

  /**
   * EDHOC_KeyUpdate: both sides call it with the same context, and cannot go back. @throws VagusError `edhoc/order`
   */
  keyUpdate(context: Uint8Array): void {
    const old = this.open();
    this.#prk_out = computeUpdatedPrkOut(this.#crypto, old, context);
    this.#prk_exporter.fill(0);
    this.#prk_exporter = computePrkExporter(this.#crypto, this.#prk_out);
    old.fill(0);
  }

  /** Forgets the secrets. Closing twice does nothing. */
  close(): void {
    this.#prk_out?.fill(0);
    this.#prk_exporter.fill(0);
    this.#prk_out = undefined;
  }

  private open(): Uint8Array {
    if (this.#prk_out === undefined)
      throw new VagusError("edhoc/order", "expected an open session, came a closed one");
    return this.#prk_out;
  }
}
