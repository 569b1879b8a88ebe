import { cryptos } from "engine";
import { toHex } from "../../../modules/bytes/index.js";
import type { PrivateKey } from "../../../modules/crypto/port.js";
import { EdhocInitiatorWaitM2, EdhocResponderReceivedM1 } from "../../../modules/edhoc/index.js";
import type { Exporter } from "../../../modules/session/exporter.js";
import { deep, ok, rejects, same, throws } from "../../support/assert.js";
import { SpyCrypto } from "../../vectors/edhoc-spy.js";
import { BY, C_R, METHODS, SUITES, setup, shake } from "./parties.js";

const NONE = new Uint8Array(0);
const CONTEXT = Uint8Array.of(1, 2, 3);

for (const crypto of cryptos) {
  describe(`EDHOC handshakes, ${crypto.name}`, () => {
    for (const suite of SUITES) {
      for (const method of METHODS) {
        it(`method ${method}, suite ${suite}: both sides end with the same keys`, async () => {
          const by = BY[(suite + method) % BY.length];
          const both = await setup(crypto, method, suite, by);
          const { initiator, responder } = await shake(crypto, crypto, both);
          deep([initiator.method, initiator.suite.number], [method, suite]);
          deep([initiator.c_i, initiator.c_r], [responder.c_i, responder.c_r]);
          deep(initiator.peer, both.R.credential);
          deep(responder.peer, both.I.credential);
          const keys = [initiator, responder].map(({ exporter }) => exporter(32768, CONTEXT, 40));
          deep(keys[0], keys[1]);
          initiator.keyUpdate(CONTEXT);
          responder.keyUpdate(CONTEXT);
          const updated = [initiator, responder].map(({ exporter }) => exporter(32768, CONTEXT, 40));
          deep(updated[0], updated[1]);
          ok(toHex(updated[0]) !== toHex(keys[0]), "expected other keys after the update");
        });
      }
    }

    for (const by of BY) {
      it(`ID_CRED by ${by}`, async () => {
        const { initiator, responder } = await shake(crypto, crypto, await setup(crypto, 0, 1, by));
        deep(initiator.exporter(1, NONE, 16), responder.exporter(1, NONE, 16));
      });
    }

    it("no two handshakes of the same two sides share keys", async () => {
      const both = await setup(crypto, 0, 1);
      const keys = new Set<string>();
      for (let i = 0; i < 3; i++) {
        keys.add(toHex((await shake(crypto, crypto, both)).initiator.exporter(1, NONE, 16)));
      }
      same(keys.size, 3);
    });
  });

  describe(`EDHOC_Exporter and EDHOC_KeyUpdate (RFC 9528 section 4.2.1, appendix H), ${crypto.name}`, () => {
    it("fits the session's Exporter; label, context and length each make another secret", async () => {
      const { initiator } = await shake(crypto, crypto, await setup(crypto, 0, 1));
      const exporter: Exporter = initiator.exporter;
      const secrets = [
        exporter(1, NONE, 16),
        exporter(2, NONE, 16),
        exporter(1, CONTEXT, 16),
        exporter(1, NONE, 17),
      ];
      same(new Set(secrets.map((secret) => toHex(secret.subarray(0, 16)))).size, 4);
      deep(exporter(1, NONE, 16), secrets[0]);
      deep([exporter(65535, NONE, 0).length, exporter(0, NONE, 8160).length], [0, 8160]);
    });

    it("refuses labels beyond 0 to 65535 and more than 8160 bytes", async () => {
      const { initiator } = await shake(crypto, crypto, await setup(crypto, 0, 1));
      for (const label of [-1, 65536, 0.5, Number.NaN]) {
        throws("edhoc/malformed", () => initiator.exporter(label, NONE, 16));
      }
      throws("crypto/bad-length", () => initiator.exporter(0, NONE, 8161));
    });

    it("an update with another context parts the two sides", async () => {
      const { initiator, responder } = await shake(crypto, crypto, await setup(crypto, 0, 1));
      initiator.keyUpdate(Uint8Array.of(1));
      responder.keyUpdate(Uint8Array.of(2));
      ok(toHex(initiator.exporter(1, NONE, 16)) !== toHex(responder.exporter(1, NONE, 16)));
    });

    it("gives nothing once closed", async () => {
      const { initiator } = await shake(crypto, crypto, await setup(crypto, 0, 1));
      initiator.close();
      initiator.close();
      throws("edhoc/order", () => initiator.exporter(1, NONE, 16));
      throws("edhoc/order", () => initiator.keyUpdate(NONE));
    });
  });

  describe(`EDHOC: the order of states, ${crypto.name}`, () => {
    it("a wrong order does not compile", async () => {
      const both = await setup(crypto, 0, 1);
      const wait2 = await EdhocInitiatorWaitM2.start(crypto, both.initiator);
      const received = EdhocResponderReceivedM1.receive(crypto, both.responder, wait2.message_1);
      // @ts-expect-error message_3 needs a verified message_2
      same(wait2.composeMessage3, undefined);
      // @ts-expect-error no keys before message_4
      same(wait2.exporter, undefined);
      // @ts-expect-error message_3 comes after message_2
      same(received.receive, undefined);
      // @ts-expect-error message_4 comes after message_3
      same(received.composeMessage4, undefined);
      // @ts-expect-error states are not made by hand
      same(typeof (() => new EdhocInitiatorWaitM2(crypto)), "function");
    });

    it("every state is left once", async () => {
      const both = await setup(crypto, 0, 1);
      const wait2 = await EdhocInitiatorWaitM2.start(crypto, both.initiator);
      const received = EdhocResponderReceivedM1.receive(crypto, both.responder, wait2.message_1);
      const wait3 = await received.composeMessage2(both.R.identity, C_R);
      await rejects("edhoc/order", () => received.composeMessage2(both.R.identity, C_R));
      const verified2 = await wait2.receive(wait3.message_2);
      await rejects("edhoc/order", () => wait2.receive(wait3.message_2));
      const wait4 = await verified2.composeMessage3(both.I.identity);
      await rejects("edhoc/order", () => verified2.composeMessage3(both.I.identity));
      const verified3 = await wait3.receive(wait4.message_3);
      await rejects("edhoc/order", () => wait3.receive(wait4.message_3));
      const { message_4 } = verified3.composeMessage4();
      throws("edhoc/order", () => verified3.composeMessage4());
      wait4.receive(message_4);
      throws("edhoc/order", () => wait4.receive(message_4));
    });

    it("two answers at once: the second is refused", async () => {
      const both = await setup(crypto, 0, 1);
      const wait2 = await EdhocInitiatorWaitM2.start(crypto, both.initiator);
      const received = EdhocResponderReceivedM1.receive(crypto, both.responder, wait2.message_1);
      const wait3 = await received.composeMessage2(both.R.identity, C_R);
      const first = wait2.receive(wait3.message_2);
      await rejects("edhoc/order", () => wait2.receive(wait3.message_2));
      await first;
    });

    it("a failed state does not go on", async () => {
      const both = await setup(crypto, 0, 1);
      const wait2 = await EdhocInitiatorWaitM2.start(crypto, both.initiator);
      const received = EdhocResponderReceivedM1.receive(crypto, both.responder, wait2.message_1);
      const { message_2 } = await received.composeMessage2(both.R.identity, C_R);
      await rejects("edhoc/malformed", () => wait2.receive(wait2.message_1));
      await rejects("edhoc/order", () => wait2.receive(message_2));
      const other = await EdhocInitiatorWaitM2.start(crypto, both.initiator);
      other.close();
      await rejects("crypto/closed", () => other.receive(message_2));
    });

    it("ephemeral keys are closed when they are no longer needed, and after every failure", async () => {
      const both = await setup(crypto, 3, 1);
      const [I, R] = [new SpyCrypto(crypto), new SpyCrypto(crypto)];
      await shake(I, R, both);
      const failing = await EdhocInitiatorWaitM2.start(I, both.initiator);
      const received = EdhocResponderReceivedM1.receive(R, both.responder, failing.message_1);
      const wait3 = await received.composeMessage2(both.R.identity, C_R);
      await rejects("edhoc/malformed", () => failing.receive(failing.message_1));
      await rejects("edhoc/mac", () => wait3.receive(wait3.message_2));
      const abandoned = EdhocResponderReceivedM1.receive(R, both.responder, failing.message_1);
      (await abandoned.composeMessage2(both.R.identity, C_R)).close();
      const refusing = EdhocResponderReceivedM1.receive(R, both.responder, failing.message_1);
      const noLabel = [{ label: -1 }];
      await rejects("edhoc/malformed", () => refusing.composeMessage2(both.R.identity, C_R, noLabel));
      deep([I.generated.length, R.generated.length], [2, 4]);
      for (const key of [...I.generated, ...R.generated] as PrivateKey<"X25519">[]) {
        await rejects("crypto/closed", () => crypto.agree(key, both.R.credential.key.publicKey));
      }
    });
  });
}
