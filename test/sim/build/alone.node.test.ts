import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { ok, same } from "../../support/assert.js";

const folder = mkdtempSync(join(tmpdir(), "vagus-alone-"));
const claim = join(folder, "claim");
const source = resolve("sim/build/alone.mjs");

/** A process that says when it goes in and when it comes out. */
function works(log: string[], ms: number): Promise<number | null> {
  const script = `import { alone } from ${JSON.stringify(source)};
    await alone(${JSON.stringify(claim)}, async () => {
      console.log("in");
      await new Promise((resolve) => setTimeout(resolve, ${ms}));
      console.log("out");
    });`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: "pipe" });
  child.stdout.on("data", (text) => log.push(...`${text}`.trim().split("\n")));
  return new Promise((resolve) => child.on("close", resolve));
}

describe("one process at a time", () => {
  after(() => rmSync(folder, { recursive: true }));

  it("three that are started together work one after the other, and leave no claim", async () => {
    const log: string[] = [];
    const codes = await Promise.all([works(log, 150), works(log, 150), works(log, 150)]);
    same(codes.join(), "0,0,0");
    same(log.join(), "in,out,in,out,in,out");
    ok(!existsSync(claim));
  });

  it("takes over a claim whose process is gone", async () => {
    const gone = spawn(process.execPath, ["-e", ""]);
    await new Promise((resolve) => gone.on("close", resolve));
    writeFileSync(claim, String(gone.pid));
    const log: string[] = [];
    same(await works(log, 1), 0);
    same(log.join(), "in,out");
  });
});
