import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { concat } from "../../modules/bytes/index.js";
import { type Anchor, anchorOf } from "../../modules/credential/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { createPortableCrypto } from "../../modules/crypto/portable/index.js";
import { VagusError } from "../../modules/error/index.js";
import { openAgreementKeyFile } from "../authority/sealed-key.js";
import { decryptBundle, isEncrypted, PIECE_MAX } from "../bundle/encrypted.js";
import { ITEM_MAX } from "../bundle/format.js";
import { unpack } from "../bundle/unpack.js";
import { type Verified, verifyBundle } from "../bundle/verify.js";
import { nodeZlib } from "../cose/zlib.js";
import { readKey } from "../inspect/key-input.js";
import { fileReader } from "../store/heart-file.js";
import { readSequence } from "../store/sequence.js";
import { PASSPHRASE_HELP, PASSPHRASE_OPTION, passphraseFor } from "./passphrase.js";
import { count, JSON_HELP, JSON_OPTION, report, when } from "./report.js";
import { needed, only } from "./usage.js";

export const summary = "checks a bundle with nothing but the Authority's public key";

export const help = `vagus verify: is a bundle what it says?

usage: vagus verify BUNDLE --anchor KEY [options]

  --anchor KEY          the Authority's public key: a COSE_Key (anchor.cbor) or a JWK, a file or as it is
  --key FILE            the private key that it was encrypted to (vagus recipient: recipient.key)
  --status-list FILE    a newer status list of the Authority: was the device revoked since? May come several times
  --into FOLDER         and puts what is in it into a device's folder, which is new: for vagus export in other formats
${PASSPHRASE_HELP}
${JSON_HELP}

Good is a bundle of which no byte is another and nothing is missing: every reading signed by the device, the device and
whoever signed for it by credentials of this Authority, every reading behind the one before it, none that a receipt or the
device's own head knows of left out, none from after a revocation without a receipt from before it.

exit codes: 0 it is good; 1 it is not: which item, and why; 2 wrong usage
`;

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      anchor: { type: "string" },
      key: { type: "string" },
      into: { type: "string" },
      "status-list": { type: "string", multiple: true, default: [] },
      ...PASSPHRASE_OPTION,
      ...JSON_OPTION,
    },
  });
  const path = only(positionals, "BUNDLE");
  const crypto = createPortableCrypto();
  const anchor = anchorFrom(crypto, needed(values.anchor, "--anchor KEY"));
  const statusLists = values["status-list"].map((file) => new Uint8Array(readFileSync(file)));
  const file = fileReader(path);
  let bundle = file;
  if (isEncrypted(file.read(0, 2))) {
    const secret = needed(values.key, `--key FILE: ${path} is encrypted`);
    bundle = await decrypted(crypto, path, secret, passphraseFor(values, secret));
  }
  try {
    const verified = verifyBundle(crypto, readSequence(bundle, ITEM_MAX), {
      anchor,
      zlib: nodeZlib,
      statusLists,
    });
    const { into } = values;
    if (into !== undefined) unpack(crypto, readSequence(bundle, ITEM_MAX), into, anchor);
    report(values.json, {
      result: { good: true, ...verified, ...(into !== undefined && { into }) },
      did: [...inWords(verified), ...(into === undefined ? [] : [`it is in ${into} now`])],
      next: into === undefined ? [] : [`vagus export ${into} --format edf --out FILE`],
    });
    return 0;
  } catch (error) {
    if (!(error instanceof VagusError && values.json)) throw error;
    process.stdout.write(`${JSON.stringify({ good: false, code: error.code, message: error.message })}\n`);
    return 1;
  }
}

/** @throws VagusError `cose/key` for what is no public key that signs */
function anchorFrom(crypto: Crypto, source: string): Anchor {
  const key = readKey(crypto, source);
  if (key.kind === "public") return anchorOf(crypto, key.key);
  throw new VagusError("cose/key", `expected the Authority's public key, came ${key.name}`);
}

async function decrypted(crypto: Crypto, path: string, secret: string, passphrase: () => Promise<string>) {
  const { key } = await openAgreementKeyFile(crypto, new Uint8Array(readFileSync(secret)), passphrase);
  const pieces: Uint8Array[] = [];
  for await (const piece of decryptBundle(crypto, key, readSequence(fileReader(path), PIECE_MAX)))
    pieces.push(piece);
  const whole = concat(...pieces);
  return { length: whole.length, read: (at: number, length: number) => whole.subarray(at, at + length) };
}

function inWords(verified: Verified): string[] {
  const { device, streams, receipts, covered, tokens, sealed, sealedBy, statusAsOf, heldUntil } = verified;
  return [
    `good: ${count(tokens, "token")} of the device ${device}, none missing, none changed`,
    ...streams.map(
      (one) =>
        `stream ${one.stream}: ${count(one.readings, "reading")}, ${one.samples} samples, ${when(one.firstIat)} to ${when(one.lastIat)} by the device's clock; ` +
        `${one.gaps > 0 ? `${count(one.gaps, "gap")} that it declared; ` : ""}${one.closed ? "it signed the end" : "its end is not signed: more may have come"}`,
    ),
    ...receipts.map(
      ({ by, issued, tokens: all }) => `receipt of ${by} for ${count(all, "token")}, ${when(issued)}`,
    ),
    `${covered} of ${tokens} have a receipt; sealed by ${sealedBy}, ${when(sealed)}`,
    statusAsOf === null
      ? "the device's credential names no status list: nobody can say whether it was revoked"
      : heldUntil === null
        ? `the device held, as of ${when(statusAsOf)}`
        : `the device is revoked; it held until ${when(heldUntil)} at least, and all of this was received by then`,
  ];
}
