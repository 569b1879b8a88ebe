/** The Responder between message_2 and message_3. */
import { concat } from "../../bytes/index.js";
import type { AgreementCurve, Crypto, PrivateKey } from "../../crypto/port.js";
import { checkNotSelf, checkPeer, verifySignatureOrMac } from "../authentication.js";
import type { EdhocIdentity, PeerCredential } from "../credentials.js";
import { readEad } from "../ead.js";
import { refuseError } from "../error.js";
import type { EdhocOutcome } from "../exporter.js";
import { computeMac3, computePrk4e3m, computeTh4 } from "../key-schedule.js";
import { decodeMessage3, decodePlaintext3 } from "../message-3.js";
import { Once } from "../once.js";
import { initiatorSigns } from "../suites.js";
import type { ResponderOptions } from "./options.js";
import { EdhocResponderVerifiedM3 } from "./verified-m3.js";

interface AfterM2<P extends PeerCredential> {
  readonly crypto: Crypto;
  readonly options: ResponderOptions<P>;
  readonly identity: EdhocIdentity;
  readonly session: Omit<EdhocOutcome<P>, "peer">;
  readonly y: PrivateKey<AgreementCurve>;
  readonly prk_3e2m: Uint8Array;
  readonly th_3: Uint8Array;
}

/** message_2 is made, message_3 is due. */
export class EdhocResponderWaitM3<P extends PeerCredential = PeerCredential> {
  readonly message_2: Uint8Array;
  readonly #state: AfterM2<P>;
  readonly #once = new Once();

  constructor(state: AfterM2<P>, message_2: Uint8Array) {
    this.#state = state;
    this.message_2 = message_2;
  }

  /**
   * Section 5.4.3. @throws VagusError `edhoc/mac`, `edhoc/malformed`, `edhoc/critical-ead`, `edhoc/credential`,
   *   `edhoc/peer` for an error message, `cbor/…`; whatever `fetchCredential` throws
   */
  async receive(message_3: Uint8Array): Promise<EdhocResponderVerifiedM3<P>> {
    this.#once.take();
    try {
      return await this.#verify(message_3);
    } finally {
      this.#state.y.close();
    }
  }

  async #verify(message_3: Uint8Array): Promise<EdhocResponderVerifiedM3<P>> {
    const { crypto, options, identity, session, y, prk_3e2m, th_3 } = this.#state;
    const { method, suite } = session;
    refuseError(message_3);
    const plaintext_3 = decodeMessage3(crypto, suite, prk_3e2m, th_3, message_3);
    const { id_cred_i, signature_or_mac_3, ead_3 } = decodePlaintext3(plaintext_3);
    const ead = readEad(ead_3, options.understood ?? []);

    const peer = await options.fetchCredential(id_cred_i, ead);
    const signs = initiatorSigns(method);
    checkPeer(suite, signs, id_cred_i, peer);
    checkNotSelf(identity, peer);
    const g_iy = signs ? undefined : await crypto.agree(y, peer.key.publicKey);
    const prk_4e3m = computePrk4e3m(crypto, prk_3e2m, th_3, g_iy);
    verifySignatureOrMac(
      crypto,
      suite,
      { id_cred: id_cred_i.encoded, th: th_3, cred: peer.cred, ead: concat(...ead_3) },
      (context_3, length) => computeMac3(crypto, prk_4e3m, context_3, length),
      signs ? peer.key.publicKey : undefined,
      signature_or_mac_3,
    );
    const th_4 = computeTh4(crypto, th_3, plaintext_3, peer.cred);
    return new EdhocResponderVerifiedM3({ crypto, outcome: { ...session, peer }, prk_4e3m, th_4 }, ead);
  }

  /** Forgets the ephemeral key of a handshake that will not be finished. */
  close(): void {
    this.#state.y.close();
  }
}
