/**
 * The Responder: a type for each state, so that a wrong order does not compile.
 *
 *   EdhocResponderReceivedM1.receive(message_1) ──composeMessage2──> EdhocResponderWaitM3 ──receive(message_3)──>
 *   EdhocResponderVerifiedM3 ──composeMessage4──> message_4 and EdhocSession
 *
 * Every state is left once; where that throws, the handshake is over.
 */
import type { AgreementCurve, Crypto, PrivateKey } from "../../crypto/port.js";
import { VagusError } from "../../error/index.js";
import { composeSignatureOrMac, ownSigningKey, type Statement } from "../authentication.js";
import type { EdhocIdentity, PeerCredential } from "../credentials.js";
import { type EadItem, encodeEad, readEad } from "../ead.js";
import { malformed } from "../items.js";
import { computeMac2, computePrk2e, computePrk3e2m, computeTh2, computeTh3 } from "../key-schedule.js";
import { decodeMessage1, type Message1 } from "../message-1.js";
import { crypt2, encodeMessage2, encodePlaintext2 } from "../message-2.js";
import { Once } from "../once.js";
import {
  acceptSuite,
  compactPoint,
  completePoint,
  G_LENGTH,
  type Method,
  responderSigns,
  type Suite,
} from "../suites.js";
import type { ResponderOptions } from "./options.js";
import { EdhocResponderWaitM3 } from "./wait-m3.js";

/** message_1 is read; anybody can have sent it. */
export class EdhocResponderReceivedM1<P extends PeerCredential = PeerCredential> {
  readonly method: Method;
  readonly suite: Suite;
  readonly c_i: Uint8Array;
  readonly ead_1: readonly EadItem[];
  readonly #crypto: Crypto;
  readonly #options: ResponderOptions<P>;
  readonly #message_1: Uint8Array;
  readonly #point_x: Uint8Array;
  readonly #once = new Once();

  private constructor(
    crypto: Crypto,
    options: ResponderOptions<P>,
    message_1: Uint8Array,
    { method, c_i, g_x }: Message1,
    suite: Suite,
    ead_1: readonly EadItem[],
  ) {
    this.method = method;
    this.suite = suite;
    this.c_i = c_i;
    this.ead_1 = ead_1;
    this.#crypto = crypto;
    this.#options = options;
    this.#message_1 = message_1.slice();
    this.#point_x = completePoint(crypto, suite, g_x);
  }

  /**
   * Section 5.2.3. Costs no operation on keys.
   * @throws VagusError `edhoc/suite`, to be answered with `encodeError(error, suites)`; `edhoc/method`,
   *   `edhoc/malformed`, `edhoc/critical-ead`, `crypto/bad-point`, `cbor/…`
   */
  static receive<P extends PeerCredential>(
    crypto: Crypto,
    options: ResponderOptions<P>,
    message_1: Uint8Array,
  ): EdhocResponderReceivedM1<P> {
    const message = decodeMessage1(message_1);
    if (!options.methods.includes(message.method)) {
      throw new VagusError(
        "edhoc/method",
        `expected ${options.methods.join(" or ")}, came ${message.method}`,
      );
    }
    const suite = acceptSuite(message.suites_i, options.suites);
    if (message.g_x.length !== G_LENGTH) {
      throw malformed(`G_X: expected ${G_LENGTH} bytes, came ${message.g_x.length}`);
    }
    const ead_1 = readEad(message.ead_1, options.understood ?? []);
    return new EdhocResponderReceivedM1(crypto, options, message_1, message, suite, ead_1);
  }

  /**
   * Section 5.3.2.
   * @param c_r the connection identifier that the Initiator shall use, perhaps empty
   * @throws VagusError `edhoc/credential` where the identity does not fit, `crypto/bad-point` for G_X of low order
   */
  async composeMessage2(
    identity: EdhocIdentity,
    c_r: Uint8Array,
    ead_2: readonly EadItem[] = [],
  ): Promise<EdhocResponderWaitM3<P>> {
    this.#once.take();
    const crypto = this.#crypto;
    const { method, suite, c_i } = this;
    const { id_cred, cred, key } = identity;
    const signingKey = ownSigningKey(suite, responderSigns(method), identity);
    const y = await crypto.generate(suite.agreement);
    try {
      const g_y = compactPoint(suite, y.publicKey);
      const th_2 = computeTh2(crypto, g_y, this.#message_1);
      const prk_2e = computePrk2e(crypto, th_2, await crypto.agree(y, this.#point_x));
      const g_rx =
        signingKey === undefined
          ? await crypto.agree(key as PrivateKey<AgreementCurve>, this.#point_x)
          : undefined;
      const prk_3e2m = computePrk3e2m(crypto, prk_2e, th_2, g_rx);
      const statement: Statement = { c_r, id_cred, th: th_2, cred, ead: encodeEad(ead_2) };
      const signature_or_mac_2 = await composeSignatureOrMac(
        crypto,
        suite,
        statement,
        (context_2, length) => computeMac2(crypto, prk_3e2m, context_2, length),
        signingKey,
      );
      const plaintext_2 = encodePlaintext2(c_r, id_cred, signature_or_mac_2, statement.ead);
      const message_2 = encodeMessage2(g_y, crypt2(crypto, prk_2e, th_2, plaintext_2));
      const th_3 = computeTh3(crypto, th_2, plaintext_2, cred);
      const session = { method, suite, c_i, c_r };
      return new EdhocResponderWaitM3(
        { crypto, options: this.#options, identity, session, y, prk_3e2m, th_3 },
        message_2,
      );
    } catch (error) {
      y.close();
      throw error;
    }
  }
}
