import { eventInWords, gapInWords } from "../../../host/cli/audit-words.js";
import { AUDIT } from "../../../modules/audit/events.js";
import type { CborValue } from "../../../modules/cbor/index.js";
import { ERROR_NUMBERS } from "../../../modules/error/index.js";
import { COMMAND } from "../../../modules/session/index.js";
import { ok, same } from "../../support/assert.js";

const hash = new Uint8Array(2).fill(0xab);

const WORDS: [number, CborValue, string][] = [
  [AUDIT.started, null, "the power came on"],
  [AUDIT.commandDone, [3, COMMAND.release], "did release"],
  [AUDIT.commandDone, [3, 9999], "did command 9999"],
  [AUDIT.commandRefused, ERROR_NUMBERS["session/scope"], "refused a command: session/scope"],
  [AUDIT.commandRefused, 65_000, "refused a command: error 65000"],
  [AUDIT.handshakeRefused, ERROR_NUMBERS["cwt/status"], "refused without a command: cwt/status"],
  [AUDIT.magnet, true, "the magnet came"],
  [AUDIT.magnet, false, "the magnet went"],
  [AUDIT.listTaken, 4, "took a revocation list, epoch 4"],
  [AUDIT.timeReset, [0, 1_700_000_000], "its time was set, from 1970-01-01T00:00:00 to 2023-11-14T22:13:20"],
  [AUDIT.parametersProgrammed, hash, "pacing parameters programmed: abab"],
  [AUDIT.parametersProgrammed, [hash, true], "temporary pacing parameters programmed: abab"],
  [AUDIT.journalReleased, [1, 18], "readings released: stream 1 up to 18"],
  [999, null, "event 999, of a newer device: null"],
];

describe("The audit log in words", () => {
  for (const [event, detail, words] of WORDS) {
    it(words, () => same(eventInWords({ event, detail }), words));
  }

  it("there are words for each event that there is", () => {
    for (const [name, event] of Object.entries(AUDIT)) {
      const words = eventInWords({ event, detail: null });
      ok(!words.startsWith(name) && !words.includes("undefined"), `${name}: ${words}`);
    }
  });

  it("what is missing: one entry, several, and why", () => {
    same(gapInWords({ first: 3, last: 3, why: "torn" }), "entry 3: torn by the power, or rotted");
    same(gapInWords({ first: 1, last: 9, why: "dropped" }), "entries 1 to 9: older than what is kept");
    ok(/LOST/.test(gapInWords({ first: 4, last: 5, why: "lost" })));
  });
});
