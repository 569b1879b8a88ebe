/** `npm run attacks`: see run.mjs. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { createPortableCrypto } from "../../modules/crypto/portable/index.js";
import { startFirmware } from "../../sim/firmware.js";
import type { Attack, Outcome, Start } from "./attack.js";
import { FAMILIES } from "./families/index.js";
import { Hospital } from "./hospital.js";
import { play } from "./play.js";
import { attackLines, familyLine, totalLine } from "./show.js";

const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true, default: [] },
    exact: { type: "boolean", default: false },
    quick: { type: "boolean", default: false },
    jobs: { type: "string", default: "2" },
    json: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
    command: { type: "string", default: "" },
    firmware: { type: "string", default: "" },
    engine: { type: "string", default: "" },
  },
});
const say = (line: string) => values.json || process.stdout.write(`${line}\n`);
const progress = (text: string) => process.stderr.isTTY && process.stderr.write(`\r\x1b[K${text}`);
const names = values.only.flatMap((text) => text.split(","));
const chosen = ({ name, slow = false }: Attack) =>
  (names.length === 0 || names.some((part) => (values.exact ? name === part : name.includes(part)))) &&
  !(values.quick && slow);

async function main(): Promise<boolean> {
  const todo = FAMILIES.flatMap((family) =>
    family.attacks.filter(chosen).map((attack) => ({ family, attack })),
  );
  if (values.list) {
    for (const { attack } of todo) process.stdout.write(`${attack.name.padEnd(36)}${attack.does}\n`);
    return true;
  }
  if (todo.length === 0) {
    process.stderr.write(`npm run attacks: no attack is called ${names.join(" or ")} (--list names them)\n`);
    process.exit(2);
  }
  const start = await starter();
  const folder = mkdtempSync(join(tmpdir(), "vagus-attacks-"));
  const outcomes: Outcome[] = [];
  try {
    const hospital = await Hospital.open(createPortableCrypto(), start, folder);
    for await (const outcome of inOrder(todo, Number(values.jobs), ({ family, attack }) =>
      play(family, attack, { hospital, start }),
    )) {
      progress("");
      if (outcome.family !== outcomes[outcomes.length - 1]?.family) say(familyLine(outcome.family));
      outcomes.push(outcome);
      for (const line of attackLines(outcome)) say(line);
      progress(`${outcomes.length} of ${todo.length} …`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  progress("");
  const lost = outcomes.filter((outcome) => outcome.lost).length;
  if (values.json)
    process.stdout.write(
      `${JSON.stringify({ engine: values.engine, attacks: todo.length, lost, outcomes })}\n`,
    );
  say(totalLine(values.engine, outcomes));
  return lost === todo.length;
}

/** A process of its own for each device; or a bundle of `in-process.ts` for all of them. */
async function starter(): Promise<Start> {
  if (values.firmware !== "") return (await import(pathToFileURL(values.firmware).href)).startInProcess;
  const command = JSON.parse(values.command) as string[];
  return (options) => startFirmware({ ...options, command });
}

/** Several at a time; what comes of them in their order. */
async function* inOrder<T, R>(
  items: readonly T[],
  jobs: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const running: Promise<R>[] = [];
  const free: Promise<unknown>[] = Array.from({ length: jobs }, () => Promise.resolve());
  for (const [index, item] of items.entries()) {
    const slot = index % jobs;
    const result = (free[slot] as Promise<unknown>).then(() => work(item));
    free[slot] = result.catch(() => {});
    running.push(result);
  }
  for (const result of running) yield await result;
}

process.exit((await main()) ? 0 : 1);
