/** The Initiator between message_2 and message_3. */
import type { AgreementCurve, Crypto, PrivateKey } from "../../crypto/port.js";
import { checkNotSelf, composeSignatureOrMac, ownSigningKey, type Statement } from "../authentication.js";
import type { EdhocIdentity, PeerCredential } from "../credentials.js";
import { type EadItem, encodeEad } from "../ead.js";
import type { EdhocOutcome } from "../exporter.js";
import { computeMac3, computePrk4e3m, computeTh4 } from "../key-schedule.js";
import { encodeMessage3, encodePlaintext3 } from "../message-3.js";
import { Once } from "../once.js";
import { initiatorSigns } from "../suites.js";
import { EdhocInitiatorWaitM4 } from "./wait-m4.js";

interface AfterM2<P extends PeerCredential> {
  readonly crypto: Crypto;
  readonly outcome: EdhocOutcome<P>;
  readonly understood: readonly number[];
  readonly point_y: Uint8Array;
  readonly prk_3e2m: Uint8Array;
  readonly th_3: Uint8Array;
}

/** The Responder has proved who it is; who we are is still unsaid. */
export class EdhocInitiatorVerifiedM2<P extends PeerCredential = PeerCredential> {
  readonly peer: P;
  readonly ead_2: readonly EadItem[];
  readonly #state: AfterM2<P>;
  readonly #once = new Once();

  constructor(state: AfterM2<P>, ead_2: readonly EadItem[]) {
    this.peer = state.outcome.peer;
    this.ead_2 = ead_2;
    this.#state = state;
  }

  /** Section 5.4.2. @throws VagusError `edhoc/credential` where the identity does not fit, or is the peer's own */
  async composeMessage3(
    identity: EdhocIdentity,
    ead_3: readonly EadItem[] = [],
  ): Promise<EdhocInitiatorWaitM4<P>> {
    this.#once.take();
    const { crypto, outcome, understood, point_y, prk_3e2m, th_3 } = this.#state;
    const { method, suite, peer } = outcome;
    const { id_cred, cred, key } = identity;
    const signingKey = ownSigningKey(suite, initiatorSigns(method), identity);
    checkNotSelf(identity, peer);
    const g_iy =
      signingKey === undefined ? await crypto.agree(key as PrivateKey<AgreementCurve>, point_y) : undefined;
    const prk_4e3m = computePrk4e3m(crypto, prk_3e2m, th_3, g_iy);
    const statement: Statement = { id_cred, th: th_3, cred, ead: encodeEad(ead_3) };
    const signature_or_mac_3 = await composeSignatureOrMac(
      crypto,
      suite,
      statement,
      (context_3, length) => computeMac3(crypto, prk_4e3m, context_3, length),
      signingKey,
    );
    const plaintext_3 = encodePlaintext3(id_cred, signature_or_mac_3, statement.ead);
    const message_3 = encodeMessage3(crypto, suite, prk_3e2m, th_3, plaintext_3);
    const th_4 = computeTh4(crypto, th_3, plaintext_3, cred);
    return new EdhocInitiatorWaitM4({ crypto, outcome, understood, prk_4e3m, th_4 }, message_3);
  }
}
