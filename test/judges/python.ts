/** Judges from Debian, where they are installed: what they read, as JSON. */
import { execFileSync, spawnSync } from "node:child_process";

/** Is this program here? */
export function has(command: string): boolean {
  return spawnSync(command, ["--help"], { stdio: "ignore" }).error === undefined;
}

/** Debian's own Python: python3-mne is one of its packages. */
const PYTHON = "/usr/bin/python3";

export function hasMne(): boolean {
  const look = "import importlib.util, sys; sys.exit(importlib.util.find_spec('mne') is None)";
  return spawnSync(PYTHON, ["-c", look], { stdio: "ignore" }).status === 0;
}

/** What a program prints as JSON. */
export function python(program: string, ...args: string[]): unknown {
  const text = execFileSync(PYTHON, ["-c", program, ...args], { maxBuffer: 1 << 28, encoding: "utf8" });
  return JSON.parse(text.trim().split("\n").at(-1)!);
}
