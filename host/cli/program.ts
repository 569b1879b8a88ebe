import { createInterface } from "node:readline/promises";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { Crypto } from "../../modules/crypto/port.js";
import { createPortableCrypto } from "../../modules/crypto/portable/index.js";
import { VagusError } from "../../modules/error/index.js";
import { freshen } from "../programmer/manage.js";
import { Operation } from "../programmer/operation.js";
import {
  cancel,
  type PacingState,
  paceNow,
  program,
  programTemporarily,
  readParameters,
  stage,
  startTest,
  TESTS,
  type TestResult,
  testResult,
} from "../programmer/pacing.js";
import { changed, parameterTable } from "./parameter-table.js";
import { PASSPHRASE_HELP, PASSPHRASE_OPTION } from "./passphrase.js";
import { LINK_HELP, LINK_OPTIONS, type LinkSource, PAIR_HELP, PAIR_OPTION } from "./radios.js";
import { JSON_HELP, JSON_OPTION, nowSeconds, report } from "./report.js";
import {
  type OpenSession,
  openSession,
  SESSION_OPTIONS,
  type SessionSource,
  sessionHelp,
} from "./session.js";
import { nothing, number, oneOf, UsageError } from "./usage.js";
import { asking, openWord, WORD_HELP, WORD_OPTIONS, type WordSource } from "./word.js";

export const summary = "shows and sets how a pacemaker paces; tests its leads; paces now";

export const help = `vagus program: a pacemaker's parameters, read, staged, read back, confirmed

usage: vagus program --programmer FOLDER (--device FOLDER | --port P) [options]        shows what is in force
       vagus program --set NAME=VALUE … [--temporary] [--yes] [options]
       vagus program --pace-now | --cancel | --test T [options]

${sessionHelp("pacing:read, and pacing:write to change anything")}
${LINK_HELP}
${PAIR_HELP}
  --set NAME=VALUE      of the table that is shown without it, or mode; may be given several times; off where it may be off.
                        The device reads the set and says it back; it is shown, and asked about, before anything changes
  --temporary           for --seconds N (default 60), while this command runs; it ends with the session, whatever happens
  --pace-now            the specification's fixed values, at once and without the Authority's word; goes on until --cancel
  --cancel              ends Pace-Now, a test, and what is temporary; somebody else's Pace-Now with the Authority's word alone
  --test T              ${TESTS.join(", ")}: of the lead in --chamber atrium or ventricle (default: ventricle)
  --seconds N           how long --temporary lasts, 1 to 3600
  --yes                 does not ask
${WORD_HELP};
                        for --set and --test, and for --cancel where it is needed
${PASSPHRASE_HELP}
${JSON_HELP}

Where the link is lost before the device has answered, it is asked in the next session what became of it: it is never
programmed twice, and never taken to be done without being told so.

exit codes: 0 done; 1 refused, not confirmed, or failed; 2 wrong usage
Vagus is not a medical device.
`;

type Source = SessionSource & LinkSource & WordSource & { readonly json: boolean; readonly yes: boolean };

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      set: { type: "string", multiple: true, default: [] },
      temporary: { type: "boolean", default: false },
      "pace-now": { type: "boolean", default: false },
      cancel: { type: "boolean", default: false },
      test: { type: "string" },
      chamber: { type: "string", default: "ventricle" },
      seconds: { type: "string", default: "60" },
      yes: { type: "boolean", default: false },
      ...WORD_OPTIONS,
      ...SESSION_OPTIONS,
      ...LINK_OPTIONS,
      ...PAIR_OPTION,
      ...PASSPHRASE_OPTION,
      ...JSON_OPTION,
    },
  });
  nothing(positionals);
  const wanted = [values.set.length > 0, values["pace-now"], values.cancel, values.test !== undefined];
  if (wanted.filter(Boolean).length > 1) {
    throw new UsageError("expected one of --set, --pace-now, --cancel and --test, came several");
  }
  const seconds = number("seconds", values.seconds, 1, 3600);
  const test = values.test === undefined ? undefined : oneOf("test", values.test, TESTS);
  const chamber = oneOf("chamber", values.chamber, ["atrium", "ventricle"] as const);
  const crypto = createPortableCrypto();
  if (values["pace-now"]) return emergency(crypto, values);
  if (values.cancel) return calledOff(crypto, values);
  if (test !== undefined) return measure(crypto, values, test, chamber);
  if (values.set.length === 0) return show(crypto, values);
  return set(crypto, values, values.set, values.temporary ? seconds : undefined);
}

async function show(crypto: Crypto, source: Source): Promise<number> {
  const session = await openSession(crypto, source);
  try {
    const state = await readParameters(session.programmer);
    report(source.json, {
      result: { device: session.programmer.device.subject, ...plain(state) },
      did: [...conditions(state), ...parameterTable(state.inForce), "  · not used in this mode"],
    });
    return 0;
  } finally {
    await session.close();
  }
}

/** Without a word of anybody: an emergency does not wait, and does not end with a lost link. */
async function emergency(crypto: Crypto, source: Source): Promise<number> {
  const session = await openSession(crypto, source);
  try {
    await paceNow(session.programmer);
    report(source.json, {
      result: { device: session.programmer.device.subject, paceNow: true },
      did: ["Pace-Now: it paces with the fixed values"],
      next: ["vagus program --cancel ends it; it goes on without a link"],
    });
    return 0;
  } finally {
    await session.close();
  }
}

/** What is one's own needs no word of the Authority's. */
async function calledOff(crypto: Crypto, source: Source): Promise<number> {
  const session = await openSession(crypto, source);
  try {
    try {
      await cancel(session.programmer);
    } catch (error) {
      if (!(error instanceof VagusError) || error.code !== "credential/freshness") throw error;
      process.stderr.write("it is somebody else's Pace-Now: asking the Authority\n");
      await freshen(session.programmer, asking(crypto, session.holding, await openWord(crypto, source)));
      await cancel(session.programmer);
    }
    report(source.json, {
      result: { device: session.programmer.device.subject, paceNow: false },
      did: ["Pace-Now and whatever was temporary have ended"],
    });
    return 0;
  } finally {
    await session.close();
  }
}

async function set(
  crypto: Crypto,
  source: Source,
  settings: readonly string[],
  temporaryS: number | undefined,
): Promise<number> {
  const word = await openWord(crypto, source);
  let session: OpenSession = await openSession(crypto, source);
  try {
    const before = await readParameters(session.programmer);
    await freshen(session.programmer, asking(crypto, session.holding, word));
    const staged = await stage(session.programmer, changed(before.permanent, settings));
    const lines = parameterTable(before.permanent, staged.parameters).filter((line) => line.includes(" -> "));
    if (lines.length === 0)
      throw new UsageError("--set: expected something else than what is programmed, came the same");
    const say = (text: string) => process.stderr.write(`${text}\n`);
    say(`the device ${session.programmer.device.subject} has read:`);
    for (const line of lines) say(line);
    if (before.paceNow) {
      if (source.yes)
        throw new VagusError("cardiac/busy", "expected no Pace-Now (--cancel ends it), came one");
      say("It paces by Pace-Now. Programming it ends that.");
    }
    if (!source.yes && !(await confirmed(temporaryS))) {
      throw new VagusError("cardiac/parameter", "expected yes, came another answer: nothing has changed");
    }
    const operation = new Operation(crypto, nowSeconds());
    if (temporaryS !== undefined) {
      await programTemporarily(session.programmer, operation, staged);
      say(`in force for ${temporaryS} s, or until this session ends`);
      await Promise.race([setTimeout(temporaryS * 1000), gone(session)]);
      const lost = session.ended();
      if (lost !== undefined) {
        throw new VagusError(
          "gatt/disconnected",
          `expected the link to last for ${temporaryS} s, came its end (${lost}): the device ends what is temporary when it notices`,
        );
      }
      await cancel(session.programmer);
    } else {
      const again = async () => {
        say("the link was lost before the device answered: asking it what became of it");
        await session.close();
        session = await openSession(crypto, source);
        return session.programmer;
      };
      await program(session.programmer, operation, staged, again).catch((error: unknown) => {
        if (operation.open)
          say("It is not known whether it was programmed: `vagus program` shows what is in force.");
        throw error;
      });
    }
    report(source.json, {
      result: {
        device: session.programmer.device.subject,
        temporary: temporaryS !== undefined,
        parameters: staged.parameters,
      },
      did: [
        temporaryS === undefined
          ? "programmed: it is in the device's flash, and in force from a safe point of the cycle on"
          : "the temporary parameters have ended: the heart is paced as before",
      ],
    });
    return 0;
  } finally {
    await session.close();
  }
}

/** Resolves when the session has ended. */
async function gone(session: OpenSession): Promise<void> {
  while (session.ended() === undefined) await setTimeout(200);
}

async function confirmed(temporaryS: number | undefined): Promise<boolean> {
  if (!process.stdin.isTTY) throw new UsageError("expected --yes, or a terminal to ask at");
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const what = temporaryS === undefined ? "programs it" : `puts it in force for ${temporaryS} s`;
  const answer = await terminal.question(`yes ${what}; anything else changes nothing: `);
  terminal.close();
  return answer.trim() === "yes";
}

const TEST_LOOK_MS = 250;
const TEST_MS = 120_000;

async function measure(
  crypto: Crypto,
  source: Source,
  kind: (typeof TESTS)[number],
  chamber: "atrium" | "ventricle",
): Promise<number> {
  const word = await openWord(crypto, source);
  const session = await openSession(crypto, source);
  try {
    await freshen(session.programmer, asking(crypto, session.holding, word));
    await startTest(session.programmer, kind, chamber);
    process.stderr.write(`${kind} in the ${chamber}: measuring\n`);
    let result: TestResult | undefined;
    for (const until = Date.now() + TEST_MS; result === undefined && Date.now() < until; ) {
      await setTimeout(TEST_LOOK_MS);
      result = await testResult(session.programmer);
    }
    if (result === undefined)
      throw new VagusError("session/timeout", `expected the ${kind}, came nothing in time`);
    report(source.json, { result: { ...result }, did: [resultInWords(result)] });
    return result.ending === "done" ? 0 : 1;
  } finally {
    await session.close();
  }
}

const UNITS = { impedance: "Ω", wave: "µV" } as const;

function resultInWords(result: TestResult): string {
  const early = result.ending === "done" ? "" : `, ended early (${result.ending})`;
  if (result.kind === "threshold") {
    const at = result.thresholdMv === undefined ? "no pulse captured" : `${result.thresholdMv} mV`;
    return `threshold in the ${result.chamber}: ${at} at ${result.widthUs} µs${early}`;
  }
  const unit = UNITS[result.kind];
  const mean =
    result.mean === undefined
      ? "nothing measured"
      : `${result.mean} ${unit} on average, ${result.smallest} ${unit} at the least`;
  return `${result.kind} in the ${result.chamber}: ${mean}, ${result.count} measured${early}`;
}

function conditions({ temporary, paceNow: now, magnet, battery }: PacingState): string[] {
  const said = [
    ...(now ? ["Pace-Now"] : []),
    ...(magnet ? ["a magnet is on it"] : []),
    ...(temporary ? ["temporary parameters are in force"] : []),
  ];
  return [`battery ${battery}${said.length > 0 ? `; ${said.join("; ")}` : ""}; in force:`];
}

function plain({ staged, ...state }: PacingState) {
  return { ...state, staged: staged ?? null };
}
