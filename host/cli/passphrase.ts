import { readFileSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import type { Protection } from "../authority/key-file.js";
import { UsageError } from "./usage.js";

/** Where a passphrase comes from: the file, else VAGUS_PASSPHRASE, else whoever sits at the terminal. */
export interface PassphraseSource {
  readonly "passphrase-file"?: string;
}

export const PASSPHRASE_OPTION = { "passphrase-file": { type: "string" } } as const;
export const PASSPHRASE_HELP = `  --passphrase-file F   the passphrase is the first line of this file; else it is VAGUS_PASSPHRASE, else it is asked for`;

/** @param what the key that it opens, as the prompt names it */
export function passphraseFor(source: PassphraseSource, what: string): () => Promise<string> {
  return async () => given(source) ?? ask(`passphrase of ${what}: `);
}

/** For a key that is about to be made: at a terminal it is asked for twice. */
export async function newProtection(
  source: PassphraseSource & { readonly insecure: boolean },
  what: string,
): Promise<Protection> {
  if (source.insecure) return "insecure";
  const known = given(source);
  if (known !== undefined) return { passphrase: known };
  const passphrase = await ask(`a passphrase for ${what}: `);
  if ((await ask("once more: ")) !== passphrase) {
    throw new UsageError("expected the same passphrase twice, came two");
  }
  return { passphrase };
}

/** Said each time that such a key is made or used. */
export function warnOfBareKey(path: string): void {
  process.stderr.write(`warning: ${path} is not encrypted (--insecure): whoever can read it has the key\n`);
}

function given(source: PassphraseSource): string | undefined {
  const file = source["passphrase-file"];
  if (file !== undefined) return readFileSync(file, "utf8").split(/\r?\n/)[0];
  return process.env.VAGUS_PASSPHRASE;
}

async function ask(prompt: string): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new UsageError(
      "expected a passphrase: --passphrase-file, VAGUS_PASSPHRASE, or a terminal to ask at",
    );
  }
  process.stderr.write(prompt);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  terminal.on("SIGINT", () => process.exit(130));
  try {
    return await terminal.question("");
  } finally {
    terminal.close();
    process.stderr.write("\n");
  }
}
