import { cryptos } from "engine";
import { concat, fromHex } from "../../../modules/bytes/index.js";
import { type CborValue, decode, encode } from "../../../modules/cbor/index.js";
import { HEADER, sign1, verifySign1 } from "../../../modules/cose/index.js";
import type { PrivateKey, SigningCurve } from "../../../modules/crypto/port.js";
import { signCwt, verifyCwt } from "../../../modules/cwt/index.js";
import { toBeSigned } from "../../../modules/edhoc/authentication.js";
import { readIdCred } from "../../../modules/edhoc/credentials.js";
import {
  EdhocInitiatorWaitM2,
  EdhocResponderReceivedM1,
  encodeError,
  type PeerCredential,
} from "../../../modules/edhoc/index.js";
import { VagusError } from "../../../modules/error/index.js";
import { deep, rejects, same, throws } from "../../support/assert.js";
import { C_R, METHODS, party, type Setup, setup } from "./parties.js";

for (const crypto of cryptos) {
  const begin = async (both: Setup) => {
    const wait2 = await EdhocInitiatorWaitM2.start(crypto, both.initiator);
    const received = EdhocResponderReceivedM1.receive(crypto, both.responder, wait2.message_1);
    return { wait2, wait3: await received.composeMessage2(both.R.identity, C_R) };
  };

  describe(`EDHOC reflection: a message back to its sender, ${crypto.name}`, () => {
    for (const method of METHODS) {
      it(`method ${method}`, async () => {
        const both = await setup(crypto, method, 1);
        const one = await begin(both);
        await rejects("edhoc/malformed", () => one.wait2.receive(one.wait2.message_1));
        await rejects("edhoc/mac", () => one.wait3.receive(one.wait3.message_2));
        const two = await begin(both);
        const wait4 = await (await two.wait2.receive(two.wait3.message_2)).composeMessage3(both.I.identity);
        throws("edhoc/mac", () => wait4.receive(wait4.message_3));
      });
    }

    it("our own credential, shown to us", async () => {
      const both = await setup(crypto, 0, 1);
      const toI = { ...both.initiator, fetchCredential: async () => both.I.credential };
      const one = await begin({ ...both, R: both.I, initiator: toI });
      const verified = await one.wait2.receive(one.wait3.message_2);
      await rejects("edhoc/credential", () => verified.composeMessage3(both.I.identity));

      const toR = { ...both.responder, fetchCredential: async () => both.R.credential };
      const two = await begin({ ...both, responder: toR });
      const wait4 = await (await two.wait2.receive(two.wait3.message_2)).composeMessage3(both.I.identity);
      await rejects("edhoc/credential", () => two.wait3.receive(wait4.message_3));
    });
  });

  describe(`EDHOC: messages of another handshake, ${crypto.name}`, () => {
    it("message_2, message_3 and message_4 of one are refused in another", async () => {
      const both = await setup(crypto, 0, 1);
      const [one, two, three] = [await begin(both), await begin(both), await begin(both)];
      let refused: unknown;
      await one.wait2.receive(two.wait3.message_2).catch((error) => {
        refused = error;
      });
      same(refused instanceof VagusError, true);
      const wait4 = await (await two.wait2.receive(two.wait3.message_2)).composeMessage3(both.I.identity);
      await rejects("edhoc/mac", () => three.wait3.receive(wait4.message_3));
      const other4 = await (await three.wait2.receive(three.wait3.message_2)).composeMessage3(
        both.I.identity,
      );
      const { message_4 } = (await two.wait3.receive(wait4.message_3)).composeMessage4();
      throws("edhoc/mac", () => other4.receive(message_4));
    });
  });

  describe(`EDHOC identity misbinding (RFC 9528 appendix D.2), ${crypto.name}`, () => {
    const swapped = async (both: Setup, side: "I" | "R"): Promise<PeerCredential> => {
      const mallory = await party(crypto, 1, true, "kid", 0x44);
      return { cred: mallory.credential.cred, key: both[side].credential.key };
    };
    for (const method of METHODS) {
      it(`method ${method}: the right key under another credential is refused`, async () => {
        const both = await setup(crypto, method, 1);
        const forR = { ...both.initiator, fetchCredential: async () => swapped(both, "R") };
        const one = await begin({ ...both, initiator: forR });
        await rejects("edhoc/mac", () => one.wait2.receive(one.wait3.message_2));
        const forI = { ...both.responder, fetchCredential: async () => swapped(both, "I") };
        const two = await begin({ ...both, responder: forI });
        const wait4 = await (await two.wait2.receive(two.wait3.message_2)).composeMessage3(both.I.identity);
        await rejects("edhoc/mac", () => two.wait3.receive(wait4.message_3));
      });

      it(`method ${method}: the right credential with another key is refused`, async () => {
        const both = await setup(crypto, method, 1);
        const mallory = await party(crypto, 1, method % 2 === 0, "kid", 0x44);
        const peer = { cred: both.R.credential.cred, key: mallory.credential.key };
        const one = await begin({
          ...both,
          initiator: { ...both.initiator, fetchCredential: async () => peer },
        });
        await rejects("edhoc/mac", () => one.wait2.receive(one.wait3.message_2));
      });
    }

    it("by value, the credential is the one that came", async () => {
      for (const by of ["kcwt", "kccs"] as const) {
        const both = await setup(crypto, 0, 1, by);
        const one = await begin({
          ...both,
          initiator: { ...both.initiator, fetchCredential: async () => swapped(both, "R") },
        });
        await rejects("edhoc/credential", () => one.wait2.receive(one.wait3.message_2));
      }
    });
  });

  describe(`EDHOC credentials, ${crypto.name}`, () => {
    it("what fetchCredential throws is the reason here and says nothing to the peer", async () => {
      const both = await setup(crypto, 0, 1);
      const errors: unknown[] = [];
      for (const code of ["cwt/expired", "cwt/status", "edhoc/credential"] as const) {
        const fetchCredential = async () => {
          throw new VagusError(code, "local");
        };
        const { wait2, wait3 } = await begin({ ...both, initiator: { ...both.initiator, fetchCredential } });
        await rejects(code, () => wait2.receive(wait3.message_2));
        errors.push(encodeError(new VagusError(code, "local")));
      }
      deep(errors[0], errors[1]);
      deep(errors[1], errors[2]);
    });

    it("a key on the wrong curve is refused on either side", async () => {
      const both = await setup(crypto, 0, 1);
      const wrong = await party(crypto, 3, true, "kid", 0x55);
      const dh = await party(crypto, 1, false, "kid", 0x55);
      for (const other of [wrong, dh]) {
        const wait2 = await EdhocInitiatorWaitM2.start(crypto, both.initiator);
        const received = EdhocResponderReceivedM1.receive(crypto, both.responder, wait2.message_1);
        await rejects("edhoc/credential", () => received.composeMessage2(other.identity, C_R));
        const one = await begin({
          ...both,
          initiator: { ...both.initiator, fetchCredential: async () => other.credential },
        });
        await rejects("edhoc/credential", () => one.wait2.receive(one.wait3.message_2));
      }
    });
  });

  describe(`EDHOC's signatures and tokens, ${crypto.name}`, () => {
    const th = new Uint8Array(32).fill(7);
    const mac = new Uint8Array(32).fill(8);

    it("EDHOC's signature is no token: whatever protected bucket it is given", async () => {
      const { I } = await setup(crypto, 0, 1);
      const key = I.identity.key as PrivateKey<SigningCurve>;
      const { id_cred, cred } = I.identity;
      const signature = await crypto.sign(
        key,
        toBeSigned({ id_cred, th, cred, ead: new Uint8Array(0) }, mac),
      );
      const typed = new Map<number, CborValue>([
        [HEADER.alg, -8],
        [HEADER.typ, 65004],
      ]);
      for (const bucket of [id_cred, encode(typed as CborValue)]) {
        for (const payload of [mac, cred, concat(th, mac)]) {
          const token = encode([bucket, new Map(), payload, signature]);
          const options = { typ: 65004, key, algorithms: ["EdDSA"] as const };
          let code: string | undefined;
          try {
            verifyCwt(crypto, token, options);
          } catch (error) {
            code = (error as VagusError).code;
          }
          same(code, bucket === id_cred ? "cwt/typ" : "cose/bad-signature");
        }
      }
    });

    it("a token's signature is no EDHOC signature", async () => {
      const { I } = await setup(crypto, 0, 1);
      const key = I.identity.key as PrivateKey<SigningCurve>;
      const token = await signCwt(crypto, key, { typ: 65004, claims: new Map([[6, 1]]) });
      const [bucket, , payload, signature] = decode(token) as [Uint8Array, unknown, Uint8Array, Uint8Array];
      throws("edhoc/credential", () => readIdCred(bucket));
      throws("edhoc/credential", () => readIdCred(fromHex("a10127")));
      throws("edhoc/credential", () => readIdCred(fromHex("a20441aa1019fdec")));
      const statement = { id_cred: bucket, th, cred: I.identity.cred, ead: new Uint8Array(0) };
      for (const body of [payload, mac]) {
        same(crypto.verify("EdDSA", key.publicKey, toBeSigned(statement, body), signature), false);
      }
      same(
        crypto.verify(
          "EdDSA",
          key.publicKey,
          encode(["Signature1", bucket, new Uint8Array(0), payload]),
          signature,
        ),
        true,
      );
    });

    it("nor is a Sign1 without typ over a MAC: it has no external_aad", async () => {
      const { I } = await setup(crypto, 0, 1);
      const key = I.identity.key as PrivateKey<SigningCurve>;
      const message = await sign1(crypto, key, { payload: mac });
      const { authenticated, signature } = verifySign1(crypto, message, { key, algorithms: ["EdDSA"] });
      const statement = { id_cred: authenticated, th, cred: I.identity.cred, ead: new Uint8Array(0) };
      same(crypto.verify("EdDSA", key.publicKey, toBeSigned(statement, mac), signature), false);
    });
  });
}
