/** What `npm run attacks` is told: run.mjs has the help. */
import { parseArgs } from "node:util";

const MOST_JOBS = 16;

export interface Options {
  /** Parts of names, or with `exact` names. */
  readonly only: readonly string[];
  readonly quick: boolean;
  readonly jobs: number;
  readonly json: boolean;
  readonly list: boolean;
  /** How a device's process is started, as JSON; or a bundle of in-process.ts. */
  readonly command: string;
  readonly firmware: string;
  readonly engine: string;
  wants(name: string): boolean;
}

/** Says what is wrong, and ends. */
export function refuse(what: string): never {
  process.stderr.write(`npm run attacks: ${what}\n`);
  process.exit(2);
}

export function optionsOf(args: string[]): Options {
  const values = parsed(args);
  const only = values.only.flatMap((text) => text.split(","));
  const jobs = Number(values.jobs);
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > MOST_JOBS)
    refuse(`expected --jobs from 1 to ${MOST_JOBS}, came ${values.jobs}`);
  const wants = (name: string) =>
    only.length === 0 || only.some((part) => (values.exact ? name === part : name.includes(part)));
  return { ...values, only, jobs, wants };
}

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        only: { type: "string", multiple: true, default: [] },
        exact: { type: "boolean", default: false },
        quick: { type: "boolean", default: false },
        jobs: { type: "string", default: "1" },
        json: { type: "boolean", default: false },
        list: { type: "boolean", default: false },
        weaknesses: { type: "boolean", default: false },
        command: { type: "string", default: "" },
        firmware: { type: "string", default: "" },
        engine: { type: "string", default: "" },
      },
    }).values;
  } catch (error) {
    return refuse(`${error instanceof Error ? error.message : error} (--help tells more)`);
  }
}
