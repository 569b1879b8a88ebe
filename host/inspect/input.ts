/** Bytes from an argument, a file or standard input, in hexadecimal, base64, base64url or as they are. */
import { closeSync, existsSync, openSync, readSync, statSync } from "node:fs";
import { fromHex } from "../../modules/bytes/index.js";
import { VagusError } from "../../modules/error/index.js";
import { Problems } from "./problem.js";
import { Reader } from "./reader.js";

export const FORMATS = ["hex", "base64url", "base64", "binary"] as const;
export type Format = (typeof FORMATS)[number];

export interface Input {
  readonly bytes: Uint8Array;
  readonly format: Format;
}

const MAX_INPUT = 16 << 20;
const WRAPPING = /^(?:0x|h'|b64')|'$/g;

/** `undefined` and `-` are standard input; anything else a file, or the bytes themselves. */
export function readInput(source: string | undefined, format?: Format): Input {
  if (source === undefined || source === "-") return decodeInput(readFile(0), format);
  if (existsSync(source) && statSync(source).isFile()) return decodeInput(readPath(source), format);
  if (format === "binary") throw new VagusError("host/input", `expected a file, came ${source.slice(0, 80)}`);
  try {
    return decodeInput(new TextEncoder().encode(source), format, false);
  } catch (error) {
    if (!(error instanceof VagusError) || error.code !== "host/input") throw error;
    throw new VagusError(
      "host/input",
      `${error.message.slice(error.code.length + 2)}; nor is there a file ${source.slice(0, 80)}`,
    );
  }
}

/** Hexadecimal bytes, or a file as it is: for AAD, detached payloads and IVs. */
export function readBytes(option: string, source: string): Uint8Array {
  if (existsSync(source) && statSync(source).isFile()) return readPath(source);
  const text = source.replace(/\s/g, "").replace(WRAPPING, "");
  if (/^(?:[0-9a-fA-F]{2})*$/.test(text)) return fromHex(text);
  throw new VagusError(
    "host/input",
    `--${option}: expected hexadecimal bytes or a file, came ${source.slice(0, 80)}`,
  );
}

export function readPath(path: string): Uint8Array {
  const file = openSync(path, "r");
  try {
    return readFile(file);
  } finally {
    closeSync(file);
  }
}

function readFile(file: number): Uint8Array {
  const parts: Buffer[] = [];
  let length = 0;
  for (;;) {
    const part = Buffer.alloc(1 << 16);
    let taken: number;
    try {
      taken = readSync(file, part);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EAGAIN") continue;
      if ((error as NodeJS.ErrnoException).code === "EOF") break;
      throw new VagusError("host/input", `cannot be read: ${(error as Error).message}`);
    }
    if (taken === 0) break;
    length += taken;
    if (length > MAX_INPUT)
      throw new VagusError("host/input", `expected at most ${MAX_INPUT} bytes, came more`);
    parts.push(part.subarray(0, taken));
  }
  return new Uint8Array(Buffer.concat(parts));
}

/**
 * The bytes that an input stands for. What can be hexadecimal is; of base64url, base64 and binary it is the first in
 * which it is one CBOR item, and the first that it can be at all where it is none.
 * @throws VagusError `host/input` with the offset of the first character that no format has
 */
export function decodeInput(raw: Uint8Array, format?: Format, mayBeBinary = true): Input {
  if (format === "binary") return { bytes: raw, format };
  if (raw.every((byte) => byte === 0x20 || (byte >= 9 && byte <= 13)))
    throw new VagusError("host/input", "expected bytes, came none");
  const found = candidates(raw, format === undefined ? FORMATS : [format]);
  if (format === undefined && mayBeBinary) found.push({ bytes: raw, format: "binary" });
  if (found.length === 0) throw notText(raw, format);
  if (found[0].format === "hex") return found[0];
  return found.find(({ bytes }) => isCbor(bytes)) ?? found[0];
}

function candidates(raw: Uint8Array, formats: readonly Format[]): Input[] {
  if (raw.some((byte) => byte > 0x7e)) return [];
  const text = Buffer.from(raw).toString("latin1").replace(/\s/g, "").replace(WRAPPING, "");
  if (text === "") return [];
  const found: Input[] = [];
  for (const format of formats) {
    if (format === "hex" && /^(?:[0-9a-fA-F]{2})+$/.test(text)) found.push({ format, bytes: fromHex(text) });
    const alphabet = format === "base64" ? /^[A-Za-z0-9+/]+={0,2}$/ : /^[A-Za-z0-9_-]+={0,2}$/;
    const whole = text.replace(/=+$/, "").length % 4 !== 1;
    if ((format === "base64" || format === "base64url") && whole && alphabet.test(text))
      found.push({ format, bytes: new Uint8Array(Buffer.from(text, format)) });
  }
  return found;
}

function isCbor(bytes: Uint8Array): boolean {
  const problems = new Problems();
  const { end } = new Reader(bytes).item(problems);
  return problems.count.malformed === 0 && end === bytes.length;
}

function notText(raw: Uint8Array, format: Format | undefined): VagusError {
  const allowed = format === "hex" ? /[^0-9a-fA-F\s]/ : /[^A-Za-z0-9+/_=\s-]/;
  const text = Buffer.from(raw).toString("latin1");
  const at = text.search(allowed);
  const expected = format ?? "a file, hexadecimal, base64url or base64";
  if (at < 0)
    return new VagusError(
      "host/input",
      `expected ${expected}, came ${text.length} characters, which is no whole number of bytes`,
    );
  return new VagusError("host/input", `expected ${expected}, came another character`, at);
}
