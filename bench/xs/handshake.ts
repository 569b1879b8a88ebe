/** The device's side of EDHOC alone, against a programmer in the same machine, by value and then by kid: what it asks of the Crypto port. */
import { Authority } from "../../host/authority/authority.js";
import type { VerificationKey } from "../../modules/cose/index.js";
import {
  type CredentialKind,
  type Own,
  SCOPE,
  Trust,
  verifyCredential,
} from "../../modules/credential/index.js";
import { createNativeCrypto } from "../../modules/crypto/native/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import type { Scope } from "../../modules/cwt/index.js";
import { EdhocHandshake } from "../../modules/device/handshake.js";
import { EdhocResponderReceivedM1, kcwtIdCred, kidIdCred } from "../../modules/edhoc/index.js";
import { CONNECTION_ID, chooseVersion, METHOD, suiteFor, VERSION_EAD } from "../../modules/session/index.js";
import type { InsideFigures, InsideHandshake } from "../handshake.js";
import { report } from "./meter.js";

const NOW = 1_700_000_000;
const AUDIENCE = ["vagus-demo"];
const STATUS_URI = "https://demo.example/s";
const time = () => ({ floor: NOW, now: NOW, toleranceSeconds: 60 });

/** The same cryptography, which writes down how often each of its operations is called. */
function counted(crypto: Crypto, calls: Record<string, number>): Crypto {
  const members = Object.entries(crypto).map(([name, member]) => {
    if (typeof member !== "function") return [name, member];
    calls[name] = 0;
    const counting = (...values: unknown[]) => {
      calls[name]++;
      return member.apply(crypto, values);
    };
    return [name, counting];
  });
  return Object.fromEntries(members);
}

/** The demo's clinic and device, in as many octets. */
async function clinic(crypto: Crypto) {
  const authority = new Authority(crypto, await crypto.generate("Ed25519"));
  const { anchor } = authority;
  const [deviceKey, key] = [await crypto.generate("Ed25519"), await crypto.generate("Ed25519")];
  const issue = async (
    kind: Exclude<CredentialKind, "hub">,
    holder: VerificationKey,
    index: number,
    scope?: Scope,
  ) => {
    const token = await authority.issue({
      kind,
      holder,
      audience: AUDIENCE,
      status: { index, uri: STATUS_URI },
      now: NOW,
      ...(scope && { scope }),
    });
    return verifyCredential(crypto, token, { kind, anchor, time: time() });
  };
  const device = await issue("device", deviceKey, 0);
  const credential = await issue("programmer", key, 1, Object.values(SCOPE));
  const own: Own = { key: deviceKey, kid: device.kid, credential: device };
  return { anchor, own, key, credential };
}

async function main(): Promise<void> {
  const crypto = createNativeCrypto();
  const { anchor, own, key, credential } = await clinic(crypto);
  const operations: Record<string, number> = {};
  const device = counted(crypto, operations);
  const deviceTrust = new Trust(device, { anchor, kinds: ["programmer", "hub"], time, audience: AUDIENCE });
  const programmerTrust = new Trust(crypto, { anchor, kinds: ["device"], time });

  const handshake = async (byKid: boolean): Promise<InsideHandshake> => {
    for (const name of Object.keys(operations)) operations[name] = 0;
    const initiator = new EdhocHandshake(device, own, deviceTrust);
    const message_1 = await initiator.begin();
    const responder = {
      methods: [METHOD],
      suites: [suiteFor(key.curve)],
      understood: [VERSION_EAD],
      fetchCredential: programmerTrust.fetchCredential,
    } as const;
    const received = EdhocResponderReceivedM1.receive(crypto, responder, message_1);
    const { kid, token } = credential;
    const waitM3 = await received.composeMessage2(
      { id_cred: byKid ? kidIdCred(kid) : kcwtIdCred(token), cred: token, key },
      CONNECTION_ID.responder,
      chooseVersion(received.ead_1),
    );
    const { answer: message_3 } = await initiator.receive(waitM3.message_2);
    if (message_3 === undefined) throw new Error("expected message_3, came nothing");
    const { message_4, session } = (await waitM3.receive(message_3)).composeMessage4();
    const { established } = await initiator.receive(message_4);
    if (established === undefined) throw new Error("expected keys, came nothing");
    programmerTrust.keep(session.peer);
    const messages = [message_1, waitM3.message_2, message_3, message_4].map(({ length }) => length);
    return { messages, operations: { ...operations } };
  };

  const figures: InsideFigures = {
    credentials: [credential.token.length, own.credential.token.length],
    value: await handshake(false),
    kid: await handshake(true),
  };
  report(figures);
}

main();
