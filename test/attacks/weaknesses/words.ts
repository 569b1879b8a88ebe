/** Weaknesses in the Authority's word, and in the time. */
import { edit, type Weakness } from "./weakness.js";

export const WORDS: readonly Weakness[] = [
  {
    what: "what could hurt needs no word",
    side: "device",
    edits: [edit("device/rights.ts", "nowMs >= this.freshUntilMs", "nowMs < 0")],
    attacks: ["pacing-without-the-word", "word-none", "word-carried-over-a-link"],
  },
  {
    what: "a nonce is good for ever",
    side: "device",
    edits: [edit("credential/freshness.ts", "if (nowMs >= this.#until) {", "if (nowMs < 0) {")],
    attacks: ["word-stale"],
  },
  {
    what: "a nonce is good as often as one likes",
    side: "device",
    edits: [edit("credential/freshness.ts", "    this.#used = true;", "")],
    attacks: ["word-twice"],
  },
  {
    what: "a word need not be over the nonce",
    side: "device",
    edits: [
      edit(
        "credential/freshness.ts",
        "if (came instanceof Uint8Array && equal(came, nonce)) return claims;",
        "if (came instanceof Uint8Array && nonce) return claims;",
      ),
    ],
    attacks: ["word-of-another-session", "word-over-another-nonce", "time-reset-replayed"],
  },
  {
    what: "a word need not have been asked for",
    side: "device",
    edits: [
      edit(
        "device/rights.ts",
        "    if (this.asked === undefined) {",
        "    this.asked ??= { nonce: new Uint8Array(16), check() {}, use() {}, ageS: 60 } as never;\n    if (this.asked === undefined) {",
      ),
    ],
    attacks: ["word-before-it-was-asked-for"],
  },
  {
    what: "a word may be for anybody",
    side: "device",
    edits: [
      edit(
        "credential/freshness.ts",
        "if (!equal(confirmedKid(claims), expected.programmer)) {",
        "if (confirmedKid(claims).length === 0) {",
      ),
    ],
    attacks: ["word-for-another-programmer"],
  },
  {
    what: "a word does not ask for its list",
    side: "device",
    edits: [edit("device/rights.ts", "if (epoch > holder.epoch) {", "if (epoch < 0) {")],
    attacks: ["word-without-the-list"],
  },
  {
    what: "uptime is not written down",
    side: "device",
    edits: [edit("credential/floor.ts", "if (seconds <= this.#saved) return;", "if (seconds > 0) return;")],
    attacks: ["time-turned-back-by-power-cuts"],
  },
  {
    what: "a hub's date moves the time",
    side: "device",
    edits: [edit("device/device.ts", "(peer.ancestor ?? peer.credential).issued", "peer.credential.issued")],
    attacks: ["time-driven-forward-by-a-hub"],
  },
  {
    what: "a nonce is good for two seconds",
    side: "device",
    edits: [edit("credential/freshness.ts", "NONCE_MS = 60_000", "NONCE_MS = 2000")],
    attacks: ["every-order-delayed"],
  },
];
