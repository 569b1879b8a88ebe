/** `npm run powercuts`: the table, or with --wear the wear. */
import { parseArgs } from "node:util";
import { createPortableCrypto } from "../../modules/crypto/portable/index.js";
import { cheap } from "./cheap-crypto.js";
import { type CutOutcome, cutEverywhere } from "./cuts.js";
import { cutJournal, JOURNAL_OPERATIONS } from "./journal.js";
import { journalWear, READING_BYTES } from "./journal-wear.js";
import { OPERATIONS } from "./operations.js";
import { BUDGET, wear, YEARS } from "./wear.js";

const SHOWN = 5;

interface Options {
  readonly only: string;
  readonly seed: string;
  readonly every: string;
  readonly wear: boolean;
  readonly json: boolean;
}

function readOptions(): Options {
  try {
    return parseArgs({
      options: {
        only: { type: "string", default: "" },
        seed: { type: "string", default: "1" },
        every: { type: "string", default: "6" },
        wear: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
      },
    }).values as Options;
  } catch (error) {
    process.stderr.write(`npm run powercuts: ${(error as Error).message} (--help tells more)\n`);
    process.exit(2);
  }
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  process.stderr.write(`npm run powercuts: expected a number from 1 for ${name}, came ${text}\n`);
  process.exit(2);
}

const options = readOptions();
const seed = wholeNumber("--seed", options.seed);
const sparing = wholeNumber("--every", options.every);
const say = (line: string) => options.json || process.stdout.write(`${line}\n`);
const progress = (text: string) => process.stderr.isTTY && process.stderr.write(`\r\x1b[K${text}`);
const crypto = () => cheap(createPortableCrypto({ deviceSecret: new Uint8Array(16).fill(0x5e) }));

async function cuts(): Promise<boolean> {
  const columns = (operation: string, sectors: string, ...numbers: unknown[]) =>
    `  ${operation.padEnd(36)}${sectors.padEnd(12)}${numbers.map((number) => String(number).padStart(10)).join("")}`;
  const rows: ({ operation: string; sectors: string } & CutOutcome)[] = [];
  say(`seed ${seed}; one in ${sparing} is cut again in its restart`);
  say(columns("operation", "sectors", "calls", "points", "cut twice", "failures"));
  const done = (operation: string, sectors: string, outcome: CutOutcome) => {
    rows.push({ operation, sectors, ...outcome });
    progress("");
    const { calls, points, again, failures } = outcome;
    say(columns(operation, sectors, calls, points, again, failures.length));
    for (const failure of failures.slice(0, SHOWN)) say(`      FAILED ${failure}`);
    if (failures.length > SHOWN) say(`      and ${failures.length - SHOWN} more`);
  };
  const chosen = ({ name }: { name: string }) => name.includes(options.only);
  for (const operation of OPERATIONS.filter(chosen)) {
    for (const full of operation.prepare === undefined ? [false] : [false, true]) {
      progress(operation.name);
      const outcome = await cutEverywhere(operation, crypto(), { seed, full, sparing });
      done(operation.name, full ? "change" : "stay", outcome);
    }
  }
  for (const operation of JOURNAL_OPERATIONS.filter(chosen)) {
    progress(operation.name);
    done(operation.name, "both", cutJournal(operation, createPortableCrypto(), { seed, sparing }));
  }
  const sum = (of: (row: CutOutcome) => number) => rows.reduce((total, row) => total + of(row), 0);
  const points = sum((row) => row.points);
  const again = sum((row) => row.again);
  const failed = sum(({ failures }) => failures.length);
  if (options.json) process.stdout.write(`${JSON.stringify({ seed, points, again, failed, rows })}\n`);
  say(
    columns(
      "total",
      "",
      sum(({ calls }) => calls),
      points,
      again,
      failed,
    ),
  );
  return failed === 0 && points > 0;
}

async function worn(): Promise<boolean> {
  const { rows, worst } = await wear(crypto(), { progress });
  progress("");
  const columns = (record: string, use: string, ...numbers: unknown[]) =>
    `  ${record.padEnd(12)}${use.padEnd(84)}${numbers.map((number) => String(number).padStart(11)).join("")}`;
  say(columns("record", `use, for ${YEARS} years`, "days done", "writes", "erases"));
  for (const { record, use, days, writes, erases } of rows) say(columns(record, use, days, writes, erases));
  say(`  Erases are of the sector of the record that is worn most; what was not done is in proportion.`);
  say(`  At the most ${worst} erases of a sector; the budget is ${BUDGET}.`);
  progress("the journal");
  const journal = journalWear(createPortableCrypto(), BUDGET);
  progress("");
  say(
    `\n  The journal, at a reading of ${READING_BYTES} bytes a second by day and night, released once a minute:`,
  );
  const line = (...cells: unknown[]) => say(`  ${cells.map((cell) => String(cell).padStart(16)).join("")}`);
  line("partition", "journal sectors", "readings done", "hours kept", "erases a year", `years to ${BUDGET}`);
  for (const { kilobytes, sectors, readings, hours, erasesAYear, years } of journal) {
    line(
      kilobytes < 1024 ? `${kilobytes} KB` : `${kilobytes / 1024} MB`,
      sectors,
      readings,
      hours.toFixed(1),
      Math.round(erasesAYear),
      years.toFixed(1),
    );
  }
  if (options.json)
    process.stdout.write(`${JSON.stringify({ years: YEARS, budget: BUDGET, worst, rows, journal })}\n`);
  return worst < BUDGET;
}

process.exitCode = (await (options.wear ? worn() : cuts())) ? 0 : 1;
