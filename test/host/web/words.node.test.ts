/** Every refusal has words: what happened, what the device did, what to do. */
import { WORDS, wordsFor } from "../../../host/web/model/words.js";
import { ERROR_NUMBERS, type ErrorCode } from "../../../modules/error/codes.js";
import { deep, ok, same } from "../../support/assert.js";

const CODES = Object.keys(ERROR_NUMBERS) as ErrorCode[];

describe("words for refusals", () => {
  it("there are some for every code that travels, and for none that does not", () => {
    deep(Object.keys(WORDS).sort(), [...CODES].sort());
  });

  for (const code of CODES)
    it(`${code}: three sentences without jargon`, () => {
      const { happened, device, act } = WORDS[code];
      for (const text of [happened, device, act]) {
        ok(/^[A-Z“].*[.”]$/.test(text), `no sentence: ${text}`);
        ok(!/CBOR|COSE|CWT|EDHOC|nonce|Sign1|hash|VagusError|\/[a-z-]+/.test(text), `jargon: ${text}`);
        ok(text.length <= 180, `${text.length} letters: ${text}`);
      }
      ok(act !== happened && act !== device, "the same twice");
    });

  it("tells codes apart where a clinician has to do something else", () => {
    const acts = [
      "cwt/expired",
      "cwt/status",
      "credential/freshness",
      "session/scope",
      "gatt/disconnected",
      "device/ration",
    ];
    same(new Set(acts.map((code) => wordsFor(code).act)).size, acts.length);
  });

  it("has words for what a newer device may say", () => {
    ok(wordsFor("future/thing").act.includes("Update"), "no way out");
  });
});
