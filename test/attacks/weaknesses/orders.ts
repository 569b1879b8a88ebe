/** Weaknesses in what is done to a pacemaker, and in what is said to become of an order. */
import { edit, type Weakness } from "./weakness.js";

export const ORDERS: readonly Weakness[] = [
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
