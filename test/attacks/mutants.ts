/** Weaknesses that one could build in: each is planted, and has to turn the attacks red that live on it. */

export interface Edit {
  /** Below modules/. */
  readonly file: string;
  readonly text: string;
  readonly instead: string;
}

export interface Mutant {
  readonly weakness: string;
  /** Whose code it is in. */
  readonly side: "device" | "programmer";
  readonly edits: readonly Edit[];
  readonly attacks: readonly string[];
}

const edit = (file: string, text: string, instead: string): Edit => ({ file, text, instead });

const SIGNATURES = edit(
  "cose/sign1.ts",
  "    crypto.verify(algorithm, key.publicKey, signed, message.signature);",
  "    true;",
);
const ANCHOR = [
  SIGNATURES,
  edit(
    "credential/anchor.ts",
    "if (kid !== undefined && compare(kid, anchor.kid) === 0) return anchor;",
    "if (kid !== undefined) return anchor;",
  ),
  edit("cwt/cwt.ts", "if (options.issuer !== undefined && claims", "if (claims === undefined && claims"),
];
const TAGS = edit(
  "crypto/portable/ccm.ts",
  "if (!equal(mac.subarray(0, tagLength), ciphertext.subarray(length))) {",
  "if (mac.length === 0) {",
);
const EDHOC_SIGNATURES = edit(
  "edhoc/authentication.ts",
  "    ? crypto.verify(suite.signature, signingKey, toBeSigned(statement, mac), signature_or_mac)",
  "    ? true",
);

/** Attacks for which no weakness has been shown to turn them red as yet. */
export const UNPROVED: readonly string[] = [
  "device-revoked-in-mid-stream",
  "list-older",
  "list-same-epoch",
  "list-older-behind-a-power-cut",
  "fragment-flood",
  "bytes-that-are-no-att",
  "pacing-out-of-range",
  "journal-full",
  "every-message-cut",
  "every-message-doubled",
  "every-message-dropped",
  "every-message-delayed",
  "every-message-altered",
  "every-message-shortened",
  "every-message-reflected",
  "every-message-reordered",
  "out-of-range-ten-minutes",
  "out-of-range-an-hour",
];

export const MUTANTS: readonly Mutant[] = [
  {
    weakness: "nobody looks at signatures",
    side: "device",
    edits: [SIGNATURES],
    attacks: ["credential-forged", "credential-altered", "word-altered", "list-altered"],
  },
  {
    weakness: "any Authority will do",
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
    weakness: "any Authority will do, for the programmer",
    side: "programmer",
    edits: ANCHOR,
    attacks: ["credential-of-false-authority-for-device"],
  },
  {
    weakness: "nobody looks at exp",
    side: "device",
    edits: [
      edit("cwt/time.ts", "if (exp !== undefined && least >= exp) {", "if (exp !== undefined && exp < 0) {"),
    ],
    attacks: ["credential-expired", "time-reset-replayed"],
  },
  {
    weakness: "a session does not end with its credential",
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
    weakness: "nobody looks at aud",
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
    weakness: "one kind of token is as good as another",
    side: "device",
    edits: [edit("cwt/typ.ts", "if (typ === expected) return;", "if (typ !== undefined) return;")],
    attacks: [
      "credential-wrong-role",
      "typ-confusion",
      "typ-as-credential",
      "hub-without-its-programmer",
      "hub-lends-on",
    ],
  },
  {
    weakness: "nobody looks at scopes",
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
    weakness: "what could hurt needs no word",
    side: "device",
    edits: [edit("device/rights.ts", "nowMs >= this.#freshUntilMs", "nowMs < 0")],
    attacks: ["pacing-without-the-word", "word-none", "word-carried-over-a-link"],
  },
  {
    weakness: "the revocation list is kept and not asked",
    side: "device",
    edits: [
      edit("credential/holder.ts", "return isListed(this.#revoked.kids, kid);", "return kid.length === 0;"),
    ],
    attacks: ["credential-revoked", "hub-is-revoked-itself"],
  },
  {
    weakness: "who is revoked in a session stays in it",
    side: "device",
    edits: [edit("device/device.ts", "restsOnRevoked(peer, this.#holder)", "peer === undefined")],
    attacks: ["credential-revoked-in-session", "hub-of-one-who-is-revoked"],
  },
  {
    weakness: "a status list is not asked",
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
    weakness: "a nonce is good for ever",
    side: "device",
    edits: [edit("credential/freshness.ts", "if (nowMs >= this.#until) {", "if (nowMs < 0) {")],
    attacks: ["word-stale"],
  },
  {
    weakness: "a nonce is good as often as one likes",
    side: "device",
    edits: [edit("credential/freshness.ts", "    this.#used = true;", "")],
    attacks: ["word-twice"],
  },
  {
    weakness: "a word need not be over the nonce",
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
    weakness: "a word need not have been asked for",
    side: "device",
    edits: [
      edit(
        "device/rights.ts",
        "    if (this.#challenge === undefined) {",
        "    this.#challenge ??= { nonce: new Uint8Array(16), check() {}, use() {}, ageS: 60 } as never;\n    if (this.#challenge === undefined) {",
      ),
    ],
    attacks: ["word-before-it-was-asked-for"],
  },
  {
    weakness: "a word may be for anybody",
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
    weakness: "a word does not ask for its list",
    side: "device",
    edits: [edit("device/rights.ts", "if (epoch > holder.epoch) {", "if (epoch < 0) {")],
    attacks: ["word-without-the-list"],
  },
  {
    weakness: "a hub may have what its programmer signs",
    side: "device",
    edits: [
      edit(
        "credential/delegation.ts",
        "if (child.scope.length === 0 || !isSubsetScope(child.scope, scope)) {",
        "if (child.scope.length === 0) {",
      ),
    ],
    attacks: ["hub-widens-its-scope", "hub-releases-the-journal", "hub-manages-the-device"],
  },
  {
    weakness: "a hub may outlive its programmer",
    side: "device",
    edits: [
      edit("credential/delegation.ts", "if (child.expires > parent.expires)", "if (child.expires < 0)"),
    ],
    attacks: ["hub-outlives-its-programmer"],
  },
  {
    weakness: "a hub may be older than its programmer",
    side: "device",
    edits: [edit("credential/delegation.ts", "if (child.issued < parent.issued)", "if (child.issued < 0)")],
    attacks: ["hub-older-than-its-programmer"],
  },
  {
    weakness: "a hub may be in any ward",
    side: "device",
    edits: [
      edit(
        "credential/delegation.ts",
        "if (!child.audience.every((audience) => parent.audience.includes(audience))) {",
        "if (child.audience.length === 0) {",
      ),
    ],
    attacks: ["hub-in-another-ward"],
  },
  {
    weakness: "anybody may lend",
    side: "device",
    edits: [
      edit(
        "credential/delegation.ts",
        "if (!parent.scope.includes(SCOPE.delegate)) {",
        "if (parent.scope.length === 0) {",
      ),
    ],
    attacks: ["hub-of-one-who-may-not-lend"],
  },
  {
    weakness: "nobody asks who signed for a hub",
    side: "device",
    edits: [
      SIGNATURES,
      edit(
        "credential/delegation.ts",
        "if (kid !== undefined && compare(kid, parent.kid) === 0) return parent.key;",
        "if (kid !== undefined && compare(kid, kid) === 0) return parent.key;",
      ),
      edit("credential/delegation.ts", "    issuer: toBase64url(parent.kid),\n", ""),
    ],
    attacks: ["hub-signs-for-itself"],
  },
  {
    weakness: "uptime is not written down",
    side: "device",
    edits: [edit("credential/floor.ts", "if (seconds <= this.#saved) return;", "if (seconds > 0) return;")],
    attacks: ["time-turned-back-by-power-cuts"],
  },
  {
    weakness: "a hub's date moves the time",
    side: "device",
    edits: [edit("device/device.ts", "(peer.ancestor ?? peer.credential).issued", "peer.credential.issued")],
    attacks: ["time-driven-forward-by-a-hub"],
  },
  {
    weakness: "replays are taken",
    side: "device",
    edits: [edit("session/flow.ts", "if (sequence <= this.#last) {", "if (sequence < 0) {")],
    attacks: ["command-replayed"],
  },
  {
    weakness: "replays are taken by the programmer",
    side: "programmer",
    edits: [edit("session/flow.ts", "if (sequence <= this.#last) {", "if (sequence < 0) {")],
    attacks: ["reading-replayed"],
  },
  {
    weakness: "tags are not looked at",
    side: "device",
    edits: [TAGS],
    attacks: ["message-4-replayed", "command-of-another-session"],
  },
  {
    weakness: "tags are not looked at by the programmer",
    side: "programmer",
    edits: [TAGS],
    attacks: ["message-3-replayed", "reading-of-another-session"],
  },
  {
    weakness: "the device's ephemeral key is always the same",
    side: "device",
    edits: [
      edit(
        "edhoc/initiator/wait-m2.ts",
        "await crypto.generate(suite.agreement)",
        "await crypto.importKey(suite.agreement, new Uint8Array(32).fill(7))",
      ),
    ],
    attacks: ["message-2-replayed", "session-replayed"],
  },
  {
    weakness: "EDHOC's signatures are not looked at",
    side: "device",
    edits: [EDHOC_SIGNATURES],
    attacks: ["credential-swapped"],
  },
  {
    weakness: "what was released is released again",
    side: "device",
    edits: [
      edit(
        "journal/journal.ts",
        "    if (released !== undefined && order(cursor, released) <= 0) return undefined;\n",
        "",
      ),
    ],
    attacks: ["command-repeated-after-a-lost-link"],
  },
  {
    weakness: "a release need not show the token's hash",
    side: "device",
    edits: [edit("journal/journal.ts", "if (!equal(this.hash(there), hash)) {", "if (hash.length === 0) {")],
    attacks: ["journal-release-of-another"],
  },
  {
    weakness: "handshakes are not rationed",
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
    weakness: "who does not authenticate may stay",
    side: "device",
    edits: [
      edit("device/lifecycle.ts", "{ always: 10_000, window: 3000 }", "{ always: 10_000_000, window: 3000 }"),
    ],
    attacks: ["slow-caller", "fragment-flood-without-a-right"],
  },
  {
    weakness: "what is temporary outlives its session",
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
    weakness: "Pace-Now leaves no trace",
    side: "device",
    edits: [edit("device/therapy/pacing.ts", 'this.#told("paceNow", who, null);', "")],
    attacks: ["pace-now-logged"],
  },
];
