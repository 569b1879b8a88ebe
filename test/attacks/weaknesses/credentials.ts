/** Weaknesses in what is looked at of a credential, or of anything that the Authority signs. */
import { ANCHOR, edit, LENDING, SIGNATURES, TYPES, type Weakness } from "./weakness.js";

export const CREDENTIALS: readonly Weakness[] = [
  {
    what: "nobody looks at signatures",
    side: "device",
    edits: [SIGNATURES],
    attacks: ["credential-forged", "credential-altered", "word-altered", "list-altered"],
  },
  {
    what: "any Authority will do",
    side: "device",
    edits: ANCHOR,
    attacks: [
      "credential-other-authority",
      "word-of-another-authority",
      "list-of-another-authority",
      "time-reset-forged",
      "time-driven-forward-by-a-word",
    ],
  },
  {
    what: "any Authority will do, for the programmer",
    side: "programmer",
    edits: ANCHOR,
    attacks: ["credential-of-false-authority-for-device"],
  },
  {
    what: "nobody looks at exp",
    side: "device",
    edits: [
      edit("cwt/time.ts", "if (exp !== undefined && least >= exp) {", "if (exp !== undefined && exp < 0) {"),
    ],
    attacks: ["credential-expired", "time-reset-replayed"],
  },
  {
    what: "a session does not end with its credential",
    side: "device",
    edits: [
      edit(
        "device/lifecycle.ts",
        "return expiresInMs === Number.POSITIVE_INFINITY\n",
        "return expiresInMs > 0\n",
      ),
    ],
    attacks: ["credential-ends-in-session"],
  },
  {
    what: "nobody looks at aud",
    side: "device",
    edits: [
      edit(
        "cwt/cwt.ts",
        "if (!came.some((audience) => accepted.includes(audience))) {",
        "if (accepted.length === 0) {",
      ),
    ],
    attacks: [
      "credential-wrong-audience",
      "word-for-another-device",
      "list-for-another-ward",
      "list-for-another-device",
    ],
  },
  {
    what: "one kind of token is as good as another",
    side: "device",
    edits: [TYPES],
    attacks: ["credential-wrong-role", "typ-confusion", "typ-as-credential"],
  },
  {
    what: "a hub is taken for a programmer: two defences, the kind of its token and who has to have signed it",
    side: "device",
    edits: [TYPES, ...ANCHOR],
    attacks: ["hub-without-its-programmer"],
  },
  {
    what: "a hub is taken for a programmer, and anybody may lend: three defences",
    side: "device",
    edits: [TYPES, ...ANCHOR, LENDING],
    attacks: ["hub-lends-on"],
  },
  {
    what: "nobody looks at scopes",
    side: "device",
    edits: [edit("device/rights.ts", "if (held === undefined) {", "if (scopes.length === 0) {")],
    attacks: [
      "pacing-without-the-right",
      "credential-wrong-scope",
      "credential-no-right-to-read",
      "hub-beyond-its-scope",
    ],
  },
  {
    what: "the revocation list is kept and not asked",
    side: "device",
    edits: [
      edit("credential/holder.ts", "return isListed(this.#revoked.kids, kid);", "return kid.length === 0;"),
    ],
    attacks: ["credential-revoked", "hub-is-revoked-itself"],
  },
  {
    what: "who is revoked in a session stays in it",
    side: "device",
    edits: [edit("device/device.ts", "restsOnRevoked(peer, this.#holder)", "peer === undefined")],
    attacks: ["credential-revoked-in-session", "hub-of-one-who-is-revoked"],
  },
  {
    what: "a status list is not asked",
    side: "programmer",
    edits: [
      edit(
        "credential/trust.ts",
        "if (!this.#options.revoked?.(credential.kid, credential)) return credential;",
        "if (credential) return credential;",
      ),
    ],
    attacks: ["device-revoked-and-believed"],
  },
  {
    what: "any epoch of a list will do",
    side: "device",
    edits: [edit("credential/holder.ts", "if (epoch > this.epoch) return;", "if (epoch >= 0) return;")],
    attacks: ["list-older", "list-same-epoch", "list-older-behind-a-power-cut"],
  },
  {
    what: "a list's epoch does not outlive the power",
    side: "device",
    edits: [
      edit(
        "credential/records.ts",
        'this.#epoch = asUint(epoch, CORRUPT, "epoch");',
        'this.#epoch = asUint(epoch, CORRUPT, "epoch") * 0;',
      ),
    ],
    attacks: ["list-older-behind-a-power-cut"],
  },
  {
    what: "a device that is on the list keeps its key",
    side: "device",
    edits: [edit("credential/holder.ts", "if (listed) this.purge();", "")],
    attacks: ["device-revoked-in-mid-stream"],
  },
];
