/** Weaknesses in what the device keeps, rations and reverts. */
import { edit, type Weakness } from "./weakness.js";

export const UPKEEP: readonly Weakness[] = [
  {
    what: "what was released is released again",
    side: "device",
    edits: [
      edit(
        "journal/journal.ts",
        "    if (released !== undefined && order(cursor, released) <= 0) return undefined;\n",
        "",
      ),
    ],
    attacks: ["release-repeated-after-a-lost-link"],
  },
  {
    what: "a release need not show the token's hash",
    side: "device",
    edits: [edit("journal/journal.ts", "if (!equal(this.hash(there), hash)) {", "if (hash.length === 0) {")],
    attacks: ["journal-release-of-another"],
  },
  {
    what: "handshakes are not rationed",
    side: "device",
    edits: [
      edit(
        "device/ration-store.ts",
        "if (rest === undefined) return false;",
        "if (rest === undefined) return true;",
      ),
    ],
    attacks: ["half-open-handshakes-few", "half-open-handshakes"],
  },
  {
    what: "who does not authenticate may stay",
    side: "device",
    edits: [
      edit("device/lifecycle.ts", "{ always: 10_000, window: 3000 }", "{ always: 10_000_000, window: 3000 }"),
    ],
    attacks: ["slow-caller", "fragment-flood-without-a-right"],
  },
  {
    what: "what is temporary outlives its session",
    side: "device",
    edits: [
      edit(
        "device/therapy/pacing.ts",
        "    const reverted = this.endTemporary();\n    this.#test = undefined;",
        "    const reverted = false;\n    this.#test = undefined;",
      ),
    ],
    attacks: ["pacing-temporary-left-behind"],
  },
  {
    what: "Pace-Now leaves no trace",
    side: "device",
    edits: [edit("device/therapy/pacing.ts", 'this.#told("paceNow", who, null);', "")],
    attacks: ["pace-now-logged"],
  },
  {
    what: "a recording ends with its session",
    side: "device",
    edits: [edit("device/streams.ts", "this.run(); // nobody is behind any more", "this.end();")],
    attacks: ["every-message-cut", "out-of-range-ten-minutes", "out-of-range-an-hour"],
  },
  {
    what: "what the full journal has lost is not told",
    side: "device",
    edits: [
      edit(
        "device/feeder.ts",
        "if (lost !== undefined && !isAfter(cursor, lost.last)) {",
        "if (lost !== undefined && lost.first === undefined) {",
      ),
    ],
    attacks: ["journal-full"],
  },
  {
    what: "every refusal has an entry of its own in the log",
    side: "device",
    edits: [
      edit("audit/failures.ts", "let row = this.find(key);", "let row = this.find(Number.NaN);"),
      edit(
        "audit/failures.ts",
        "return then === undefined || then > at || then <= at - RUN_S;",
        "return true;",
      ),
    ],
    attacks: ["fragment-flood"],
  },
  {
    what: "what was dropped of a message is kept",
    side: "device",
    edits: [
      edit(
        "gatt/fragment.ts",
        "    this.message = new Uint8Array(length);",
        "    KEPT.push((this.message = new Uint8Array(length)));",
      ),
      edit("gatt/fragment.ts", "const HEADER = 1;", "const HEADER = 1;\nconst KEPT: Uint8Array[] = [];"),
    ],
    attacks: ["fragment-flood", "fragment-flood-without-a-right"],
  },
  {
    what: "what is no ATT is passed over",
    side: "device",
    edits: [
      edit(
        "platform/loopback/central.ts",
        "      if (!(error instanceof VagusError)) throw error;\n      this.stream.close();",
        "      if (!(error instanceof VagusError)) throw error;",
      ),
    ],
    attacks: ["bytes-that-are-no-att"],
  },
  {
    what: "one may write where nothing can be written",
    side: "device",
    edits: [
      edit(
        "platform/loopback/central.ts",
        "return refuse(pdu, known ? ATT_ERROR.writeNotPermitted : ATT_ERROR.invalidHandle);",
        "void known;",
      ),
    ],
    attacks: ["bytes-that-are-no-att"],
  },
  {
    what: "nobody looks at the ranges of the pacer's parameters",
    side: "device",
    edits: [
      edit(
        "cardiac/pacer/check.ts",
        "  if (first === undefined) return;",
        "  if (first !== more[0]) return;\n  if (first === undefined) return;",
      ),
    ],
    attacks: ["pacing-out-of-range"],
  },
  {
    what: "the pacer's parameters are looked at one by one",
    side: "device",
    edits: [
      edit(
        "cardiac/pacer/check.ts",
        "return found.length > 0 ? found : conflicts(parameters);",
        "return found;",
      ),
    ],
    attacks: ["pacing-out-of-range"],
  },
  {
    what: "what was done is not known when it is asked for again: two defences",
    side: "device",
    edits: [
      edit("device/therapy/operations.ts", "if (known !== undefined) return resultOf(known, operation);", ""),
      edit(
        "audit/outcomes.ts",
        "if (pending !== null || this.find(who, id, hash) !== undefined) {",
        "if (pending !== null) {",
      ),
    ],
    attacks: ["command-repeated-after-a-lost-link", "release-repeated-after-a-lost-link"],
  },
  {
    what: "nobody is told what became of an order",
    side: "device",
    edits: [
      edit(
        "device/therapy/operations.ts",
        'if (found === undefined || found === "other") return null;',
        "if (found !== true as never) return null;",
      ),
    ],
    attacks: [
      "command-repeated-after-a-lost-link",
      "release-repeated-after-a-lost-link",
      "every-order-cut",
      "every-order-dropped",
    ],
  },
  {
    what: "what was never asked for is said to be done",
    side: "device",
    edits: [
      edit(
        "device/therapy/operations.ts",
        'if (found === undefined || found === "other") return null;',
        'if (found === undefined || found === "other") return [0, null];',
      ),
    ],
    attacks: ["command-cut-on-its-way"],
  },
  {
    what: "whoever may pace ends another's Pace-Now",
    side: "device",
    edits: [edit("device/commands/pacing.ts", "if (pacing.isAnothers(who)) ", "if (who.length === 0) ")],
    attacks: ["pace-now-cancelled-by-another"],
  },
];
