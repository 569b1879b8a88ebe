/**
 * Readers that turn a `CborValue` into what the caller expects, or throw the caller's error naming the field, what was
 * expected and what came.
 */
import { type ErrorCode, VagusError } from "../error/index.js";
import { type CborValue, Tag } from "./value.js";

/** What a value is, for messages: never its content, which may be secret or long. */
export function kindOf(value: CborValue): string {
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (value instanceof Map) return `a map of ${value.size}`;
  if (value instanceof Tag) return `tag ${value.tag}`;
  if (typeof value === "number" || typeof value === "bigint") return `${value}`;
  if (typeof value === "string") return `text of ${value.length}`;
  return `${value}`;
}

function unexpected(code: ErrorCode, field: string, expected: string, value: CborValue): VagusError {
  return new VagusError(code, `${field}: expected ${expected}, came ${kindOf(value)}`);
}

/** An unsigned integer up to `max`, by default 2^53 - 1. */
export function asUint(
  value: CborValue,
  code: ErrorCode,
  field: string,
  max = Number.MAX_SAFE_INTEGER,
): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= max) return value;
  throw unexpected(code, field, `an unsigned integer up to ${max}`, value);
}

/** An integer from `min` to `max`, by default those within ±(2^53 - 1). */
export function asInt(
  value: CborValue,
  code: ErrorCode,
  field: string,
  min = Number.MIN_SAFE_INTEGER,
  max = Number.MAX_SAFE_INTEGER,
): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return value;
  throw unexpected(code, field, `an integer from ${min} to ${max}`, value);
}

/** A byte string, of exactly `length` bytes where that is given. */
export function asBytes(value: CborValue, code: ErrorCode, field: string, length?: number): Uint8Array {
  if (value instanceof Uint8Array && (length === undefined || value.length === length)) return value;
  throw unexpected(code, field, length === undefined ? "bytes" : `${length} bytes`, value);
}

export function asText(value: CborValue, code: ErrorCode, field: string): string {
  if (typeof value === "string") return value;
  throw unexpected(code, field, "text", value);
}

export function asBoolean(value: CborValue, code: ErrorCode, field: string): boolean {
  if (typeof value === "boolean") return value;
  throw unexpected(code, field, "true or false", value);
}

/** An array, of exactly `length` items where that is given. */
export function asArray(value: CborValue, code: ErrorCode, field: string, length?: number): CborValue[] {
  if (Array.isArray(value) && (length === undefined || value.length === length)) return value;
  throw unexpected(code, field, length === undefined ? "an array" : `an array of ${length}`, value);
}

export function asMap(value: CborValue, code: ErrorCode, field: string): Map<CborValue, CborValue> {
  if (value instanceof Map) return value;
  throw unexpected(code, field, "a map", value);
}

/** A map whose keys are all integers or text, as COSE headers, COSE_Keys and CWT claims are. */
export function asLabelled(
  value: CborValue,
  code: ErrorCode,
  field: string,
): Map<number | string, CborValue> {
  const map = asMap(value, code, field);
  for (const key of map.keys()) {
    if (typeof key !== "number" && typeof key !== "string")
      throw unexpected(code, `${field} key`, "an integer or text", key);
  }
  return map as Map<number | string, CborValue>;
}
