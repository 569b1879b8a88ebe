import { ANCESTOR_EAD, type Own, type Trust, type TrustedPeer } from "../credential/index.js";
import type { Crypto } from "../crypto/port.js";
import {
  type EdhocIdentity,
  type EdhocInitiatorVerifiedM2,
  EdhocInitiatorWaitM2,
  type EdhocInitiatorWaitM4,
  kcwtIdCred,
  kidIdCred,
} from "../edhoc/index.js";
import { VagusError } from "../error/index.js";
import {
  CONNECTION_ID,
  checkVersion,
  type Exporter,
  LabelInitiatorWaitLabel2,
  METHOD,
  offerVersions,
  suiteFor,
  VERSION_EAD,
} from "../session/index.js";
import { Rights } from "./rights.js";

/** What a handshake ends in: keys, and what the peer may do with them. */
export interface Established {
  readonly exporter: Exporter;
  readonly rights: Rights;
  /** Seconds since 1970 when the peer's credential ends. */
  readonly expires: number | undefined;
  /** Moves both sides to new keys (EDHOC_KeyUpdate). A label session is too short for it. */
  keyUpdate(context: Uint8Array): void;
  close(): void;
}

export interface Step {
  readonly answer?: Uint8Array;
  readonly established?: Established;
}

/** The device's side of a handshake, whichever it is: it begins, and takes what comes until it is done. */
export interface Handshake {
  begin(): Promise<Uint8Array>;
  /** @throws VagusError where the peer is refused; the handshake is over then */
  receive(message: Uint8Array): Promise<Step>;
  close(): void;
}

const ORDER = "expected no message now, came one";

/** For a device that has no credential yet: whoever holds its label may provision it. */
export class LabelHandshake implements Handshake {
  private readonly crypto: Crypto;
  private readonly label: Uint8Array;
  private state: LabelInitiatorWaitLabel2 | undefined;

  constructor(crypto: Crypto, label: Uint8Array) {
    this.crypto = crypto;
    this.label = label;
  }

  async begin(): Promise<Uint8Array> {
    this.state = await LabelInitiatorWaitLabel2.start(this.crypto, this.label);
    return this.state.label_1;
  }

  async receive(message: Uint8Array): Promise<Step> {
    const state = this.state;
    this.state = undefined;
    if (state === undefined) throw new VagusError("session/order", ORDER);
    const { label_3, exporter } = await state.receive(message);
    const keyUpdate = () => {
      throw new VagusError("device/command", "expected a session of EDHOC, came one of the label");
    };
    return {
      answer: label_3,
      established: { exporter, rights: new Rights(undefined), expires: undefined, keyUpdate, close() {} },
    };
  }

  close(): void {
    this.state?.close();
    this.state = undefined;
  }
}

/**
 * EDHOC as Initiator: says nothing about who it is before the programmer has proved its own credential, and goes by
 * `kid` where the programmer does, which then holds its credential from before.
 */
export class EdhocHandshake implements Handshake {
  private readonly crypto: Crypto;
  private readonly own: Own;
  private readonly trust: Trust;
  private byKid = false;
  private waitM2: EdhocInitiatorWaitM2<TrustedPeer> | undefined;
  private waitM4: EdhocInitiatorWaitM4<TrustedPeer> | undefined;

  constructor(crypto: Crypto, own: Own, trust: Trust) {
    this.crypto = crypto;
    this.own = own;
    this.trust = trust;
  }

  async begin(): Promise<Uint8Array> {
    const suite = suiteFor(this.own.key.curve);
    this.waitM2 = await EdhocInitiatorWaitM2.start<TrustedPeer>(this.crypto, {
      method: METHOD,
      suites: [suite],
      selected: suite,
      c_i: CONNECTION_ID.initiator,
      ead_1: offerVersions(),
      understood: [VERSION_EAD, ANCESTOR_EAD],
      fetchCredential: (id_cred, ead) => {
        this.byKid = id_cred.kind === "kid";
        return this.trust.fetchCredential(id_cred, ead);
      },
    });
    return this.waitM2.message_1;
  }

  async receive(message: Uint8Array): Promise<Step> {
    const [waitM2, waitM4] = [this.waitM2, this.waitM4];
    this.waitM2 = undefined;
    this.waitM4 = undefined;
    if (waitM2 !== undefined) return this.afterM2(await waitM2.receive(message));
    if (waitM4 === undefined) throw new VagusError("session/order", ORDER);
    const session = waitM4.receive(message);
    this.trust.keep(session.peer);
    return {
      established: {
        exporter: session.exporter,
        rights: new Rights(session.peer),
        expires: session.peer.credential.expires,
        keyUpdate: (context) => session.keyUpdate(context),
        close: () => session.close(),
      },
    };
  }

  private async afterM2(verified: EdhocInitiatorVerifiedM2<TrustedPeer>): Promise<Step> {
    checkVersion(verified.ead_2);
    this.waitM4 = await verified.composeMessage3(this.identity());
    return { answer: this.waitM4.message_3 };
  }

  private identity(): EdhocIdentity {
    const { kid, key, credential } = this.own;
    const cred = credential.token;
    return { id_cred: this.byKid ? kidIdCred(kid) : kcwtIdCred(cred), cred, key };
  }

  close(): void {
    this.waitM2?.close();
    this.waitM2 = undefined;
    this.waitM4 = undefined;
  }
}
