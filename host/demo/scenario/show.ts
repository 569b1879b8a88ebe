import { createPortableCrypto } from "../../../modules/crypto/portable/index.js";
import { startFirmware } from "../../../sim/firmware.js";
import { playScenario, SCENARIOS } from "./index.js";
import type { Listener, StepResult } from "./story.js";

const WIDTH = 96;

/** Plays a scenario and tells it on standard output. @returns the exit code: 0 where every step ended as it should */
export async function showScenario(
  name: string,
  options: { readonly command: readonly string[]; readonly json: boolean },
): Promise<number> {
  const { command, json } = options;
  const print = (text: string) => process.stdout.write(`${text}\n`);
  const start = (
    folder: string,
    onEvent: Parameters<typeof startFirmware>[0]["onEvent"],
    buttonDown: boolean,
  ) =>
    startFirmware({
      command,
      source: "synthetic",
      paced: false,
      folder,
      buttonDown,
      ...(onEvent && { onEvent }),
    });
  if (!json) print(`\n${name}: ${SCENARIOS[name].title}\n`);
  const crypto = createPortableCrypto();
  const result = await playScenario(name, { crypto, start }, json ? SILENT : teller(print));
  if (json) print(JSON.stringify(result));
  else {
    const held = result.steps.filter((step) => step.held).length;
    const verdict = result.held ? "every step ended as it should" : "NOT every step ended as it should";
    print(`\n${held} of ${result.steps.length}: ${verdict}. (Not a medical device.)`);
  }
  return result.held ? 0 : 1;
}

const SILENT: Listener = { tells() {}, step() {} };

function teller(print: (text: string) => void): Listener {
  let number = 0;
  return {
    tells: (text) => print(`\n${wrap(text, "")}\n`),
    step: (result) =>
      print(`${wrap(`${++number}. ${result.text}`, "  ")}\n${wrap(outcome(result), "     ")}`),
  };
}

function outcome({ expected, came, detail, held }: StepResult): string {
  if (!held) return `✗ expected ${expected}, came ${came}: ${detail}`;
  return came === "works" ? `✓ ${detail || "done"}` : `✓ refused, ${came}: ${detail}`;
}

function wrap(text: string, indent: string): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines[lines.length - 1];
    if (line.length > 0 && indent.length + line.length + word.length >= WIDTH) lines.push(word);
    else lines[lines.length - 1] = line.length > 0 ? `${line} ${word}` : word;
  }
  return lines.map((line) => `${indent}${line}`).join("\n");
}
