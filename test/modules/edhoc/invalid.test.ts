import { cryptos, skip } from "engine";
import type { Crypto } from "../../../modules/crypto/port.js";
import { EdhocInitiatorWaitM2, EdhocResponderReceivedM1 } from "../../../modules/edhoc/index.js";
import { computePrk2e, computeTh2 } from "../../../modules/edhoc/key-schedule.js";
import { crypt2, encodeMessage2 } from "../../../modules/edhoc/message-2.js";
import type { ErrorCode } from "../../../modules/error/index.js";
import { rejects, same } from "../../support/assert.js";
import { credentialOf, identityOf } from "../../vectors/edhoc.js";
import { SpyCrypto } from "../../vectors/edhoc-spy.js";
import { find, readTraces, type Value } from "../../vectors/edhoc-traces.js";

/** Each invalid message of RFC 9529 section 4, and the reason that it is refused for. */
const REASONS: readonly (readonly [section: string, code: ErrorCode])[] = [
  ["Surplus array encoding of message", "edhoc/malformed"],
  ["Surplus bstr encoding of connection identifier", "edhoc/malformed"],
  ["Surplus array encoding of ciphersuite", "edhoc/malformed"],
  ["Text string encoding of ephemeral key", "edhoc/malformed"],
  ["Wrong number of CBOR sequence elements", "edhoc/malformed"],
  ["Surplus map encoding of ID_CRED field", "edhoc/malformed"],
  ["Surplus bstr encoding of ID_CRED field", "edhoc/malformed"],
  // suite 24, whose G_X would be 48 bytes, is not built in, and suite 2, which is, stands before it
  ["Error in length of ephemeral key", "edhoc/suite"],
  ["Error in elliptic curve representation", "crypto/bad-point"],
  ["Error in elliptic curve point", "crypto/bad-point"],
  ["Curve point of low order", "crypto/bad-point"],
  ["Error in length of MAC", "edhoc/malformed"],
  ["Error in elliptic curve encoding", "edhoc/malformed"],
  ["Unnecessary long encoding", "cbor/not-shortest"],
  ["Indefinite-length array encoding", "cbor/indefinite"],
];

const traces = readTraces();
const SECOND = "message_1 (second time)";

async function receiveMessage1(
  crypto: Crypto,
  values: readonly Value[],
  message: Uint8Array,
): Promise<unknown> {
  const fetchCredential = async () => credentialOf(values, "staticDh", "I");
  const options = { methods: [0, 1, 2, 3], suites: [0, 1, 2, 3], fetchCredential } as const;
  const received = EdhocResponderReceivedM1.receive(crypto, options, message);
  const key = await crypto.importKey(received.suite.agreement, find(values, "SK_R"));
  return received.composeMessage2(
    { ...(await identityOf(crypto, values, "staticDh", "R")), key },
    Uint8Array.of(0x27),
  );
}

/** The message_2 of the trace; with a plaintext, one that a Responder encrypts rightly and that says this. */
async function receiveMessage2(
  inner: Crypto,
  values: readonly Value[],
  invalid: { message_2?: Uint8Array; plaintext_2?: Uint8Array },
): Promise<unknown> {
  const crypto = new SpyCrypto(inner, [find(values, "X", undefined, SECOND)]);
  const wait2 = await EdhocInitiatorWaitM2.start(crypto, {
    method: 3,
    suites: [6, 2],
    selected: 2,
    c_i: Uint8Array.of(0x37),
    fetchCredential: async () => credentialOf(values, "staticDh", "R"),
  });
  if (invalid.message_2 !== undefined) return wait2.receive(invalid.message_2);
  const g_y = find(values, "G_Y", "Raw Value");
  const th_2 = computeTh2(crypto, g_y, wait2.message_1);
  const prk_2e = computePrk2e(crypto, th_2, find(values, "G_XY"));
  return wait2.receive(encodeMessage2(g_y, crypt2(crypto, prk_2e, th_2, invalid.plaintext_2 as Uint8Array)));
}

for (const crypto of cryptos) {
  describe(`EDHOC: the invalid traces of RFC 9529 section 4, ${crypto.name}`, () => {
    const when = traces ? it : skip("the vectors' folder is missing");

    when("are 15, each with its reason here", () => same(traces?.invalid.length, REASONS.length));

    for (const [section, code] of REASONS) {
      when(`${section}: ${code}`, async () => {
        const { staticDh, invalid } = traces as NonNullable<typeof traces>;
        const [value] = invalid.filter((one) => one.section === section);
        await rejects(code, () => {
          if (value.name === "Invalid message_1") return receiveMessage1(crypto, staticDh, value.bytes);
          if (value.name === "Invalid message_2") {
            return receiveMessage2(crypto, staticDh, { message_2: value.bytes });
          }
          return receiveMessage2(crypto, staticDh, { plaintext_2: value.bytes });
        });
      });
    }

    when("the trace's own PLAINTEXT_2, encrypted in the same way, is accepted", async () => {
      const { staticDh } = traces as NonNullable<typeof traces>;
      await receiveMessage2(crypto, staticDh, { plaintext_2: find(staticDh, "PLAINTEXT_2") });
    });
  });
}
