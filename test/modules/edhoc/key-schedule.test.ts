import { cryptos, skip } from "engine";
import { toHex } from "../../../modules/bytes/index.js";
import { encodeSequence } from "../../../modules/cbor/index.js";
import { encodeContext, toBeSigned } from "../../../modules/edhoc/authentication.js";
import { associatedData } from "../../../modules/edhoc/encrypt0.js";
import * as schedule from "../../../modules/edhoc/key-schedule.js";
import { crypt2 } from "../../../modules/edhoc/message-2.js";
import { same } from "../../support/assert.js";
import { find, readTraces, type Value } from "../../vectors/edhoc-traces.js";

const traces = readTraces();
const NONE = new Uint8Array(0);

/** Every formula of section 4, from the trace's own inputs to its output. */
for (const crypto of cryptos) {
  for (const trace of ["signatures", "staticDh"] as const) {
    const values: readonly Value[] = traces?.[trace] ?? [];
    const raw = (name: string) => find(values, name, "Raw Value");
    const item = (name: string) => find(values, name, "CBOR Data Item");
    const sequence = (name: string) => find(values, name, "CBOR Sequence");
    const message_1 = () =>
      find(values, "message_1", undefined, trace === "signatures" ? "message_1" : "message_1 (second time)");
    const secret = (name: string) => (trace === "signatures" ? undefined : raw(name));
    const mac = (n: 2 | 3) => raw(`MAC_${n}`);

    const formulas: readonly (readonly [string, () => Uint8Array, () => Uint8Array])[] = [
      ["TH_2", () => schedule.computeTh2(crypto, raw("G_Y"), message_1()), () => raw("TH_2")],
      ["PRK_2e", () => schedule.computePrk2e(crypto, raw("TH_2"), raw("G_XY")), () => raw("PRK_2e")],
      [
        "KEYSTREAM_2",
        () => schedule.computeKeystream2(crypto, raw("PRK_2e"), raw("TH_2"), raw("KEYSTREAM_2").length),
        () => raw("KEYSTREAM_2"),
      ],
      [
        "CIPHERTEXT_2",
        () => crypt2(crypto, raw("PRK_2e"), raw("TH_2"), sequence("PLAINTEXT_2")),
        () => raw("CIPHERTEXT_2"),
      ],
      [
        "PRK_3e2m",
        () => schedule.computePrk3e2m(crypto, raw("PRK_2e"), raw("TH_2"), secret("G_RX")),
        () => raw("PRK_3e2m"),
      ],
      [
        "MAC_2",
        () => schedule.computeMac2(crypto, raw("PRK_3e2m"), sequence("context_2"), mac(2).length),
        () => mac(2),
      ],
      [
        "TH_3",
        () => schedule.computeTh3(crypto, raw("TH_2"), sequence("PLAINTEXT_2"), item("CRED_R")),
        () => raw("TH_3"),
      ],
      ["K_3", () => schedule.computeKey3(crypto, raw("PRK_3e2m"), raw("TH_3")).k, () => raw("K_3")],
      ["IV_3", () => schedule.computeKey3(crypto, raw("PRK_3e2m"), raw("TH_3")).iv, () => raw("IV_3")],
      ["A_3", () => associatedData(raw("TH_3")), () => item("A_3")],
      [
        "PRK_4e3m",
        () => schedule.computePrk4e3m(crypto, raw("PRK_3e2m"), raw("TH_3"), secret("G_IY")),
        () => raw("PRK_4e3m"),
      ],
      [
        "MAC_3",
        () => schedule.computeMac3(crypto, raw("PRK_4e3m"), sequence("context_3"), mac(3).length),
        () => mac(3),
      ],
      [
        "TH_4",
        () => schedule.computeTh4(crypto, raw("TH_3"), sequence("PLAINTEXT_3"), item("CRED_I")),
        () => raw("TH_4"),
      ],
      ["K_4", () => schedule.computeKey4(crypto, raw("PRK_4e3m"), raw("TH_4")).k, () => raw("K_4")],
      ["IV_4", () => schedule.computeKey4(crypto, raw("PRK_4e3m"), raw("TH_4")).iv, () => raw("IV_4")],
      ["A_4", () => associatedData(raw("TH_4")), () => item("A_4")],
      ["PRK_out", () => schedule.computePrkOut(crypto, raw("PRK_4e3m"), raw("TH_4")), () => raw("PRK_out")],
      ["PRK_exporter", () => schedule.computePrkExporter(crypto, raw("PRK_out")), () => raw("PRK_exporter")],
      [
        "EDHOC_Exporter( 0, h'', 16 )",
        () => schedule.edhocKdf(crypto, raw("PRK_exporter"), 0, NONE, 16),
        () => raw("OSCORE Master Secret"),
      ],
      [
        "EDHOC_KeyUpdate",
        () => schedule.computeUpdatedPrkOut(crypto, raw("PRK_out"), raw("context for KeyUpdate")),
        () => raw("PRK_out after KeyUpdate"),
      ],
      [
        "context_2",
        () =>
          encodeContext({
            c_r: raw("C_R"),
            id_cred: item("ID_CRED_R"),
            th: raw("TH_2"),
            cred: item("CRED_R"),
            ead: NONE,
          }),
        () => sequence("context_2"),
      ],
      [
        "context_3",
        () => encodeContext({ id_cred: item("ID_CRED_I"), th: raw("TH_3"), cred: item("CRED_I"), ead: NONE }),
        () => sequence("context_3"),
      ],
      ["info for PRK_out", () => encodeSequence(7, raw("TH_4"), 32), () => sequence("info for PRK_out")],
      ...(trace === "signatures"
        ? ([
            [
              "Message to be signed 2",
              () =>
                toBeSigned(
                  { id_cred: item("ID_CRED_R"), th: raw("TH_2"), cred: item("CRED_R"), ead: NONE },
                  mac(2),
                ),
              () => item("Message to be signed 2"),
            ],
          ] as const)
        : ([
            [
              "SALT_3e2m",
              () => schedule.computeSalt3e2m(crypto, raw("PRK_2e"), raw("TH_2")),
              () => raw("SALT_3e2m"),
            ],
            [
              "SALT_4e3m",
              () => schedule.computeSalt4e3m(crypto, raw("PRK_3e2m"), raw("TH_3")),
              () => raw("SALT_4e3m"),
            ],
          ] as const)),
    ];

    describe(`EDHOC key schedule (RFC 9528 section 4), the ${trace} trace of RFC 9529, ${crypto.name}`, () => {
      for (const [name, compute, expected] of formulas) {
        (traces ? it : skip("the vectors' folder is missing"))(name, () => {
          same(toHex(compute()), toHex(expected()));
        });
      }
    });
  }
}
