/** How a command reaches the Authority while it is in a session: its folder is here, or it sees a file that we write. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import type { Crypto } from "../../modules/crypto/port.js";
import { VagusError } from "../../modules/error/index.js";
import { answerQuestion } from "../authority/answer.js";
import { replaceFile } from "../authority/files.js";
import type { Office } from "../authority/office.js";
import { type Answer, decodeAnswer, encodeQuestion, type Question } from "../authority/question.js";
import { challenge, type Managed, signedRequest } from "../programmer/manage.js";
import type { Holding } from "../store/holder-folder.js";
import { openOffice } from "./office.js";
import type { PassphraseSource } from "./passphrase.js";
import { nowSeconds } from "./report.js";
import { UsageError } from "./usage.js";

export const WORD_OPTIONS = { authority: { type: "string" }, ask: { type: "string" } } as const;
export const WORD_HELP = `  --authority FOLDER    the Authority, where it is here (default: authority); or
  --ask FILE            asks it by this file, which both sides see: \`vagus freshness FILE\` over there, within a minute`;

/** How long an answer may take: the device's nonce is good for so long. */
const PATIENCE_MS = 60_000;
const LOOK_MS = 50;

export interface WordSource extends PassphraseSource {
  readonly authority?: string;
  readonly ask?: string;
}

export interface Word {
  ask(question: Question): Promise<Answer>;
  /** Undefined where the Authority is asked by a file. */
  readonly office?: Office;
}

/** @throws UsageError for both ways; VagusError as `openOffice` */
export async function openWord(crypto: Crypto, source: WordSource): Promise<Word> {
  const { authority, ask: file } = source;
  if (file === undefined) {
    const office = await openOffice(crypto, authority ?? "authority", source);
    return { office, ask: (question) => answerQuestion(crypto, office, question) };
  }
  if (authority !== undefined) throw new UsageError("expected --authority or --ask, came both");
  return { ask: (question) => askByFile(file, question) };
}

/** What `freshen` needs to know. */
export function asking(crypto: Crypto, { key, anchor }: Holding, { ask }: Word) {
  const freshness = (request: Uint8Array) => ask({ what: "freshness", request });
  return { crypto, key, anchor, now: nowSeconds(), ask: freshness };
}

/** A freshness request over a nonce of this session: what tells the Authority who asks. */
export async function signed(
  crypto: Crypto,
  { key, anchor }: Holding,
  session: Managed,
  nonce?: Uint8Array,
): Promise<Uint8Array> {
  const own = { crypto, key, anchor, now: nowSeconds() };
  return signedRequest(session, own, nonce ?? (await challenge(session)));
}

/**
 * Writes the question into `path`, and waits for the answer beside it. Both are gone when this returns.
 * @throws VagusError the Authority's refusal; `credential/freshness` where no answer came in time
 */
export async function askByFile(path: string, question: Question, patienceMs = PATIENCE_MS): Promise<Answer> {
  const bytes = encodeQuestion(question);
  const answer = `${path}.answer`;
  rmSync(answer, { force: true });
  replaceFile(path, bytes);
  process.stderr.write(`asking by ${path}: vagus freshness ${path} --authority FOLDER\n`);
  try {
    for (const until = Date.now() + patienceMs; Date.now() < until; await setTimeout(LOOK_MS)) {
      const found = existsSync(answer)
        ? decodeAnswer(bytes, new Uint8Array(readFileSync(answer)))
        : undefined;
      if (found !== undefined) return found;
    }
    throw new VagusError(
      "credential/freshness",
      `expected ${answer} within ${patienceMs / 1000} s (vagus freshness ${path}), came none`,
    );
  } finally {
    for (const file of [path, answer]) rmSync(file, { force: true });
  }
}
