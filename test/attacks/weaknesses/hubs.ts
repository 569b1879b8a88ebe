/** Weaknesses in what is lent to a hub. */
import { edit, LENDING, SIGNATURES, type Weakness } from "./weakness.js";

export const HUBS: readonly Weakness[] = [
  {
    what: "a hub may have what its programmer signs",
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
    what: "a hub may outlive its programmer",
    side: "device",
    edits: [
      edit("credential/delegation.ts", "if (child.expires > parent.expires)", "if (child.expires < 0)"),
    ],
    attacks: ["hub-outlives-its-programmer"],
  },
  {
    what: "a hub may be older than its programmer",
    side: "device",
    edits: [edit("credential/delegation.ts", "if (child.issued < parent.issued)", "if (child.issued < 0)")],
    attacks: ["hub-older-than-its-programmer"],
  },
  {
    what: "a hub may be in any ward",
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
    what: "anybody may lend",
    side: "device",
    edits: [LENDING],
    attacks: ["hub-of-one-who-may-not-lend"],
  },
  {
    what: "nobody asks who signed for a hub, and for what: two defences",
    side: "device",
    edits: [
      SIGNATURES,
      edit(
        "credential/delegation.ts",
        "if (kid !== undefined && compare(kid, parent.kid) === 0) return parent.key;",
        "if (kid !== undefined && compare(kid, kid) === 0) return parent.key;",
      ),
      edit("credential/delegation.ts", "    issuer: toBase64url(parent.kid),\n", ""),
      edit(
        "credential/delegation.ts",
        "if (child.scope.length === 0 || !isSubsetScope(child.scope, scope)) {",
        "if (child.scope.length === 0) {",
      ),
    ],
    attacks: ["hub-signs-for-itself"],
  },
];
