/** Weaknesses in handshakes and sessions. */
import { EDHOC_SIGNATURES, edit, KEYS, REPLAYS, SIGNATURES, TAGS, type Weakness } from "./weakness.js";

export const SESSIONS: readonly Weakness[] = [
  {
    what: "replays are taken",
    side: "device",
    edits: [REPLAYS],
    attacks: ["command-replayed", "every-message-doubled", "every-order-doubled"],
  },
  {
    what: "replays are taken by the programmer",
    side: "programmer",
    edits: [REPLAYS],
    attacks: ["reading-replayed", "every-message-doubled", "every-order-doubled"],
  },
  {
    what: "tags are not looked at",
    side: "device",
    edits: [TAGS],
    attacks: ["every-message-altered", "every-order-altered"],
  },
  {
    what: "tags are not looked at by the programmer",
    side: "programmer",
    edits: [TAGS],
    attacks: ["every-message-altered", "every-order-altered"],
  },
  {
    what: "the device's ephemeral key is always the same",
    side: "device",
    edits: KEYS.slice(0, 1),
    attacks: ["message-2-replayed", "session-replayed"],
  },
  {
    what: "the ephemeral keys of both are always the same",
    side: "both",
    edits: KEYS,
    attacks: [
      "message-3-replayed",
      "message-4-replayed",
      "reading-of-another-session",
      "command-of-another-session",
    ],
  },
  {
    what: "EDHOC's signatures are not looked at",
    side: "device",
    edits: [EDHOC_SIGNATURES],
    attacks: ["credential-swapped"],
  },
  {
    what: "EDHOC's signatures are not looked at by the programmer",
    side: "programmer",
    edits: [EDHOC_SIGNATURES],
    attacks: ["device-swapped"],
  },
  {
    what: "neither the tag nor the signature of what comes is looked at by the programmer: two defences",
    side: "programmer",
    edits: [TAGS, SIGNATURES],
    attacks: ["every-message-altered"],
  },
  {
    what: "what is missing at the end of a message is read as zeros, and tags are not looked at: two defences",
    side: "programmer",
    edits: [
      TAGS,
      edit(
        "cose/encrypt0.ts",
        "let value = decode(bytes, options);",
        "let value;\n  try {\n    value = decode(bytes, options);\n  } catch {\n    value = decode(Uint8Array.of(...bytes, 0), options);\n  }",
      ),
    ],
    attacks: ["every-message-shortened"],
  },
  {
    what: "the programmer does not see that something is missing: three defences, sequence, chain and sample index",
    side: "programmer",
    edits: [
      edit(
        "reading/verifier.ts",
        "if (cti.boot !== boot || cti.sequence !== sequence + 1) {",
        "if (cti.boot !== boot) {",
      ),
      edit(
        "reading/verifier.ts",
        "if (position.prev !== undefined && !equal(prev, position.prev)) {",
        "if (prev === undefined) {",
      ),
      edit(
        "reading/verifier.ts",
        "if (nextSample !== undefined && firstSample !== nextSample) {",
        "if (firstSample === undefined) {",
      ),
    ],
    attacks: ["every-message-dropped", "every-message-reordered"],
  },
  {
    what: "what goes one way may come back: two defences, a key for each direction and the form of a reply",
    side: "both",
    edits: [
      edit(
        "session/flow.ts",
        "{ toDevice: 0, toProgrammer: 1, telemetry: 2 }",
        "{ toDevice: 0, toProgrammer: 0, telemetry: 2 }",
      ),
      edit(
        "session/control.ts",
        'if (number !== 0) asText(result, "session/malformed", "reply detail");',
        "",
      ),
      edit("session/control.ts", '"reply id"), code: number, result }', '"reply id"), code: 0, result }'),
    ],
    attacks: ["every-message-reflected", "every-order-reflected"],
  },
  {
    what: "the device waits a second for a handshake",
    side: "device",
    edits: [
      edit("device/lifecycle.ts", "{ always: 10_000, window: 3000 }", "{ always: 1000, window: 3000 }"),
    ],
    attacks: ["every-message-delayed"],
  },
];
