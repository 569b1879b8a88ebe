/** Checks the messages in an input, from the outside in, with the keys that were given, through modules/cose. */
import type { CborOptions } from "../../modules/cbor/index.js";
import { decrypt0, HEADER, verifySign1 } from "../../modules/cose/index.js";
import { verifyMac0 } from "../../modules/cose/mac0.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { type ErrorCode, VagusError } from "../../modules/error/index.js";
import type { Item } from "./item.js";
import { AEADS, allowed, type InspectKey, MACS } from "./key-input.js";
import { algorithmOf, type Message, messageOf } from "./message.js";
import { ALGORITHMS } from "./names.js";
import type { Unfolding } from "./unfolding.js";

export interface VerifyInput {
  readonly crypto: Crypto;
  readonly keys: readonly InspectKey[];
  /** Of the outermost message, as is the detached payload. */
  readonly externalAad?: Uint8Array;
  readonly detached?: Uint8Array;
  readonly baseIv?: Uint8Array;
}

export interface Check {
  readonly what: string;
  /** Offset of the message in the input, or in the plaintext. */
  readonly at: number;
  readonly algorithm: string;
  /** null: no key was given that could check it. */
  readonly verified: boolean | null;
  readonly code?: ErrorCode;
  readonly message: string;
}

export interface Verification {
  readonly checks: Check[];
  readonly used: Set<InspectKey>;
  plaintext?: Uint8Array;
}

/** Messages inside the payloads of messages. */
const MAX_NESTED = 8;

export function verifyMessages(
  input: VerifyInput,
  bytes: Uint8Array,
  item: Item,
  unfolding: Unfolding,
): Verification {
  const verification: Verification = { checks: [], used: new Set() };
  let next: Item | undefined = item;
  for (let depth = 0; next !== undefined && depth < MAX_NESTED; depth++) {
    const message = messageOf(next, unfolding.peek);
    if (message === undefined || !message.item.complete) break;
    const outermost = depth === 0 ? input : { crypto: input.crypto, keys: input.keys, ...baseIvOf(input) };
    checkOne(outermost, bytes, message, unfolding, verification);
    const payload: Item | undefined = message.kind === "COSE_Encrypt0" ? undefined : message.item.items[2];
    next = payload === undefined ? undefined : unfolding.peek(payload);
  }
  return verification;
}

function baseIvOf({ baseIv }: VerifyInput): { baseIv?: Uint8Array } {
  return baseIv === undefined ? {} : { baseIv };
}

function checkOne(
  input: VerifyInput,
  bytes: Uint8Array,
  message: Message,
  unfolding: Unfolding,
  verification: Verification,
): void {
  const { item, kind } = message;
  const number = algorithmOf(item, unfolding.peek);
  const algorithm = number === undefined ? "no algorithm" : (ALGORITHMS.get(number) ?? `algorithm ${number}`);
  const about = { what: kind, at: item.at, algorithm };
  const fitting = input.keys.filter((key) => fits(kind, key));
  if (!["COSE_Sign1", "COSE_Mac0", "COSE_Encrypt0"].includes(kind) || fitting.length === 0) {
    const known = fitting.length === 0 && ["COSE_Sign1", "COSE_Mac0", "COSE_Encrypt0"].includes(kind);
    const why = known
      ? `no ${kind === "COSE_Sign1" ? "public" : "symmetric"} key was given`
      : "keys are not tried on it";
    verification.checks.push({ ...about, verified: null, message: why });
    return;
  }
  let failure: VagusError | undefined;
  for (const key of fitting) {
    try {
      const plaintext = tryKey(input, bytes.subarray(item.at, item.end), kind, key);
      verification.used.add(key);
      if (plaintext !== undefined) verification.plaintext = plaintext;
      const did = kind === "COSE_Encrypt0" ? "decrypted" : "verified";
      verification.checks.push({ ...about, verified: true, message: `${did} with the key (${key.name})` });
      return;
    } catch (error) {
      if (!(error instanceof VagusError)) throw error;
      failure ??= error;
    }
  }
  if (failure !== undefined)
    verification.checks.push({ ...about, verified: false, code: failure.code, message: failure.message });
}

function fits(kind: Message["kind"], key: InspectKey): boolean {
  return (kind === "COSE_Sign1") === (key.kind === "public");
}

/** Others' messages may be in any encoding that is well-formed and of definite length. */
function lenient(bytes: Uint8Array): CborOptions & { understood: number[] } {
  return {
    deterministic: false,
    floats: true,
    maxSize: bytes.length,
    maxText: bytes.length,
    understood: [HEADER.typ, HEADER.kcwt, HEADER.kccs],
  };
}

function tryKey(
  input: VerifyInput,
  bytes: Uint8Array,
  kind: Message["kind"],
  key: InspectKey,
): Uint8Array | undefined {
  const { crypto, externalAad, detached, baseIv } = input;
  const options = { ...lenient(bytes), ...(externalAad && { externalAad }) };
  if (key.kind === "public") {
    verifySign1(crypto, bytes, {
      ...options,
      ...(detached && { detachedPayload: detached }),
      algorithms: ["EdDSA", "ES256"],
      key: key.key,
    });
    return undefined;
  }
  if (kind === "COSE_Mac0") {
    verifyMac0(crypto, bytes, { ...options, algorithms: allowed(key, MACS), key: key.k });
    return undefined;
  }
  return decrypt0(
    crypto,
    { ...options, ...(baseIv && { baseIv }), algorithms: allowed(key, AEADS), key: key.k },
    bytes,
  ).plaintext;
}
