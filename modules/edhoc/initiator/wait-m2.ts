/**
 * The Initiator: a type for each state, so that a wrong order does not compile.
 *
 *   EdhocInitiatorWaitM2.start ──receive(message_2)──> EdhocInitiatorVerifiedM2 ──composeMessage3──>
 *   EdhocInitiatorWaitM4 ──receive(message_4)──> EdhocSession
 *
 * Every state is left once; where that throws, the handshake is over. message_4 is required.
 */
import { concat } from "../../bytes/index.js";
import type { AgreementCurve, Crypto, PrivateKey } from "../../crypto/port.js";
import { checkPeer, verifySignatureOrMac } from "../authentication.js";
import type { FetchCredential, PeerCredential } from "../credentials.js";
import { type EadItem, encodeEad, readEad } from "../ead.js";
import { refuseError } from "../error.js";
import { computeMac2, computePrk2e, computePrk3e2m, computeTh2, computeTh3 } from "../key-schedule.js";
import { encodeMessage1 } from "../message-1.js";
import { crypt2, decodeMessage2, decodePlaintext2 } from "../message-2.js";
import { Once } from "../once.js";
import {
  compactPoint,
  completePoint,
  type Method,
  responderSigns,
  type SuiteNumber,
  suiteOf,
  suitesI,
} from "../suites.js";
import { EdhocInitiatorVerifiedM2 } from "./verified-m2.js";

export interface InitiatorOptions<P extends PeerCredential> {
  readonly method: Method;
  /** The Initiator's suites, most preferred first. The order never changes with what a Responder says. */
  readonly suites: readonly number[];
  /** The one to try; the first of `suites` unless an error message named others (`selectSuite`). */
  readonly selected: SuiteNumber;
  /** The connection identifier that the Responder shall use, perhaps empty. */
  readonly c_i: Uint8Array;
  readonly ead_1?: readonly EadItem[];
  /** Labels of EAD items that the application handles. */
  readonly understood?: readonly number[];
  readonly fetchCredential: FetchCredential<P>;
}

/** message_1 is made, message_2 is due. */
export class EdhocInitiatorWaitM2<P extends PeerCredential = PeerCredential> {
  readonly message_1: Uint8Array;
  readonly #crypto: Crypto;
  readonly #options: InitiatorOptions<P>;
  readonly #x: PrivateKey<AgreementCurve>;
  readonly #once = new Once();

  private constructor(
    crypto: Crypto,
    options: InitiatorOptions<P>,
    x: PrivateKey<AgreementCurve>,
    message_1: Uint8Array,
  ) {
    this.#crypto = crypto;
    this.#options = options;
    this.#x = x;
    this.message_1 = message_1;
  }

  /** Section 5.2.2. @throws VagusError `edhoc/suite`, `edhoc/malformed` for options that make no message */
  static async start<P extends PeerCredential>(
    crypto: Crypto,
    options: InitiatorOptions<P>,
  ): Promise<EdhocInitiatorWaitM2<P>> {
    const { method, c_i } = options;
    const suite = suiteOf(options.selected);
    const suites_i = suitesI(options.suites, options.selected);
    const ead_1 = encodeEad(options.ead_1 ?? []);
    const x = await crypto.generate(suite.agreement);
    const g_x = compactPoint(suite, x.publicKey);
    const message_1 = encodeMessage1({ method, suites_i, g_x, c_i }, ead_1);
    return new EdhocInitiatorWaitM2(crypto, options, x, message_1);
  }

  /**
   * Section 5.3.3. The reason of a failure is for the own log, not for the peer (`encodeError`).
   * @throws VagusError `edhoc/mac`, `edhoc/malformed`, `edhoc/critical-ead`, `edhoc/credential`, `edhoc/peer` for an
   *   error message, `crypto/bad-point`, `cbor/…`; whatever `fetchCredential` throws
   */
  async receive(message_2: Uint8Array): Promise<EdhocInitiatorVerifiedM2<P>> {
    this.#once.take();
    try {
      return await this.#verify(message_2);
    } finally {
      this.#x.close();
    }
  }

  async #verify(message_2: Uint8Array): Promise<EdhocInitiatorVerifiedM2<P>> {
    const crypto = this.#crypto;
    const { method, c_i, understood = [], fetchCredential } = this.#options;
    const suite = suiteOf(this.#options.selected);
    refuseError(message_2);
    const { g_y, ciphertext_2 } = decodeMessage2(message_2);
    const th_2 = computeTh2(crypto, g_y, this.message_1);
    const point_y = completePoint(crypto, suite, g_y);
    const prk_2e = computePrk2e(crypto, th_2, await crypto.agree(this.#x, point_y));
    const plaintext_2 = crypt2(crypto, prk_2e, th_2, ciphertext_2);
    const { c_r, id_cred_r, signature_or_mac_2, ead_2 } = decodePlaintext2(plaintext_2);
    const ead = readEad(ead_2, understood);

    const peer = await fetchCredential(id_cred_r, ead);
    const signs = responderSigns(method);
    checkPeer(suite, signs, id_cred_r, peer);
    const g_rx = signs ? undefined : await crypto.agree(this.#x, peer.key.publicKey);
    const prk_3e2m = computePrk3e2m(crypto, prk_2e, th_2, g_rx);
    const statement = { c_r, id_cred: id_cred_r.encoded, th: th_2, cred: peer.cred, ead: concat(...ead_2) };
    verifySignatureOrMac(
      crypto,
      suite,
      statement,
      (context_2, length) => computeMac2(crypto, prk_3e2m, context_2, length),
      signs ? peer.key.publicKey : undefined,
      signature_or_mac_2,
    );
    const th_3 = computeTh3(crypto, th_2, plaintext_2, peer.cred);
    const outcome = { method, suite, c_i, c_r, peer };
    return new EdhocInitiatorVerifiedM2({ crypto, outcome, understood, point_y, prk_3e2m, th_3 }, ead);
  }

  /** Forgets the ephemeral key of a handshake that will not be finished. */
  close(): void {
    this.#x.close();
  }
}
