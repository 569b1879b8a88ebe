/**
 * The one error of Vagus. Its `code` is stable text for people and scripts; `number` is the same code as it
 * travels in a reply. The message says what was expected and what came.
 */
import { ERROR_NUMBERS, type ErrorCode } from "./codes.js";

export { ERROR_NUMBERS, type ErrorCode } from "./codes.js";

export class VagusError extends Error {
  override readonly name = "VagusError";
  readonly code: ErrorCode;
  /** Byte offset in the input at which it went wrong, where there is one. */
  readonly at: number | undefined;

  constructor(code: ErrorCode, detail: string, at?: number) {
    super(at === undefined ? `${code}: ${detail}` : `${code}: ${detail} (byte ${at})`);
    this.code = code;
    this.at = at;
  }

  /** The code as an integer, for replies on the wire. */
  get number(): number {
    return ERROR_NUMBERS[this.code];
  }
}

/** The code of a number from the wire; undefined where a newer peer knows more codes than we do. */
export function errorCode(number: number): ErrorCode | undefined {
  return (Object.keys(ERROR_NUMBERS) as ErrorCode[]).find((code) => ERROR_NUMBERS[code] === number);
}
