import { parseArgs } from "node:util";
import { createPortableCrypto } from "../../modules/crypto/portable/index.js";
import { VagusError } from "../../modules/error/index.js";
import { EDHOC_MESSAGES, type EdhocMessage, guessEdhoc, inspectEdhoc } from "../inspect/edhoc.js";
import { FORMATS, type Format, readBytes, readInput } from "../inspect/input.js";
import { inspect, inspectSequence, isGood, type Report } from "../inspect/inspect.js";
import { readKey } from "../inspect/key-input.js";
import { type Paint, paintFor, plain } from "../inspect/paint.js";
import { summarise } from "../inspect/summary.js";

export const summary = "shows what a CBOR token holds, what is wrong with it, and whether it verifies";

export const help = `vagus inspect: CBOR, COSE and CWT in diagnostic notation, with names, dates and what is wrong

usage: vagus inspect [options] [INPUT]

INPUT is a file, or the bytes themselves as hexadecimal, base64url or base64; without it, or with -, standard input.
What can be hexadecimal is taken as that, other text as what makes it CBOR.

  --format F           hex, base64url, base64 or binary: no guessing
  --key KEY            verifies or decrypts with a COSE_Key (CBOR, hexadecimal) or a JWK (JSON), from a file or
                       as it is; Ed25519, P-256 or symmetric; may come several times, for nested messages
  --base-iv HEX        for messages with a Partial IV
  --external-aad A     of the outermost message: hexadecimal or a file
  --detached D         its payload, where that is not in the message: hexadecimal or a file
  --edhoc N            a message of EDHOC: 1, 2, 3, 4 or error; auto (default) knows message_1 and error messages by
                       themselves, the others are byte strings
  --sequence           items one after another (RFC 8742), as in a recording
  --samples            decodes the blocks of readings
  --channels N         channels in a block where no stream header came before (default 1)
  --full               cuts no string
  --json               one JSON object: { kind, wellFormed, valid, deterministic, problems: [{ code, at, message,
                       severity }], verified: true | false | null, checks, diagnostic, plaintext?, … };
                       with --sequence one a line

exit codes: 0 with keys: each of them verified or decrypted something, and nothing that they fit failed; without: the
input is well-formed and valid (not deterministic is no failure, but is said); 1 otherwise; 2 wrong usage
`;

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      format: { type: "string" },
      key: { type: "string", multiple: true, default: [] },
      "base-iv": { type: "string" },
      "external-aad": { type: "string" },
      detached: { type: "string" },
      edhoc: { type: "string", default: "auto" },
      sequence: { type: "boolean", default: false },
      samples: { type: "boolean", default: false },
      channels: { type: "string", default: "1" },
      full: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  const wrong = usage(values.format, values.edhoc, values.channels, positionals);
  if (wrong !== undefined) {
    process.stderr.write(`vagus inspect: ${wrong}\n`);
    return 2;
  }
  process.stdout.on("error", () => {}); // a reader that has seen enough, like head
  try {
    const crypto = createPortableCrypto();
    const keys = values.key.map((source) => readKey(crypto, source));
    const bytesOf = (option: "base-iv" | "external-aad" | "detached") => {
      const source = values[option];
      return source === undefined ? undefined : readBytes(option, source);
    };
    const [baseIv, externalAad, detached] = [
      bytesOf("base-iv"),
      bytesOf("external-aad"),
      bytesOf("detached"),
    ];
    const { bytes, format } = readInput(positionals[0], values.format as Format | undefined);
    const paint = values.json ? plain : paintFor(process.stdout);
    const { samples, full } = values;
    const options = {
      ...{ crypto, keys, samples, full, paint, channels: Number(values.channels) },
      ...{ ...(baseIv && { baseIv }), ...(externalAad && { externalAad }), ...(detached && { detached }) },
    };
    const edhoc = values.edhoc === "auto" ? guessEdhoc(bytes) : (values.edhoc as EdhocMessage);
    if (edhoc !== undefined && edhoc !== "auto" && !values.sequence) {
      return show([inspectEdhoc(bytes, edhoc)], { json: values.json, format, paint });
    }
    const reports = values.sequence ? inspectSequence(bytes, options) : [inspect(bytes, options)];
    return show(reports, { json: values.json, format, paint });
  } catch (error) {
    if (!(error instanceof VagusError && values.json)) throw error;
    process.stdout.write(`${JSON.stringify(unreadable(error))}\n`);
    return 1;
  }
}

function usage(
  format: string | undefined,
  edhoc: string,
  channels: string,
  positionals: string[],
): string | undefined {
  if (!EDHOC_MESSAGES.some((known) => known === edhoc))
    return `--edhoc: expected ${EDHOC_MESSAGES.join(", ")}, came ${edhoc}`;
  if (format !== undefined && !FORMATS.some((known) => known === format))
    return `--format: expected ${FORMATS.join(", ")}, came ${format}`;
  if (!/^[1-8]$/.test(channels)) return `--channels: expected 1 to 8, came ${channels}`;
  if (positionals.length > 1) return `expected one input, came ${positionals.length}`;
  if (positionals.length === 0 && process.stdin.isTTY) return "expected an input (--help tells more)";
  return undefined;
}

function show(
  reports: Iterable<Report>,
  { json, format, paint }: { json: boolean; format: Format; paint: Paint },
): number {
  let good = true;
  let shown = 0;
  for (const report of reports) {
    good &&= isGood(report);
    const text = json ? JSON.stringify({ ...report, format }) : summarise(report, format, paint);
    process.stdout.write(`${shown++ > 0 && !json ? "\n" : ""}${text}\n`);
  }
  return good && shown > 0 ? 0 : 1;
}

/** For scripts, where there was nothing to look at. */
function unreadable(error: VagusError): Record<string, unknown> {
  const problem = { code: error.code, at: error.at ?? 0, message: error.message, severity: "malformed" };
  return {
    kind: null,
    ...{ wellFormed: false, valid: false, deterministic: false },
    problems: [problem],
    ...{ verified: null, checks: [], diagnostic: "" },
  };
}
