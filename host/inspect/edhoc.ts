/**
 * EDHOC's messages (RFC 9528 section 5): CBOR sequences without a tag that would say what they are. message_1 and
 * error messages are told by their items; 2, 3 and 4 are byte strings, and only the transcript knows which is which.
 */
import { toHex } from "../../modules/bytes/index.js";
import { decode } from "../../modules/cbor/index.js";
import { readError } from "../../modules/edhoc/error.js";
import { isInt, onlyBytes, splitItems } from "../../modules/edhoc/items.js";
import { decodeMessage1 } from "../../modules/edhoc/message-1.js";
import { decodeMessage2 } from "../../modules/edhoc/message-2.js";
import { VagusError } from "../../modules/error/index.js";
import type { Report } from "./inspect.js";

export const EDHOC_MESSAGES = ["auto", "1", "2", "3", "4", "error"] as const;
export type EdhocMessage = (typeof EDHOC_MESSAGES)[number];

type Line = readonly [value: string, meaning: string];

const METHODS = [
  "both sides sign",
  "I signs, R has a static DH key",
  "I has a static DH key, R signs",
  "both have static DH keys",
];
const SUITES = [
  "AES-CCM-16-64-128, SHA-256, X25519, EdDSA",
  "AES-CCM-16-128-128, SHA-256, X25519, EdDSA",
  "AES-CCM-16-64-128, SHA-256, P-256, ES256",
  "AES-CCM-16-128-128, SHA-256, P-256, ES256",
];
const EAD_NAMES = new Map([
  [0, "padding"],
  [65000, "Vagus: versions"],
]);

function suiteName(suite: number): string {
  return `${suite}: ${SUITES[suite] ?? "not built in"}`;
}

function eadLines(items: readonly Uint8Array[], name: string): Line[] {
  return items.map((item) => {
    const value = decode(item);
    if (typeof value !== "number") return [`h'${toHex(value as Uint8Array)}'`, "its value"];
    const known = EAD_NAMES.get(Math.abs(value)) ?? "an item that is not known here";
    return [String(value), `${name}: ${known}${value < 0 ? ", critical" : ""}`];
  });
}

function message1(bytes: Uint8Array): Line[] {
  const { method, suites_i, g_x, c_i, ead_1 } = decodeMessage1(bytes);
  const selected = suites_i[suites_i.length - 1];
  return [
    [String(method), `METHOD: ${METHODS[method]}`],
    [
      suites_i.length === 1 ? String(selected) : `[${suites_i.join(", ")}]`,
      `SUITES_I, selected ${suiteName(selected)}`,
    ],
    [`h'${toHex(g_x)}'`, `G_X: the Initiator's ephemeral key, ${g_x.length} bytes`],
    [`h'${toHex(c_i)}'`, "C_I: the Initiator's connection identifier"],
    ...eadLines(ead_1, "EAD_1"),
  ];
}

function message2(bytes: Uint8Array): Line[] {
  const { g_y, ciphertext_2 } = decodeMessage2(bytes);
  return [
    [`h'${toHex(g_y)}'`, "G_Y: the Responder's ephemeral key"],
    [
      `h'${toHex(ciphertext_2)}'`,
      `CIPHERTEXT_2: C_R, ID_CRED_R, Signature_or_MAC_2, EAD_2; ${ciphertext_2.length} bytes`,
    ],
  ];
}

function sealed(number: 3 | 4, within: string): (bytes: Uint8Array) => Line[] {
  return (bytes) => {
    const text = onlyBytes(bytes, `message_${number}`);
    return [[`h'${toHex(text)}'`, `CIPHERTEXT_${number}: ${within}; ${text.length} bytes, tag included`]];
  };
}

function errorMessage(bytes: Uint8Array): Line[] {
  const error = readError(bytes);
  const info = {
    0: ["success", ""],
    1: ["unspecified", error.code === 1 ? JSON.stringify(error.text) : ""],
    2: ["wrong selected cipher suite", error.code === 2 ? `SUITES_R ${error.suites_r.join(", ")}` : ""],
    3: ["unknown credential referenced", "true"],
    other: ["not known here", ""],
  }[error.code];
  const number = error.code === "other" ? error.number : error.code;
  return [
    [String(number), `ERR_CODE: ${info[0]}`],
    [info[1], "ERR_INFO"],
  ];
}

const READERS: Record<
  Exclude<EdhocMessage, "auto">,
  readonly [kind: string, read: (bytes: Uint8Array) => Line[]]
> = {
  1: ["EDHOC message_1", message1],
  2: ["EDHOC message_2", message2],
  3: ["EDHOC message_3", sealed(3, "ID_CRED_I, Signature_or_MAC_3, EAD_3")],
  4: ["EDHOC message_4", sealed(4, "EAD_4")],
  error: ["EDHOC error message", errorMessage],
};

/** Which message these bytes are by themselves; undefined for what is none, or cannot be told. */
export function guessEdhoc(bytes: Uint8Array): "1" | "error" | undefined {
  if (bytes.length === 0 || !isInt(bytes)) return undefined;
  try {
    const { length } = splitItems(bytes);
    if (length === 2) return readError(bytes) && "error";
    return length >= 4 ? decodeMessage1(bytes) && "1" : undefined;
  } catch (error) {
    if (error instanceof VagusError) return undefined;
    throw error;
  }
}

/** The report on one message; never throws for anything that `bytes` can hold. */
export function inspectEdhoc(bytes: Uint8Array, message: Exclude<EdhocMessage, "auto">): Report {
  const [kind, read] = READERS[message];
  const common = { kind, length: bytes.length, verified: null, checks: [] };
  try {
    const lines = read(bytes);
    const diagnostic = lines.map(([value, meaning]) => `${value}  / ${meaning} /`).join("\n");
    return { ...common, wellFormed: true, valid: true, deterministic: true, problems: [], diagnostic };
  } catch (error) {
    if (!(error instanceof VagusError)) throw error;
    const problem = {
      code: error.code,
      at: error.at ?? 0,
      message: error.message,
      severity: "malformed",
    } as const;
    return {
      ...common,
      wellFormed: false,
      valid: false,
      deterministic: false,
      problems: [problem],
      diagnostic: "",
    };
  }
}
