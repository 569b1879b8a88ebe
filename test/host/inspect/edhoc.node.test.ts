import { readFileSync } from "node:fs";
import { guessEdhoc, inspectEdhoc } from "../../../host/inspect/edhoc.js";
import { fromHex } from "../../../modules/bytes/index.js";
import { encodeError } from "../../../modules/edhoc/index.js";
import * as assert from "../../support/assert.js";

/** A message of docs/PROTOCOL.md, which the code made. */
function shown(name: string): Uint8Array {
  const page = readFileSync("docs/PROTOCOL.md", "utf8");
  const [, hex] =
    new RegExp(`<!-- example: ${name} -->\\n\`\`\`\\n[^\\n]*\\n([0-9a-f\\n]+)`).exec(page) ?? [];
  return fromHex((hex ?? "").replaceAll("\n", ""));
}

describe("vagus inspect: EDHOC (RFC 9528 section 5)", () => {
  it("knows message_1 and error messages by themselves, and takes nothing else for one", () => {
    assert.same(guessEdhoc(shown("message_1")), "1");
    assert.same(guessEdhoc(encodeError(undefined)), "error");
    for (const name of ["message_2", "message_3", "label_1", "reading", "device credential"]) {
      assert.same(guessEdhoc(shown(name)), undefined, name);
    }
    assert.same(guessEdhoc(Uint8Array.of(0)), undefined);
  });

  it("names the fields of message_1", () => {
    const { kind, diagnostic, valid } = inspectEdhoc(shown("message_1"), "1");
    assert.same(kind, "EDHOC message_1");
    assert.ok(valid);
    for (const word of ["METHOD: both sides sign", "AES-CCM-16-128-128", "G_X", "C_I", "65000", "versions"]) {
      assert.ok(diagnostic.includes(word), `expected ${word} in ${diagnostic}`);
    }
  });

  for (const [message, words] of [
    ["2", ["G_Y", "CIPHERTEXT_2"]],
    ["3", ["CIPHERTEXT_3"]],
    ["4", ["CIPHERTEXT_4"]],
  ] as const) {
    it(`names the parts of message_${message}, and refuses every cut of it`, () => {
      const bytes = shown(`message_${message}`);
      const { diagnostic, valid } = inspectEdhoc(bytes, message);
      assert.ok(valid);
      for (const word of words) assert.ok(diagnostic.includes(word), `expected ${word}`);
      for (let length = 0; length < bytes.length; length++) {
        assert.same(inspectEdhoc(bytes.subarray(0, length), message).wellFormed, false, `${length} bytes:`);
      }
    });
  }

  it("reads the refusal", () => {
    assert.ok(inspectEdhoc(encodeError(undefined), "error").diagnostic.includes("ERR_CODE: unspecified"));
  });
});
