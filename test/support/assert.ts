/** Assertions that run on Node and on XS alike. Failures throw with both values in the message. */
import { toHex } from "../../modules/bytes/index.js";
import { type ErrorCode, VagusError } from "../../modules/error/index.js";

/** Text of any value, bytes as hexadecimal, for messages and for deep comparison. */
export function show(value: unknown): string {
  if (value instanceof Uint8Array) return `h'${toHex(value)}'`;
  if (ArrayBuffer.isView(value))
    return `${value.constructor.name}[${Array.from(value as Int16Array).join(",")}]`;
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "string") return JSON.stringify(value);
  if (Object.is(value, -0)) return "-0";
  if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`;
  if (value instanceof Map)
    return `Map{${[...value].map(([k, v]) => `${show(k)} => ${show(v)}`).join(", ")}}`;
  if (value instanceof Error) return `${value.name}(${value.message})`;
  if (value !== null && typeof value === "object") {
    const keys = Object.keys(value).sort();
    return `{${keys.map((key) => `${key}: ${show((value as Record<string, unknown>)[key])}`).join(", ")}}`;
  }
  return String(value);
}

function fail(message: string): never {
  throw new Error(message);
}

export function ok(value: unknown, message = "expected a true value"): asserts value {
  if (!value) fail(`${message}, came ${show(value)}`);
}

/** Same value by `Object.is`. */
export function same<T>(actual: T, expected: T, message = ""): void {
  if (!Object.is(actual, expected)) fail(`${message} expected ${show(expected)}, came ${show(actual)}`);
}

/** Same structure: arrays, maps, plain objects, typed arrays, numbers. */
export function deep(actual: unknown, expected: unknown, message = ""): void {
  const [a, e] = [show(actual), show(expected)];
  if (a !== e) fail(`${message} expected ${e}, came ${a}`);
}

function checkCode(error: unknown, code: ErrorCode, message: string): void {
  if (!(error instanceof VagusError)) fail(`${message} expected VagusError ${code}, came ${show(error)}`);
  if (error.code !== code) fail(`${message} expected code ${code}, came ${error.message}`);
}

/** `action` throws a VagusError of this code. */
export function throws(code: ErrorCode, action: () => unknown, message = ""): void {
  let result: unknown;
  try {
    result = action();
  } catch (error) {
    checkCode(error, code, message);
    return;
  }
  fail(`${message} expected VagusError ${code}, came a result: ${show(result)}`);
}

/** The promise is rejected with a VagusError of this code. */
export async function rejects(code: ErrorCode, action: () => Promise<unknown>, message = ""): Promise<void> {
  let result: unknown;
  try {
    result = await action();
  } catch (error) {
    checkCode(error, code, message);
    return;
  }
  fail(`${message} expected VagusError ${code}, came a result: ${show(result)}`);
}
