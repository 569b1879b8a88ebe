/** Weaknesses that one could build in: each is planted, and has to let the attacks win that live on it. */

export interface Edit {
  /** Below modules/. */
  readonly file: string;
  /** Stands once in it. */
  readonly text: string;
  readonly instead: string;
}

export interface Weakness {
  readonly what: string;
  /** Whose code it is in. */
  readonly side: "device" | "programmer" | "both";
  /** Defences that lie one behind the other fall together. */
  readonly edits: readonly Edit[];
  /** Those that win by it. */
  readonly attacks: readonly string[];
}

export const edit = (file: string, text: string, instead: string): Edit => ({ file, text, instead });

export const SIGNATURES = edit(
  "cose/sign1.ts",
  "    crypto.verify(algorithm, key.publicKey, signed, message.signature);",
  "    true;",
);

export const ANCHOR = [
  SIGNATURES,
  edit(
    "credential/anchor.ts",
    "if (kid !== undefined && compare(kid, anchor.kid) === 0) return anchor;",
    "if (kid !== undefined) return anchor;",
  ),
  edit("cwt/cwt.ts", "if (options.issuer !== undefined && claims", "if (claims === undefined && claims"),
];

export const TAGS = edit(
  "crypto/portable/ccm.ts",
  "if (!equal(mac.subarray(0, tagLength), ciphertext.subarray(length))) {",
  "if (mac.length === 0) {",
);

export const EDHOC_SIGNATURES = edit(
  "edhoc/authentication.ts",
  "    ? crypto.verify(suite.signature, signingKey, toBeSigned(statement, mac), signature_or_mac)",
  "    ? true",
);

export const REPLAYS = edit("session/flow.ts", "if (sequence <= this.last) {", "if (sequence < 0) {");

export const TYPES = edit("cwt/typ.ts", "if (typ === expected) return;", "if (typ !== undefined) return;");

/** One and the same ephemeral key, on each side. */
export const KEYS = [
  edit(
    "edhoc/initiator/wait-m2.ts",
    "await crypto.generate(suite.agreement)",
    "await crypto.importKey(suite.agreement, new Uint8Array(32).fill(7))",
  ),
  edit(
    "edhoc/responder/received-m1.ts",
    "await crypto.generate(suite.agreement)",
    "await crypto.importKey(suite.agreement, new Uint8Array(32).fill(9))",
  ),
];

export const LENDING = edit(
  "credential/delegation.ts",
  "if (!parent.scope.includes(SCOPE.delegate)) {",
  "if (parent.scope.length === 0) {",
);
