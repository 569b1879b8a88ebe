import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { toHex } from "../../modules/bytes/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { createPortableCrypto } from "../../modules/crypto/portable/index.js";
import { VagusError } from "../../modules/error/index.js";
import { readRecipient } from "../bundle/recipient.js";
import { exportBundle } from "../export/bundle.js";
import { FORMATS, type Format, filesOf, writeFormat } from "../export/formats.js";
import { openStored, type Stored } from "../export/stored.js";
import { survey } from "../export/survey.js";
import { inWords } from "../export/timeline.js";
import { isoTime } from "../export/words.js";
import { Outputs } from "../export/write.js";
import { PASSPHRASE_HELP, PASSPHRASE_OPTION } from "./passphrase.js";
import { count, JSON_HELP, JSON_OPTION, nowSeconds, report } from "./report.js";
import { openProgrammer } from "./session.js";
import { needed, number, oneOf, only, UsageError } from "./usage.js";

export const summary =
  "writes a recording as EDF+, WFDB, CSV, FHIR, a strip on paper, or a bundle that others verify";

export const help = `vagus export: what was recorded, for other people's tools

usage: vagus export FOLDER|RECORDING --format F --out FILE [options]

FOLDER is what came of a device (vagus watch); RECORDING one stream of it, with its key beside it in RECORDING.key.
Everything is verified first: of a recording that is not good, nothing is written.

  --format F            edf     EDF+, markers and gaps as annotations
                        wfdb    a WFDB record: FILE.hea, FILE.dat (format 16) and FILE.atr
                        csv     millivolts, with a header that explains itself
                        fhir    FHIR R4 Observations with SampledData, in a Bundle
                        svg     one strip of ECG paper, up to two minutes
                        pdf     strips of ten seconds, a page of A4 each
                        bundle  everything as it was signed: vagus verify checks it with the Authority's key alone
  --out FILE            where to; it is there whole or not at all
  --force               over a file that is there
  --from S, --to S      seconds since the recording's start: readings that lie between, taken whole (not of a bundle,
                        which is whole or no evidence)
  --identify            says the device's key where a format has a place for it (fhir); otherwise nobody is named

for a bundle:
  --programmer FOLDER   who seals it: a key and a credential (default: programmer)
  --status-list FILE    an Authority's status list to put in, beside those that are kept; may come several times
  --recipient FILE      encrypts it for the holder of this key (a COSE_Key: vagus recipient)
${PASSPHRASE_HELP}
${JSON_HELP}

exit codes: 0 written; 1 the recording is not good, or it cannot be said in that format; 2 wrong usage
`;

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      format: { type: "string" },
      out: { type: "string" },
      force: { type: "boolean", default: false },
      from: { type: "string" },
      to: { type: "string" },
      identify: { type: "boolean", default: false },
      programmer: { type: "string", default: "programmer" },
      "status-list": { type: "string", multiple: true, default: [] },
      recipient: { type: "string" },
      ...PASSPHRASE_OPTION,
      ...JSON_OPTION,
    },
  });
  const path = only(positionals, "FOLDER or RECORDING");
  const format = oneOf("format", needed(values.format, `--format ${FORMATS.join(", ")}`), FORMATS);
  const out = needed(values.out, "--out FILE");
  const seconds = (name: "from" | "to") =>
    values[name] === undefined ? undefined : number(name, values[name], 0, 1e9);
  const [fromS, toS] = [seconds("from"), seconds("to")];
  const ranged = fromS !== undefined || toS !== undefined;
  if (ranged && format === "bundle")
    throw new UsageError("--from, --to: expected a whole bundle, came a part");
  const crypto = createPortableCrypto();
  const stored = openStored(crypto, path);
  const outputs = new Outputs(filesOf(format, out), values.force);
  try {
    const range = { ...(fromS !== undefined && { fromS }), ...(toS !== undefined && { toS }) };
    const done =
      format === "bundle"
        ? await bundle(crypto, outputs, stored, path, out, values)
        : await other(crypto, outputs, stored, format, out, range, values.identify);
    outputs.keep();
    report(values.json, done);
    return 0;
  } finally {
    outputs.drop();
  }
}

interface BundleValues {
  readonly programmer: string;
  readonly "status-list": readonly string[];
  readonly recipient?: string | undefined;
  readonly "passphrase-file"?: string;
}

async function bundle(
  crypto: Crypto,
  outputs: Outputs,
  stored: Stored,
  folder: string,
  out: string,
  values: BundleValues,
) {
  if (stored.credentials.length === 0) {
    throw new UsageError(
      `expected a device's folder with its credentials, came a recording alone: ${folder}`,
    );
  }
  const holding = await openProgrammer(crypto, values.programmer, values);
  const recipient =
    values.recipient === undefined
      ? undefined
      : readRecipient(crypto, new Uint8Array(readFileSync(values.recipient)));
  const { bytes, verified } = await exportBundle(crypto, outputs, {
    ...{ folder, stored, holding, holderFolder: values.programmer, out, now: nowSeconds() },
    ...{ statusLists: values["status-list"], ...(recipient && { recipient }) },
  }).catch((error) => {
    throw withNextStep(error);
  });
  const { tokens, covered, streams } = verified;
  const samples = streams.reduce((sum, one) => sum + one.samples, 0);
  return {
    result: { format: "bundle", files: [out], bytes, encrypted: recipient !== undefined, ...verified },
    did: [
      `wrote ${out}: ${count(tokens, "token")} of ${verified.device}, ${count(samples, "sample")}; ${bytes} bytes${recipient ? ", encrypted" : ""}`,
      covered === tokens
        ? "there are receipts for all of it"
        : `there are receipts for ${covered} of ${tokens} (vagus receipt signs for the others)`,
    ],
    next: [`vagus verify ${out} --anchor anchor.cbor${recipient ? " --key recipient.key" : ""}`],
  };
}

/** What is missing, and where it is to be had. */
function withNextStep(error: unknown): unknown {
  const without =
    error instanceof VagusError && error.code === "cwt/status" && error.message.endsWith("came none");
  if (!without) return error;
  const detail = error.message.slice(error.code.length + 2);
  return new VagusError(
    "cwt/status",
    `${detail}: fetch it, or where the Authority is here: vagus status-list --authority FOLDER; then --status-list FILE`,
  );
}

async function other(
  crypto: Crypto,
  outputs: Outputs,
  stored: Stored,
  format: Exclude<Format, "bundle">,
  out: string,
  range: { fromS?: number; toS?: number },
  identify: boolean,
) {
  const progress = process.stderr.isTTY ? showProgress() : undefined;
  const torn = (path: string, bytes: number) =>
    process.stderr.write(
      `warning: ${path} ends with ${bytes} bytes of a token that is not whole: left out\n`,
    );
  const recorded = survey(crypto, stored, { ...range, torn, ...(progress && { progress }) });
  const device = identify ? toHex(stored.keys.at(-1)!.kid) : undefined;
  const bytes = await writeFormat(format, recorded, out, outputs, device);
  const { length, runs, breaks, markers, readings, startedAt } = recorded;
  const { rateHz } = recorded.format;
  const files = filesOf(format, out);
  return {
    result: {
      ...{ format, files, bytes, start: isoTime(startedAt), seconds: length / rateHz, readings },
      samples: runs.reduce((sum, run) => sum + run.samples, 0),
      ...{ channels: recorded.format.channels, rateHz, gaps: breaks.length, markers: markers.length },
    },
    did: [
      `wrote ${files.join(", ")}: ${(length / rateHz).toFixed(1)} s, ${inWords(recorded.format)}; ${bytes} bytes`,
      `${count(readings, "reading")} verified, ${count(breaks.length, "gap")}, ${count(markers.length, "marker")}`,
    ],
  };
}

/** A line that is written over, as long as it takes. */
function showProgress(): (bytes: number, of: number) => void {
  let shown = -1;
  return (bytes, of) => {
    const percent = Math.floor((100 * bytes) / of);
    if (percent === shown) return;
    shown = percent;
    process.stderr.write(percent === 100 ? "\r\x1b[K" : `\r\x1b[Kverifying: ${percent} %`);
  };
}
