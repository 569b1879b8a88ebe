/**
 * The end of a test bundle for XS: runs everything declared, prints what failed with its stack, and as the last
 * line the counts as JSON. The exit code is 0 only if nothing failed and something ran.
 */
import { suite } from "./install.js";
import { runSuite } from "./run.js";

export async function start(): Promise<void> {
  const list = native("xs_arguments")().includes("--list");
  const counts = await runSuite(suite, {
    passed: (name) => list && console.log(`✓ ${name}`),
    skipped: (name) => list && console.log(`- ${name}`),
    failed: (name, error) => console.log(`✗ ${name}\n${error.replace(/^/gm, "    ")}`),
  });
  console.log(JSON.stringify(counts));
  native("xs_exit")(counts.failed > 0 || counts.passed + counts.skipped === 0 ? 1 : 0);
}

declare const console: { log(...values: unknown[]): void };
