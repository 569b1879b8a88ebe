import {
  ancestorItem,
  type Credential,
  type Trust,
  type TrustedPeer,
} from "../../modules/credential/index.js";
import type { Crypto, PrivateKey, SigningCurve } from "../../modules/crypto/port.js";
import {
  EdhocResponderReceivedM1,
  type EdhocSession,
  kcwtIdCred,
  kidIdCred,
} from "../../modules/edhoc/index.js";
import { VagusError } from "../../modules/error/index.js";
import { CONNECTION_ID, chooseVersion, METHOD, suiteFor, VERSION_EAD } from "../../modules/session/index.js";
import type { Control } from "./control.js";

/** What a programmer authenticates with, and whom it believes. */
export interface Own {
  readonly crypto: Crypto;
  /** Who the programmer is: its credential, and the key that it names. */
  readonly credential: Credential;
  readonly key: PrivateKey<SigningCurve>;
  /** Which devices it believes. */
  readonly trust: Trust;
  /** A hub shows whose delegation it rests on. */
  readonly ancestor?: Credential;
  /** Names the credential instead of sending it, to a device that has seen it before. */
  readonly byKid?: boolean;
}

/**
 * EDHOC as Responder: this side names itself first, the device only to someone that it believes.
 * @throws VagusError `device/unprovisioned`, `edhoc/…`, `session/…`, `cwt/…`, `gatt/…`
 */
export async function respond(control: Control, own: Own): Promise<EdhocSession<TrustedPeer>> {
  const { crypto, credential, ancestor, key, trust, byKid } = own;
  const message_1 = await control.take("message_1");
  if (message_1[0] >> 5 > 1) {
    throw new VagusError(
      "device/unprovisioned",
      "expected a device with a credential, came one that waits for it",
    );
  }
  const options = {
    methods: [METHOD],
    suites: [suiteFor(key.curve)],
    understood: [VERSION_EAD],
    fetchCredential: trust.fetchCredential,
  } as const;
  const received = EdhocResponderReceivedM1.receive(crypto, options, message_1);
  const { kid, token } = credential;
  const identity = { id_cred: byKid ? kidIdCred(kid) : kcwtIdCred(token), cred: token, key };
  const ead_2 = chooseVersion(received.ead_1);
  if (ancestor !== undefined && !byKid) ead_2.push(ancestorItem(ancestor));
  const waitM3 = await received.composeMessage2(identity, CONNECTION_ID.responder, ead_2);
  try {
    await control.send(waitM3.message_2);
    const verified = await waitM3.receive(await control.take("message_3"));
    const { message_4, session } = verified.composeMessage4();
    await control.send(message_4);
    return session;
  } finally {
    waitM3.close();
  }
}
