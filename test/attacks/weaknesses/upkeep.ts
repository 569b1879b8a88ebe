/** Weaknesses in what the device keeps, and rations. */
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
];
