import { cryptos, readText } from "engine";
import { fromHex, toHex } from "../../../modules/bytes/index.js";
import type { Crypto, Curve } from "../../../modules/crypto/port.js";
import {
  type EdhocIdentity,
  EdhocInitiatorWaitM2,
  EdhocResponderReceivedM1,
  type EdhocSession,
  type Method,
  type PeerCredential,
  type SuiteNumber,
} from "../../../modules/edhoc/index.js";
import { same } from "../../support/assert.js";
import { SpyCrypto } from "../../vectors/edhoc-spy.js";

interface Side {
  readonly id_cred: string;
  readonly cred: string;
  readonly curve: "Ed25519" | "X25519" | "P-256";
  readonly secret: string;
  readonly publicKey: string;
  readonly ephemeral: string;
  readonly c: string;
}

interface Handshake {
  readonly suite: SuiteNumber;
  readonly method: Method;
  readonly ours: "I" | "R";
  readonly suites_i: readonly number[];
  readonly initiator: Side;
  readonly responder: Side;
  readonly message_1: string;
  readonly message_2: string;
  readonly message_3: string;
  readonly message_4: string;
  readonly exporter_0: string;
  readonly exporter_1: string;
}

const file = JSON.parse(readText("test/fixtures/edhoc/uoscore-uedhoc.json")) as {
  readonly handshakes: readonly Handshake[];
};
const NONE = new Uint8Array(0);

async function identityOf(crypto: Crypto, side: Side, signs: boolean): Promise<EdhocIdentity> {
  const curve: Curve = side.curve === "P-256" && !signs ? "P-256-ECDH" : side.curve;
  const key = (await crypto.importKey(curve, fromHex(side.secret))) as EdhocIdentity["key"];
  return { id_cred: fromHex(side.id_cred), cred: fromHex(side.cred), key };
}

function credentialOf({ cred, curve, publicKey }: Side): PeerCredential {
  return { cred: fromHex(cred), key: { curve, publicKey: fromHex(publicKey) } };
}

async function replayInitiator(inner: Crypto, h: Handshake): Promise<EdhocSession> {
  const crypto = new SpyCrypto(inner, [fromHex(h.initiator.ephemeral)]);
  const wait2 = await EdhocInitiatorWaitM2.start(crypto, {
    method: h.method,
    suites: h.suites_i,
    selected: h.suite,
    c_i: fromHex(h.initiator.c),
    fetchCredential: async () => credentialOf(h.responder),
  });
  same(toHex(wait2.message_1), h.message_1, "message_1");
  const verified = await wait2.receive(fromHex(h.message_2));
  const wait4 = await verified.composeMessage3(await identityOf(crypto, h.initiator, h.method < 2));
  same(toHex(wait4.message_3), h.message_3, "message_3");
  return wait4.receive(fromHex(h.message_4));
}

async function replayResponder(inner: Crypto, h: Handshake): Promise<EdhocSession> {
  const crypto = new SpyCrypto(inner, [fromHex(h.responder.ephemeral)]);
  const options = {
    methods: [h.method],
    suites: [h.suite],
    fetchCredential: async () => credentialOf(h.initiator),
  };
  const received = EdhocResponderReceivedM1.receive(crypto, options, fromHex(h.message_1));
  const identity = await identityOf(crypto, h.responder, h.method % 2 === 0);
  const wait3 = await received.composeMessage2(identity, fromHex(h.responder.c));
  same(toHex(wait3.message_2), h.message_2, "message_2");
  const { message_4, session } = (await wait3.receive(fromHex(h.message_3))).composeMessage4();
  same(toHex(message_4), h.message_4, "message_4");
  return session;
}

function checkKeys(session: EdhocSession, h: Handshake): void {
  same(toHex(session.exporter(0, NONE, 16)), h.exporter_0, "exporter 0");
  same(toHex(session.exporter(1, NONE, 8)), h.exporter_1, "exporter 1");
}

for (const crypto of cryptos) {
  describe(`EDHOC with uoscore-uedhoc, exchanges kept in test/fixtures/edhoc, ${crypto.name}`, () => {
    it("are 28", () => same(file.handshakes.length, 28));

    for (const h of file.handshakes) {
      const name = `method ${h.method}, suite ${h.suite}`;
      it(`${name}: as ${h.ours === "I" ? "Initiator" : "Responder"}`, async () => {
        checkKeys(await (h.ours === "I" ? replayInitiator : replayResponder)(crypto, h), h);
      });
      // ECDSA of the peer has a random nonce; everything else of it can be made again byte for byte.
      const peerSigns = h.ours === "I" ? h.method % 2 === 0 : h.method < 2;
      if (peerSigns && h.suite > 1) continue;
      it(`${name}: as the peer's ${h.ours === "I" ? "Responder" : "Initiator"}, byte for byte`, async () => {
        checkKeys(await (h.ours === "I" ? replayResponder : replayInitiator)(crypto, h), h);
      });
    }
  });
}
