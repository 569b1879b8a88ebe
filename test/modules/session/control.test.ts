import { fromHex, toHex } from "../../../modules/bytes/index.js";
import { type CborValue, encode } from "../../../modules/cbor/index.js";
import { type ErrorCode, errorCode } from "../../../modules/error/index.js";
import { decodeCommand, decodeReply, encodeCommand, encodeReply } from "../../../modules/session/index.js";
import { deep, same, throws } from "../../support/assert.js";

describe("Commands and replies", () => {
  it("commands as they travel", () => {
    const CASES: [Uint8Array, string][] = [
      [encodeCommand(1, "identify", null), "830101f6"],
      [encodeCommand(2, "start", [1, 1000, 0]), "8302028301 1903e8 00".replaceAll(" ", "")],
      [encodeCommand(24, "stop", [1]), "831818038101"],
    ];
    for (const [bytes, hex] of CASES) same(toHex(bytes), hex);
    deep(decodeCommand(fromHex("830101f6")), { id: 1, name: "identify", parameters: null });
    deep(decodeCommand(CASES[1]![0]), { id: 2, name: "start", parameters: [1, 1000, 0] });
    deep(decodeCommand(CASES[2]![0]), { id: 24, name: "stop", parameters: [1] });
  });

  it("a command that nobody knows keeps its id, so that it can be refused", () => {
    for (const number of [0, 100, 255, 2 ** 32, Number.MAX_SAFE_INTEGER]) {
      deep(decodeCommand(encode([7, number, null])), { id: 7, name: undefined, parameters: null });
    }
  });

  it("replies there and back", () => {
    for (const reply of [
      { id: 1, code: 0, result: null },
      { id: 2, code: 0, result: Uint8Array.of(1) },
      { id: 3, code: 1101, result: "device/parameter: expected 250 to 4000 ms, came 1" },
    ]) {
      deep(decodeReply(encodeReply(reply)), reply);
    }
  });

  const COMMANDS: [string, CborValue, ErrorCode][] = [
    ["no array", 1, "session/malformed"],
    ["two items", [1, 1], "session/malformed"],
    ["four items", [1, 1, null, null], "session/malformed"],
    ["an id below 0", [-1, 1, null], "session/malformed"],
    ["an id that is text", ["1", 1, null], "session/malformed"],
    ["a command that is text", [1, "identify", null], "session/malformed"],
    ["a command below 0", [1, -1, null], "session/malformed"],
    ["a map", new Map([[1, 1]]), "session/malformed"],
  ];
  for (const [name, value, code] of COMMANDS) {
    it(`command: ${name}`, () => throws(code, () => decodeCommand(encode(value))));
  }

  const REPLIES: [string, CborValue, ErrorCode][] = [
    ["no array", null, "session/malformed"],
    ["two items", [1, 0], "session/malformed"],
    ["a code below 0", [1, -1, "x"], "session/malformed"],
    ["an id below 0", [-1, 0, null], "session/malformed"],
    ["an error without its text", [1, 1101, null], "session/malformed"],
  ];
  for (const [name, value, code] of REPLIES) {
    it(`reply: ${name}`, () => throws(code, () => decodeReply(encode(value))));
  }

  it("bytes behind, and none", () => {
    for (const read of [decodeCommand, decodeReply]) {
      throws("cbor/truncated", () => read(new Uint8Array(0)));
      throws("cbor/trailing", () => read(fromHex("830101f600")));
    }
  });

  it("an error's number that nobody knows", () => same(errorCode(64999), undefined));
});
