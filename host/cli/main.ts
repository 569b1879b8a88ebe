import { VagusError } from "../../modules/error/index.js";
import * as demo from "./demo.js";
import * as heart from "./heart.js";
import * as inspect from "./inspect.js";
import { UsageError } from "./usage.js";

interface Command {
  readonly summary: string;
  readonly help: string;
  run(args: string[]): Promise<number>;
}

const COMMANDS: Record<string, Command> = { demo, heart, inspect };

const HELP = `vagus: the programmer of a Vagus device, on the command line

usage: vagus <command> [options]

${Object.entries(COMMANDS)
  .map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`)
  .join("\n")}

\`vagus <command> --help\` tells a command's options and exit codes.
Vagus is not a medical device.
`;

/** Exit codes of every command. */
const EXIT = { done: 0, failed: 1, usage: 2 } as const;

async function main([name, ...args]: string[]): Promise<number> {
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

process.exitCode = await main(process.argv.slice(2));
