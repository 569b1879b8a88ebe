import { cryptos } from "engine";
import { fromHex, toHex } from "../../../modules/bytes/index.js";
import {
  EdhocInitiatorWaitM2,
  EdhocResponderReceivedM1,
  encodeError,
  isErrorMessage,
  readError,
  type SuiteNumber,
  selectSuite,
} from "../../../modules/edhoc/index.js";
import { decodeIdentifier, encodeIdentifier } from "../../../modules/edhoc/items.js";
import {
  decodeMessage1,
  decodeSuites,
  encodeMessage1,
  encodeSuites,
} from "../../../modules/edhoc/message-1.js";
import { acceptSuite, suitesI } from "../../../modules/edhoc/suites.js";
import { type ErrorCode, VagusError } from "../../../modules/error/index.js";
import { deep, rejects, same, throws } from "../../support/assert.js";
import { C_R, setup } from "./parties.js";

describe("EDHOC cipher suites (RFC 9528 sections 5.2, 6.3)", () => {
  it("SUITES_I: an integer for the most preferred, an array up to the selected one", () => {
    same(toHex(encodeSuites(suitesI([5, 6, 7, 8, 9], 5))), "05");
    same(toHex(encodeSuites(suitesI([5, 6, 7, 8, 9], 6))), "820506");
    same(toHex(encodeSuites(suitesI([5, 6, 7, 8, 9], 8))), "8405060708");
    same(toHex(encodeSuites([-24, 24])), "82371818");
    throws("edhoc/suite", () => suitesI([5, 6], 7));
  });

  for (const hex of ["80", "8102", "f6", "4102", "820241", "8202f5", "6132"]) {
    it(`refuses ${hex} as suites`, () => {
      try {
        decodeSuites(fromHex(hex), "SUITES_I");
      } catch (error) {
        return same(error instanceof VagusError, true);
      }
      throw new Error("expected it to be refused");
    });
  }

  const choices: readonly (readonly [number[], SuiteNumber[], number | undefined])[] = [
    [[2], [2], 2],
    [[6, 2], [2], 2],
    [[6, 2], [3, 2], 2],
    [[3, 2], [2], 2],
    [[6], [2], undefined],
    [[3, 2], [2, 3], undefined],
    [[2, 6], [2], undefined],
    [[2, 2], [2], undefined],
  ];
  for (const [suites_i, supported, accepted] of choices) {
    it(`SUITES_I ${suites_i} at a Responder with ${supported}: ${accepted ?? "refused"}`, () => {
      if (accepted === undefined) throws("edhoc/suite", () => acceptSuite(suites_i, supported));
      else same(acceptSuite(suites_i, supported).number, accepted);
    });
  }

  it("section 6.3.2, example 2: of SUITES_R = [9, 8] the Initiator takes 8", () => {
    same(selectSuite([5, 6, 7, 8, 9], [9, 8]), 8);
    throws("edhoc/suite", () => selectSuite([5, 6], [9, 8]));
  });
});

describe("EDHOC identifiers (RFC 9528 section 3.3.2)", () => {
  const table = {
    "21": "21",
    "0d": "0d",
    "18": "4118",
    "38": "4138",
    "00": "00",
    "17": "17",
    "20": "20",
    "37": "37",
  };
  for (const [raw, wire] of Object.entries({
    ...table,
    abcd: "42abcd",
    ff: "41ff",
    "": "40",
    "40": "4140",
  })) {
    it(`h'${raw}' travels as ${wire}`, () => {
      same(toHex(encodeIdentifier(fromHex(raw))), wire);
      same(toHex(decodeIdentifier(fromHex(wire), "C_I")), raw);
    });
  }
  for (const wire of ["4121", "410d", "1818", "3818", "6121", "f5", "8121"]) {
    it(`refuses ${wire}`, () => throws("edhoc/malformed", () => decodeIdentifier(fromHex(wire), "C_I")));
  }
});

describe("EDHOC error messages (RFC 9528 section 6)", () => {
  it("say which suites there are and that a credential is unknown, and nothing else", () => {
    const suite = new VagusError("edhoc/suite", "");
    same(toHex(encodeError(suite, [2])), "0202");
    same(toHex(encodeError(suite, [2, 3])), "02820203");
    same(toHex(encodeError(new VagusError("edhoc/unknown-credential", ""))), "03f5");
    const other = ["edhoc/mac", "edhoc/malformed", "edhoc/credential", "cwt/expired", "edhoc/suite"] as const;
    const texts = other.map((code) => toHex(encodeError(new VagusError(code, "the reason"))));
    deep([...new Set([...texts, toHex(encodeError(new Error("anything")))])], ["016772656675736564"]);
  });

  const read: readonly (readonly [string, unknown])[] = [
    ["0161 61".replace(" ", ""), { code: 1, text: "a" }],
    ["0202", { code: 2, suites_r: [2] }],
    ["02820806", { code: 2, suites_r: [8, 6] }],
    ["03f5", { code: 3 }],
    ["00f6", { code: 0 }],
    ["0540", { code: "other", number: 5 }],
    ["2001", { code: "other", number: -1 }],
  ];
  for (const [hex, expected] of read) {
    it(`reads ${hex}`, () => {
      deep(readError(fromHex(hex)), expected);
      same(isErrorMessage(fromHex(hex)), true);
    });
  }

  const refused: readonly (readonly [string, ErrorCode])[] = [
    ["01", "edhoc/malformed"],
    ["0101", "edhoc/malformed"],
    ["016161 00".replace(" ", ""), "edhoc/malformed"],
    ["02f5", "edhoc/malformed"],
    ["028102", "edhoc/malformed"],
    ["03f4", "edhoc/malformed"],
    ["4001", "edhoc/malformed"],
    ["0261", "cbor/truncated"],
    ["180101", "cbor/not-shortest"],
  ];
  for (const [hex, code] of refused) it(`refuses ${hex}`, () => throws(code, () => readError(fromHex(hex))));
});

for (const crypto of cryptos) {
  describe(`EDHOC negotiation, ${crypto.name}`, () => {
    it("suite 3 refused, 1 offered, 1 taken with 3 still named", async () => {
      const both = await setup(crypto, 0, 1);
      const preferred = [3, 1];
      const first = await EdhocInitiatorWaitM2.start(crypto, {
        ...both.initiator,
        suites: preferred,
        selected: 3,
      });
      let message: Uint8Array = new Uint8Array(0);
      try {
        EdhocResponderReceivedM1.receive(crypto, both.responder, first.message_1);
      } catch (error) {
        message = encodeError(error, both.responder.suites);
      }
      const error = readError(message);
      deep(error, { code: 2, suites_r: [1] });
      await rejects("edhoc/peer", () => first.receive(message));
      const selected = selectSuite(preferred, [1]) as SuiteNumber;
      const second = await EdhocInitiatorWaitM2.start(crypto, {
        ...both.initiator,
        suites: preferred,
        selected,
      });
      deep(decodeMessage1(second.message_1).suites_i, [3, 1]);
      const received = EdhocResponderReceivedM1.receive(crypto, both.responder, second.message_1);
      const wait3 = await received.composeMessage2(both.R.identity, C_R);
      await second.receive(wait3.message_2);
    });

    it("an attacker that strikes out the preferred suite is found at message_2 (TH_2)", async () => {
      const both = await setup(crypto, 0, 1);
      const options = { ...both.initiator, suites: [0, 1], selected: 1 } as const;
      const wait2 = await EdhocInitiatorWaitM2.start(crypto, options);
      const { ead_1: _, ...sent } = decodeMessage1(wait2.message_1);
      const weakened = encodeMessage1({ ...sent, suites_i: [1] }, new Uint8Array(0));
      const responder = { ...both.responder, suites: [0, 1] as const };
      throws("edhoc/suite", () => EdhocResponderReceivedM1.receive(crypto, responder, wait2.message_1));
      const received = EdhocResponderReceivedM1.receive(crypto, responder, weakened);
      const { message_2 } = await received.composeMessage2(both.R.identity, C_R);
      let refused: unknown;
      await wait2.receive(message_2).catch((error) => {
        refused = error;
      });
      same(refused instanceof VagusError, true);
    });

    it("a method outside the policy is refused, whatever its number", async () => {
      const both = await setup(crypto, 3, 1);
      const { message_1 } = await EdhocInitiatorWaitM2.start(crypto, both.initiator);
      const policy = { ...both.responder, methods: [0] as const };
      throws("edhoc/method", () => EdhocResponderReceivedM1.receive(crypto, policy, message_1));
      for (const method of [0x04, 0x17, 0x20]) {
        const other = message_1.slice();
        other[0] = method;
        throws("edhoc/method", () => EdhocResponderReceivedM1.receive(crypto, both.responder, other));
      }
    });
  });
}
