/** Every refusal has words: what happened, what the device did, what to do. */
import { BridgeClient } from "../../../host/web/link/bridge-client.js";
import { noticeOf } from "../../../host/web/model/chart.js";
import { CONDITIONS, WORDS, wordsFor } from "../../../host/web/model/words.js";
import { ERROR_NUMBERS, type ErrorCode } from "../../../modules/error/codes.js";
import { VagusError } from "../../../modules/error/index.js";
import { deep, ok, same } from "../../support/assert.js";

const CODES = Object.keys(ERROR_NUMBERS) as ErrorCode[];

/** What a page that came with a token is refused. */
async function opened(answer: () => Promise<Response>): Promise<VagusError> {
  const before = { fetch: globalThis.fetch, history: globalThis.history };
  const storage = { getItem: () => null, setItem: () => {} } as unknown as Storage;
  const address = { hash: "#AAAAAAAAAAAAAAAAAAAAAA", pathname: "/" } as Location;
  Object.assign(globalThis, { fetch: answer, history: { replaceState: () => {} } });
  try {
    await BridgeClient.open(address, storage);
  } catch (error) {
    if (error instanceof VagusError) return error;
    throw error;
  } finally {
    Object.assign(globalThis, before);
  }
  throw new Error("expected a refusal, came a bridge");
}

describe("words for refusals", () => {
  it("there are some for every code that travels, and for none that does not", () => {
    deep(Object.keys(WORDS).sort(), [...CODES].sort());
  });

  for (const [name, words] of [...Object.entries(WORDS), ...Object.entries(CONDITIONS)])
    it(`${name}: three sentences without jargon`, () => {
      const { happened, device, act } = words;
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

  it("a link that was used before is told from a bridge that does not answer, and what prints a new one", async () => {
    const used = noticeOf(await opened(async () => new Response("", { status: 403 })), "opening the page", 0);
    const dead = noticeOf(await opened(() => Promise.reject(new TypeError("gone"))), "opening the page", 0);
    deep(
      [used.code, used.condition, dead.code, dead.condition],
      ["host/link", "used-link", "host/link", undefined],
    );
    const { happened, act } = wordsFor(used.code, used.condition);
    ok(happened.includes("used before") && act.includes("npm start -- --web"), `${happened} ${act}`);
    same(wordsFor(dead.code, dead.condition), WORDS["host/link"]);
  });

  it("has words for what a newer device may say", () => {
    ok(wordsFor("future/thing").act.includes("Update"), "no way out");
  });
});
