/** The XS runner as its own tests see it: a program's text in, its end and its output out. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { skip } from "engine";

const path = resolve("build/xs/vagus-xs");

export interface Ended {
  /** The exit code; -1 if a signal ended it, as a crash does. */
  code: number;
  stdout: string;
  stderr: string;
  /** What `--report` wrote. */
  report: Record<string, number | string | null>;
}

/** Its suites are skipped, and say so, where the runner could not be built. */
export const describeRunner = existsSync(path) ? describe : skip("the XS runner is not built");

/** Runs a module. `signal` is sent when it has printed "ready". */
export function run(program: string, options: string[] = [], signal?: NodeJS.Signals): Promise<Ended> {
  const folder = mkdtempSync(join(tmpdir(), "vagus-xs-"));
  const module = join(folder, "program.js");
  const reportPath = join(folder, "report.json");
  writeFileSync(module, program);
  const args = ["--report", reportPath, ...options, module, "first", "second"];
  return new Promise((settle, reject) => {
    const child = spawn(path, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, VAGUS: "here" },
    });
    const ended: Ended = { code: -1, stdout: "", stderr: "", report: {} };
    child.stdout.on("data", (text) => {
      ended.stdout += text;
      if (signal && ended.stdout.startsWith("ready")) child.kill(signal);
    });
    child.stderr.on("data", (text) => {
      ended.stderr += text;
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (existsSync(reportPath)) ended.report = JSON.parse(readFileSync(reportPath, "utf8"));
      rmSync(folder, { recursive: true });
      settle({ ...ended, code: code ?? -1 });
    });
  });
}

/** Output in lines, the last line feed left out. */
export const lines = (text: string) => text.trimEnd().split("\n");
