/** The traces of RFC 9529, read from the working group's own markdown: `edhoc/rfc9529-traces.md` of lake-wg/edhoc. */
import { readText, vectorsFolder } from "engine";
import { fromHex } from "../../modules/bytes/index.js";
import { encode } from "../../modules/cbor/index.js";

/** A named value of a trace. */
export interface Value {
  /** As printed, without form and length: "PRK_2e", "Responder's public authentication key, 'x'-coordinate". */
  readonly name: string;
  /** "Raw Value", "CBOR Data Item", "CBOR Sequence", "CBOR byte string", "int" (its CBOR), or nothing. */
  readonly form: string;
  readonly bytes: Uint8Array;
  /** The line of its block in the file. */
  readonly line: number;
  /** The heading that it stands under. */
  readonly section: string;
}

export interface Traces {
  /** Section 2: method 0, suite 0, x5t. */
  readonly signatures: readonly Value[];
  /** Section 3: method 3, suite 2 after suite 6 was refused, kid and CCS. */
  readonly staticDh: readonly Value[];
  /** Section 4: what has to be refused. */
  readonly invalid: readonly Value[];
}

// ~~~~~~~~
// Initiator's ephemeral public key
// G_X (Raw Value) (32 bytes)
// 31 f8 2c …
// ~~~~~~~~
const FENCE = /^~{8,}$/;
const HEX = /^[0-9a-fA-F]{2}( [0-9a-fA-F]{2})*$/;
const LABEL = /^(.*?)\s*(?:\(([A-Za-z ]+)\))?(?: \(ECDH shared secret\))?\s*(?:\((\d+) bytes?\))?$/;

function readBlock(block: readonly string[], line: number, section: string): Value {
  const [first, second] = block;
  if (first.endsWith(" (int)")) {
    return { name: first.slice(0, -6), form: "int", bytes: encode(Number(second)), line, section };
  }
  const hex = block.filter((text) => HEX.test(text));
  const names = block.filter((text) => !HEX.test(text));
  const last = names[names.length - 1];
  const label = last.startsWith("(") && names.length > 1 ? `${names[names.length - 2]} ${last}` : last;
  const [, name, form = "", length] = LABEL.exec(label) as RegExpExecArray;
  const bytes = fromHex(hex.join("").replace(/ /g, ""));
  if (length !== undefined && Number(length) !== bytes.length) {
    throw new Error(`line ${line}: ${name} says ${length} bytes and has ${bytes.length}`);
  }
  return { name, form, bytes, line, section };
}

function read(text: string): Traces {
  const parts: Record<keyof Traces, Value[]> = { signatures: [], staticDh: [], invalid: [] };
  let part: keyof Traces | undefined;
  let section = "";
  let block: string[] | undefined;
  let start = 0;
  text.split(/\r?\n/).forEach((line, index) => {
    if (FENCE.test(line)) {
      if (block !== undefined && part !== undefined && block.length > 0) {
        parts[part].push(readBlock(block, start, section));
      }
      block = block === undefined ? [] : undefined;
      start = index + 1;
    } else if (block !== undefined) {
      if (line.trim() !== "") block.push(line.trim());
    } else if (line.startsWith("#")) {
      section = line.replace(/^#+ /, "").replace(/ *(#|\{#.*\}) *$/, "");
      if (line.includes("{#sec-trace-1}")) part = "signatures";
      else if (line.includes("{#sec-trace-2}")) part = "staticDh";
      else if (line.includes("{#sec-trace-invalid}")) part = "invalid";
      else if (/^# |^## Certificates/.test(line)) part = undefined;
    }
  });
  return parts;
}

/** Undefined where the folder of vectors is missing. */
export function readTraces(): Traces | undefined {
  const folder = vectorsFolder();
  return folder === undefined ? undefined : read(readText(`${folder}/edhoc/rfc9529-traces.md`));
}

/** The one value of a name, in a form and under a heading where those are given. */
export function find(values: readonly Value[], name: string, form?: string, section?: string): Uint8Array {
  const found = values.filter(
    (value) =>
      value.name === name &&
      (form === undefined || value.form.toLowerCase() === form.toLowerCase()) &&
      (section === undefined || value.section === section),
  );
  if (found.length !== 1) throw new Error(`expected ${name} once, came ${found.length} times`);
  return found[0].bytes;
}
