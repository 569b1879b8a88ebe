import { cryptos } from "engine";
import { decode, encode } from "../../../modules/cbor/index.js";
import { encrypt0 } from "../../../modules/cose/index.js";
import type { ErrorCode } from "../../../modules/error/index.js";
import { VagusError } from "../../../modules/error/index.js";
import {
  deviceSession,
  programmerSession,
  ReceiveFlow,
  SEQUENCE_MAX,
  SendFlow,
} from "../../../modules/session/index.js";
import { deep, ok, same, throws } from "../../support/assert.js";
import { fixedExporter, flips } from "./pair.js";

const TEXT = Uint8Array.of(1, 2, 3, 4, 5);

for (const crypto of cryptos) {
  const exporter = fixedExporter(crypto);
  const sender = () => new SendFlow(crypto, exporter, "telemetry");
  const receiver = () => new ReceiveFlow(crypto, exporter, "telemetry");
  /** A message with this sequence, without sending all before it. */
  const sealed = (partialIv: number, plaintext = TEXT): Uint8Array => {
    const [key, baseIv] = [exporter(32772, new Uint8Array(0), 16), exporter(32773, new Uint8Array(0), 13)];
    return encrypt0(crypto, { algorithm: 30, key, baseIv, partialIv }, plaintext);
  };

  describe(`A flow, ${crypto.name}`, () => {
    it("what is sealed is opened, in order; sequences count from 0", () => {
      const [send, receive] = [sender(), receiver()];
      for (let n = 0; n < 300; n++) {
        const plaintext = new Uint8Array(n).fill(n);
        const message = send.seal(plaintext);
        if (n < 3 || n > 254) deep(message, sealed(n, plaintext));
        deep(receive.open(message), plaintext);
      }
    });

    it("no two messages are alike", () => {
      const send = sender();
      const seen = new Set<string>();
      for (let n = 0; n < 300; n++) seen.add(send.seal(TEXT).join());
      same(seen.size, 300);
    });

    it("a replay is refused, and everything older; what is next is still taken", () => {
      const receive = receiver();
      for (const n of [0, 1, 5]) deep(receive.open(sealed(n)), TEXT);
      for (const n of [5, 4, 1, 0]) throws("session/replay", () => receive.open(sealed(n)));
      deep(receive.open(sealed(6)), TEXT);
    });

    it("numbers may be skipped, up to the last", () => {
      const receive = receiver();
      for (const n of [3, 256, 65536, SEQUENCE_MAX]) deep(receive.open(sealed(n)), TEXT);
    });

    const REFUSED: [string, ErrorCode, () => Uint8Array][] = [
      ["a sequence above the last", "session/exhausted", () => sealed(SEQUENCE_MAX + 1)],
      ["the highest Partial IV", "session/exhausted", () => sealed(2 ** 40 - 1)],
      ["nothing", "cbor/truncated", () => new Uint8Array(0)],
      ["no Encrypt0", "cose/malformed", () => encode([1, 2])],
      [
        "a cut tag",
        "cose/decrypt",
        () => edited(sealed(9), (parts) => (parts[2] as Uint8Array).slice(0, -1)),
      ],
      ["a ciphertext of 15 bytes", "cose/decrypt", () => edited(sealed(9), () => new Uint8Array(15))],
    ];
    for (const [name, code, message] of REFUSED) {
      it(`refused, and nothing changed: ${name}`, () => {
        const receive = receiver();
        deep(receive.open(sealed(8)), TEXT);
        throws(code, () => receive.open(message()));
        deep(receive.open(sealed(9)), TEXT);
      });
    }

    it("a forged message with a high sequence does not use up the sequences below", () => {
      const receive = receiver();
      const forged = sealed(SEQUENCE_MAX);
      forged[forged.length - 1]! ^= 1;
      throws("cose/decrypt", () => receive.open(forged));
      deep(receive.open(sealed(0)), TEXT);
    });

    it("every bit turned over: refused, and the right one is taken afterwards", () => {
      const receive = receiver();
      const message = sealed(4);
      let count = 0;
      for (const [bit, flipped] of flips(message)) {
        try {
          receive.open(flipped);
        } catch (error) {
          ok(error instanceof VagusError, `bit ${bit}`);
          count++;
          continue;
        }
        throw new Error(`bit ${bit}: expected a refusal`);
      }
      same(count, 8 * message.length);
      deep(receive.open(message), TEXT);
    });

    it("reflected to any other flow, or from another session: refused", () => {
      const device = deviceSession(crypto, exporter);
      const programmer = programmerSession(crypto, exporter);
      const other = deviceSession(crypto, fixedExporter(crypto, 2));
      const command = programmer.commands.seal(TEXT);
      const reply = device.replies.seal(TEXT);
      const telemetry = device.telemetry.seal(TEXT);
      const refusals: [ReceiveFlow, Uint8Array][] = [
        [programmer.replies, command],
        [programmer.telemetry, command],
        [device.commands, reply],
        [programmer.telemetry, reply],
        [device.commands, telemetry],
        [programmer.replies, telemetry],
        [other.commands, command],
      ];
      for (const [flow, message] of refusals) throws("cose/decrypt", () => flow.open(message));
      deep(device.commands.open(command), TEXT);
      deep(programmer.replies.open(reply), TEXT);
      deep(programmer.telemetry.open(telemetry), TEXT);
    });
  });
}

/** A COSE_Encrypt0 with another ciphertext. */
function edited(message: Uint8Array, ciphertext: (parts: unknown[]) => Uint8Array): Uint8Array {
  const parts = decode(message) as [Uint8Array, Map<number, Uint8Array>, Uint8Array];
  return encode([parts[0], parts[1] as never, ciphertext(parts)]);
}
