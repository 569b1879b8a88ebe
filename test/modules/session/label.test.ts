import { cryptos } from "engine";
import { concat, equal } from "../../../modules/bytes/index.js";
import { encode } from "../../../modules/cbor/index.js";
import type { Crypto } from "../../../modules/crypto/port.js";
import { type ErrorCode, VagusError } from "../../../modules/error/index.js";
import { LabelInitiatorWaitLabel2, LabelResponderWaitLabel3 } from "../../../modules/session/index.js";
import { deep, ok, rejects, same, throws } from "../../support/assert.js";
import { flips, LABEL, shakeHands } from "./pair.js";

const OTHER = new Uint8Array(16).fill(0x4d);
const NONE = new Uint8Array(0);

/** Two parties up to label_2, which the device has not seen. */
async function untilLabel2(crypto: Crypto) {
  const initiator = await LabelInitiatorWaitLabel2.start(crypto, LABEL);
  const responder = await LabelResponderWaitLabel3.answer(crypto, LABEL, initiator.label_1);
  return { initiator, responder };
}

async function refused(action: () => unknown, message: string): Promise<void> {
  let result: unknown;
  try {
    result = await action();
  } catch (error) {
    ok(error instanceof VagusError, `${message}: expected a VagusError, came ${String(error)}`);
    return;
  }
  throw new Error(`${message}: expected a refusal, came ${String(result)}`);
}

for (const crypto of cryptos) {
  describe(`The label session, ${crypto.name}`, () => {
    it("both sides derive the same, each label, context and length something else", async () => {
      const { device, programmer } = await shakeHands(crypto);
      const seen: Uint8Array[] = [];
      for (const n of [32768, 32769, 65535]) {
        for (const context of [NONE, Uint8Array.of(1)]) {
          for (const length of [13, 16, 32]) {
            const secret = device(n, context, length);
            same(secret.length, length);
            deep(programmer(n, context, length), secret);
            ok(!seen.some((other) => equal(other.subarray(0, 13), secret.subarray(0, 13))));
            seen.push(secret);
          }
        }
      }
    });

    it("nothing is derived below 32768: the confirmations cannot be had from the exporter", async () => {
      const { device, programmer } = await shakeHands(crypto);
      for (const n of [0, 1, 32767]) {
        throws("session/order", () => device(n, NONE, 16));
        throws("session/order", () => programmer(n, NONE, 16));
      }
    });

    it("two handshakes share nothing", async () => {
      const [a, b] = [await shakeHands(crypto), await shakeHands(crypto)];
      ok(!equal(a.label_1, b.label_1) && !equal(a.label_2, b.label_2) && !equal(a.label_3, b.label_3));
      ok(!equal(a.device(32768, NONE, 16), b.device(32768, NONE, 16)));
    });

    it("sizes on the air: 36, 52 and 18 bytes", async () => {
      const { label_1, label_2, label_3 } = await shakeHands(crypto);
      deep([label_1.length, label_2.length, label_3.length], [36, 52, 18]);
    });

    it("confirmations and secrets are HKDF over what the drawing says", async () => {
      const x = await crypto.importKey("X25519", new Uint8Array(32).fill(7));
      const initiator = await LabelInitiatorWaitLabel2.start(crypto, LABEL);
      const label_1 = initiator.label_1;
      const g_xy = await crypto.agree(x, label_1.slice(4));
      const th = crypto.sha256(concat(encode(label_1), encode(x.publicKey)));
      const prk = crypto.hkdfExtract(LABEL, g_xy);
      const okm = (n: number, length: number): Uint8Array =>
        crypto.hkdfExpand(
          prk,
          concat(...["vagus label", n, NONE, th, length].map((item) => encode(item))),
          length,
        );
      const { label_3, exporter } = await initiator.receive(encode([x.publicKey, okm(0, 16)]));
      deep(label_3, encode([okm(1, 16)]));
      deep(exporter(32770, NONE, 13), okm(32770, 13));
    });

    it("another label: the device refuses label_2", async () => {
      const initiator = await LabelInitiatorWaitLabel2.start(crypto, LABEL);
      const responder = await LabelResponderWaitLabel3.answer(crypto, OTHER, initiator.label_1);
      await rejects("session/confirm", () => initiator.receive(responder.label_2));
    });

    it("a device with another label cannot confirm to the programmer", async () => {
      const initiator = await LabelInitiatorWaitLabel2.start(crypto, OTHER);
      const responder = await LabelResponderWaitLabel3.answer(crypto, LABEL, initiator.label_1);
      throws("session/confirm", () => responder.receive(encode([new Uint8Array(16)])));
    });

    it("in the middle, with an ephemeral key of one's own towards each side: both refuse", async () => {
      const { initiator, responder } = await untilLabel2(crypto);
      const mallory = await crypto.generate("X25519");
      const mac_2 = responder.label_2.slice(-16);
      await rejects("session/confirm", () => initiator.receive(encode([mallory.publicKey, mac_2])));
      const towards = await LabelResponderWaitLabel3.answer(crypto, LABEL, encode([1, mallory.publicKey]));
      throws("session/confirm", () => towards.receive(encode([mac_2])));
    });

    it("a confirmation sent back does not confirm: MAC_2 is not MAC_3", async () => {
      const { responder } = await untilLabel2(crypto);
      throws("session/confirm", () => responder.receive(encode([responder.label_2.slice(-16)])));
    });

    it("an old label_3 does not confirm a new handshake", async () => {
      const old = await shakeHands(crypto);
      const { responder } = await untilLabel2(crypto);
      throws("session/confirm", () => responder.receive(old.label_3));
    });

    it("an old label_2 does not confirm a new handshake", async () => {
      const old = await shakeHands(crypto);
      const { initiator } = await untilLabel2(crypto);
      await rejects("session/confirm", () => initiator.receive(old.label_2));
    });

    it("messages reflected", async () => {
      const { initiator, responder } = await untilLabel2(crypto);
      throws("session/malformed", () => responder.receive(responder.label_2));
      await rejects("session/malformed", () => initiator.receive(initiator.label_1));
    });

    it("the all-zero point, on either side (RFC 7748 section 6.1)", async () => {
      const zero = new Uint8Array(32);
      await rejects("crypto/bad-point", () =>
        LabelResponderWaitLabel3.answer(crypto, LABEL, encode([1, zero])),
      );
      const initiator = await LabelInitiatorWaitLabel2.start(crypto, LABEL);
      await rejects("crypto/bad-point", () => initiator.receive(encode([zero, new Uint8Array(16)])));
    });

    it("a handshake is used once: the ephemeral key is gone behind it, whatever came", async () => {
      for (const label_2 of [undefined, encode([new Uint8Array(32), new Uint8Array(16)])]) {
        const { initiator, responder } = await untilLabel2(crypto);
        await initiator.receive(label_2 ?? responder.label_2).catch(() => {});
        await rejects("crypto/closed", () => initiator.receive(responder.label_2));
      }
      const { initiator, responder } = await untilLabel2(crypto);
      initiator.close();
      await rejects("crypto/closed", () => initiator.receive(responder.label_2));
    });

    const MALFORMED: [string, ErrorCode, Uint8Array][] = [
      ["nothing", "cbor/truncated", NONE],
      ["no array", "session/malformed", encode(1)],
      ["too few items", "session/malformed", encode([1])],
      ["too many", "session/malformed", encode([1, new Uint8Array(32), 0])],
      ["another version", "session/malformed", encode([2, new Uint8Array(32).fill(9)])],
      ["a version that is no number", "session/malformed", encode(["1", new Uint8Array(32).fill(9)])],
      ["a short key", "session/malformed", encode([1, new Uint8Array(31).fill(9)])],
      ["a key that is text", "session/malformed", encode([1, "x".repeat(32)])],
      ["more than 64 bytes", "cbor/too-large", encode([1, new Uint8Array(80)])],
      ["something behind", "cbor/trailing", concat(encode([1, new Uint8Array(32).fill(9)]), encode(0))],
      ["EDHOC's message_1", "cbor/trailing", concat(encode(0), encode(2), encode(new Uint8Array(32)))],
    ];
    for (const [name, code, label_1] of MALFORMED) {
      it(`label_1: ${name}`, () =>
        rejects(code, () => LabelResponderWaitLabel3.answer(crypto, LABEL, label_1)));
    }

    it("a label that is not 16 bytes", async () => {
      for (const length of [0, 15, 17]) {
        const label = new Uint8Array(length);
        await rejects("session/malformed", () => LabelInitiatorWaitLabel2.start(crypto, label));
        await rejects("session/malformed", () => LabelResponderWaitLabel3.answer(crypto, label, NONE));
      }
    });
  });
}

const crypto = cryptos[0]!;

describe(`Label messages with any bit turned over or cut anywhere, ${crypto.name}`, () => {
  it("label_1: the device does not take the answer to another", async () => {
    for (let bit = 0; bit < 8 * 36; bit++) {
      const initiator = await LabelInitiatorWaitLabel2.start(crypto, LABEL);
      const label_1 = initiator.label_1.slice();
      label_1[bit >> 3]! ^= 1 << (bit & 7);
      await refused(async () => {
        const responder = await LabelResponderWaitLabel3.answer(crypto, LABEL, label_1);
        return initiator.receive(responder.label_2);
      }, `bit ${bit}`);
    }
  });

  it("label_2: the device refuses it", async () => {
    const sample = (await untilLabel2(crypto)).responder.label_2;
    for (let bit = 0; bit < 8 * sample.length; bit++) {
      const { initiator, responder } = await untilLabel2(crypto);
      const label_2 = responder.label_2.slice();
      label_2[bit >> 3]! ^= 1 << (bit & 7);
      await refused(() => initiator.receive(label_2), `bit ${bit}`);
    }
  });

  it("label_3: the programmer refuses it, and takes the right one afterwards", async () => {
    const { initiator, responder } = await untilLabel2(crypto);
    const { label_3, exporter } = await initiator.receive(responder.label_2);
    for (const [bit, flipped] of flips(label_3))
      await refused(() => responder.receive(flipped), `bit ${bit}`);
    deep(responder.receive(label_3)(32768, NONE, 16), exporter(32768, NONE, 16));
  });

  it("cut off at every byte", async () => {
    const { label_1, label_2, label_3 } = await shakeHands(crypto);
    const { responder } = await untilLabel2(crypto);
    for (let length = 0; length < label_2.length; length++) {
      const initiator = await LabelInitiatorWaitLabel2.start(crypto, LABEL);
      await refused(() => initiator.receive(label_2.slice(0, length)), `label_2, ${length} bytes`);
      if (length < label_1.length) {
        const cut = label_1.slice(0, length);
        await refused(() => LabelResponderWaitLabel3.answer(crypto, LABEL, cut), `label_1, ${length} bytes`);
      }
      if (length < label_3.length) {
        await refused(() => responder.receive(label_3.slice(0, length)), `label_3, ${length} bytes`);
      }
    }
  });
});
