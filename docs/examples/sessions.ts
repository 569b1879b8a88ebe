/** The two handshakes, and what is said first in the sessions that they open. */
import { CRV } from "../../modules/cose/index.js";
import { type CredentialKind, requestCredential, Trust } from "../../modules/credential/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { EdhocHandshake } from "../../modules/device/handshake.js";
import { EdhocResponderReceivedM1, encodeError, kcwtIdCred } from "../../modules/edhoc/index.js";
import {
  CONNECTION_ID,
  chooseVersion,
  type Exporter,
  encodeCommand,
  encodeReply,
  LabelInitiatorWaitLabel2,
  LabelResponderWaitLabel3,
  METHOD,
  programmerSession,
  suiteFor,
  VERSION_EAD,
} from "../../modules/session/index.js";
import { type Add, LABEL, NOW, type Parties } from "./made.js";

export async function labelSession(crypto: Crypto, { authority, device }: Parties, add: Add): Promise<void> {
  const initiator = await LabelInitiatorWaitLabel2.start(crypto, LABEL);
  const responder = await LabelResponderWaitLabel3.answer(crypto, LABEL, add("label_1", initiator.label_1));
  const { label_3, exporter } = await initiator.receive(add("label_2", responder.label_2));
  responder.receive(add("label_3", label_3));
  const none = new Uint8Array(0);
  add("key, commands of the label session", exporter(32768, none, 16));
  add("common IV, commands of the label session", exporter(32769, none, 13));
  const session = programmerSession(crypto, exporter);
  const { key, credential } = device;
  add("command identify", encodeCommand(1, "identify", CRV.Ed25519));
  add("request", await requestCredential(crypto, key, key));
  const provision = encodeCommand(2, "provision", [credential.token, authority.anchorKey]);
  session.commands.seal(new Uint8Array(0));
  add("command provision", provision);
  add("command provision, encrypted", session.commands.seal(provision));
  add("reply to provision", encodeReply({ id: 2, code: 0, result: null }));
}

export async function edhoc(
  crypto: Crypto,
  { authority, device, programmer }: Parties,
  add: Add,
): Promise<Exporter> {
  const trust = (kind: CredentialKind) =>
    new Trust(crypto, { anchor: authority.anchor, kinds: [kind], time: () => ({ floor: NOW }) });
  const { key, credential } = device;
  const own = { key, kid: credential.kid, credential };
  const handshake = new EdhocHandshake(crypto, own, trust("programmer"));
  const message_1 = add("message_1", await handshake.begin());
  const options = {
    methods: [METHOD],
    suites: [suiteFor("Ed25519")],
    understood: [VERSION_EAD],
    fetchCredential: trust("device").fetchCredential,
  } as const;
  const received = EdhocResponderReceivedM1.receive(crypto, options, message_1);
  const { token } = programmer.credential;
  const sender = { id_cred: kcwtIdCred(token), cred: token, key: programmer.key };
  const waitM3 = await received.composeMessage2(
    sender,
    CONNECTION_ID.responder,
    chooseVersion(received.ead_1),
  );
  const { answer } = await handshake.receive(add("message_2", waitM3.message_2));
  const verified = await waitM3.receive(add("message_3", answer as Uint8Array));
  const { message_4, session } = verified.composeMessage4();
  await handshake.receive(add("message_4", message_4));
  add("refusal", encodeError(undefined));
  return session.exporter;
}
