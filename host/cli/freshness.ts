import { existsSync, readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { equal } from "../../modules/bytes/index.js";
import { createPortableCrypto } from "../../modules/crypto/portable/index.js";
import { VagusError } from "../../modules/error/index.js";
import { answerQuestion } from "../authority/answer.js";
import { replaceFile } from "../authority/files.js";
import {
  type Answer,
  decodeQuestion,
  encodeAnswer,
  encodeRefusal,
  type Question,
} from "../authority/question.js";
import { openOffice } from "./office.js";
import { PASSPHRASE_HELP, PASSPHRASE_OPTION } from "./passphrase.js";
import { JSON_HELP, JSON_OPTION, report } from "./report.js";
import { number, only } from "./usage.js";

export const summary =
  "the Authority answers a programmer that is in a session: freshness, time, a credential";

export const help = `vagus freshness: the Authority's answer to what a programmer asks for one session with one device, now

usage: vagus freshness FILE [--authority FOLDER] [options]

  FILE                  what \`vagus rotate\`, \`program\` or another one wrote with --ask FILE; the answer goes beside it, into
                        FILE.answer
  --minutes N           goes on for so long, and answers each that comes: rotate asks twice (default: answers once)
  --times N             and no longer than until it has answered so many
  --authority FOLDER    who answers (default: authority)
${PASSPHRASE_HELP}
${JSON_HELP}

A programmer of the ledger has signed each question, at most 60 s ago, and the device gave a nonce for it that is good for
60 s. The answer is a freshness token, with the newest revocation list for the device; a time reset; or the next credential
of the device, which is in the ledger then. A refusal is written as an answer too.

exit codes: 0 answered, all of them; 1 refused, and why, or nothing was asked; 2 wrong usage
`;

const LOOK_MS = 50;

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      authority: { type: "string", default: "authority" },
      minutes: { type: "string" },
      times: { type: "string" },
      ...PASSPHRASE_OPTION,
      ...JSON_OPTION,
    },
  });
  const path = only(positionals, "FILE");
  const minutes = values.minutes === undefined ? undefined : number("minutes", values.minutes, 0.01, 1440);
  const times = values.times === undefined ? undefined : number("times", values.times, 1, 1_000_000);
  const crypto = createPortableCrypto();
  const office = await openOffice(crypto, values.authority, values);
  const answer = (question: Question) => answerQuestion(crypto, office, question);
  if (minutes === undefined) {
    await answerFile(path, new Uint8Array(readFileSync(path)), answer, values.json);
    return 0;
  }
  let [answered, refused] = [0, 0];
  let last: Uint8Array | undefined;
  const until = Date.now() + minutes * 60_000;
  while (Date.now() < until && (times === undefined || answered + refused < times)) {
    await setTimeout(LOOK_MS);
    const bytes = read(path);
    if (bytes === undefined || (last !== undefined && equal(bytes, last))) continue;
    last = bytes;
    try {
      await answerFile(path, bytes, answer, values.json);
      answered++;
    } catch (error) {
      if (!(error instanceof VagusError)) throw error;
      process.stderr.write(`vagus freshness: ${error.message}\n`);
      refused++;
    }
  }
  return answered > 0 && refused === 0 ? 0 : 1;
}

/** Undefined where nothing is asked: the programmer takes its question away. */
function read(path: string): Uint8Array | undefined {
  try {
    return existsSync(path) ? new Uint8Array(readFileSync(path)) : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

const WORDS = {
  freshness: "a freshness token",
  time: "a time reset",
  credential: "the device's next credential, which is in the ledger",
} as const;

async function answerFile(
  path: string,
  bytes: Uint8Array,
  answer: (question: Question) => Promise<Answer>,
  json: boolean,
): Promise<void> {
  const question = decodeQuestion(bytes);
  const to = `${path}.answer`;
  let given: Answer;
  try {
    given = await answer(question);
  } catch (error) {
    if (error instanceof VagusError) replaceFile(to, encodeRefusal(bytes, error));
    throw error;
  }
  replaceFile(to, encodeAnswer(bytes, given));
  const { token, list } = given;
  report(json, {
    result: { answer: to, what: question.what, bytes: token.length, list: list !== undefined },
    did: [
      `answered with ${WORDS[question.what]} (${token.length} bytes)${list ? ", and the newest revocation list" : ""}: ${to}`,
    ],
    next: ["it has to be back at the device within 60 s of its nonce: who asked sees to that"],
  });
}
