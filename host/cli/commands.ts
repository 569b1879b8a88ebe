import { VagusError } from "../../modules/error/index.js";
import * as anchor from "./anchor.js";
import * as audit from "./audit.js";
import * as authority from "./authority.js";
import * as carry from "./carry.js";
import * as delegate from "./delegate.js";
import * as demo from "./demo.js";
import * as device from "./device.js";
import * as exporting from "./export.js";
import * as fetch from "./fetch.js";
import * as freshness from "./freshness.js";
import * as heart from "./heart.js";
import * as inspect from "./inspect.js";
import * as issue from "./issue.js";
import * as program from "./program.js";
import * as provision from "./provision.js";
import * as receipt from "./receipt.js";
import * as recipient from "./recipient.js";
import * as release from "./release.js";
import * as request from "./request.js";
import * as retire from "./retire.js";
import * as revoke from "./revoke.js";
import * as rotate from "./rotate.js";
import * as scan from "./scan.js";
import * as statusList from "./status-list.js";
import * as time from "./time.js";
import { UsageError } from "./usage.js";
import * as verify from "./verify.js";
import * as watch from "./watch.js";

interface Command {
  readonly summary: string;
  readonly help: string;
  run(args: string[]): Promise<number>;
}

const COMMANDS: Record<string, Command> = {
  demo,
  heart,
  inspect,
  authority,
  request,
  issue,
  device,
  provision,
  revoke,
  carry,
  delegate,
  freshness,
  rotate,
  time,
  anchor,
  retire,
  scan,
  watch,
  fetch,
  release,
  program,
  audit,
  "status-list": statusList,
  receipt,
  export: exporting,
  verify,
  recipient,
};

const HELP = `vagus: the programmer of a Vagus device, on the command line

usage: vagus <command> [options]

${Object.entries(COMMANDS)
  .map(([name, { summary }]) => `  ${name.padEnd(12)} ${summary}`)
  .join("\n")}

\`vagus <command> --help\` tells a command's options and exit codes.
Vagus is not a medical device.
`;

/** Exit codes of every command. */
const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/** The whole of the command line but its process. @returns the exit code */
export async function main([name, ...args]: string[]): Promise<number> {
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    process.stdout.write(HELP);
    return name === undefined ? EXIT.usage : EXIT.done;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    process.stderr.write(`vagus: expected one of ${Object.keys(COMMANDS).join(", ")}, came ${name}\n`);
    return EXIT.usage;
  }
  if (args.includes("--help") || args.includes("-h")) {
    process.stdout.write(command.help);
    return EXIT.done;
  }
  try {
    return await command.run(args);
  } catch (error) {
    if (error instanceof VagusError) {
      process.stderr.write(`vagus ${name}: ${error.message}\n`);
      return EXIT.failed;
    }
    if (isUsage(error)) {
      process.stderr.write(`vagus ${name}: ${error.message}\n`);
      return EXIT.usage;
    }
    if (isSystem(error)) {
      process.stderr.write(`vagus ${name}: ${error.message}\n`);
      return EXIT.failed;
    }
    throw error;
  }
}

function isUsage(error: unknown): error is Error {
  if (error instanceof UsageError) return true;
  return error instanceof TypeError && `${(error as { code?: string }).code}`.startsWith("ERR_PARSE_ARGS");
}

/** What the operating system refuses: a file, a folder, a port. Its message names it. */
function isSystem(error: unknown): error is Error {
  return error instanceof Error && "syscall" in error;
}
