/** `npm run attacks`: see run.mjs. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createPortableCrypto } from "../../modules/crypto/portable/index.js";
import { startFirmware } from "../../sim/firmware.js";
import type { Attack, Outcome, Start } from "./attack.js";
import { FAMILIES } from "./families/index.js";
import { Hospital } from "./hospital.js";
import { optionsOf, refuse } from "./options.js";
import { play } from "./play.js";
import { attackLines, familyLine, totalLine } from "./show.js";

const values = optionsOf(process.argv.slice(2));
const say = (line: string) => values.json || process.stdout.write(`${line}\n`);
const progress = (text: string) => process.stderr.isTTY && process.stderr.write(`\r\x1b[K${text}`);
const chosen = ({ name, slow = false }: Attack) => values.wants(name) && !(values.quick && slow);

async function main(): Promise<boolean> {
  const todo = FAMILIES.flatMap((family) =>
    family.attacks.filter(chosen).map((attack) => ({ family, attack })),
  );
  if (values.list) {
    for (const { attack } of todo) process.stdout.write(`${attack.name.padEnd(36)}${attack.does}\n`);
    return true;
  }
  if (todo.length === 0) refuse(`no attack is called ${values.only.join(" or ")} (--list names them)`);
  const start = await starter();
  const folder = mkdtempSync(join(tmpdir(), "vagus-attacks-"));
  const outcomes: Outcome[] = [];
  const began = Date.now();
  const told = () => {
    const { attack } = todo[outcomes.length] ?? {};
    const seconds = Math.round((Date.now() - began) / 1000);
    progress(`${outcomes.length} of ${todo.length}, ${seconds} s${attack ? `: ${attack.name} …` : ""}`);
  };
  const telling = setInterval(told, 1000);
  try {
    const hospital = await Hospital.open(createPortableCrypto(), start, folder);
    for await (const outcome of inOrder(todo, values.jobs, ({ family, attack }) =>
      play(family, attack, { hospital, start }),
    )) {
      progress("");
      if (outcome.family !== outcomes[outcomes.length - 1]?.family) say(familyLine(outcome.family));
      outcomes.push(outcome);
      for (const line of attackLines(outcome)) say(line);
      told();
    }
  } finally {
    clearInterval(telling);
    rmSync(folder, { recursive: true, force: true });
  }
  progress("");
  const lost = outcomes.filter((outcome) => outcome.lost).length;
  if (values.json)
    process.stdout.write(
      `${JSON.stringify({ engine: values.engine, attacks: todo.length, lost, outcomes })}\n`,
    );
  say(totalLine(values.engine, outcomes, (Date.now() - began) / 1000));
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
