/** Three hours of the soak; `npm run soak` is a week. In a process of its own: it puts the clock of all of it under its own. */
import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { build } from "esbuild";
import { deep, ok } from "../support/assert.js";

describe("npm run soak, three hours of it", function (this: Mocha.Suite) {
  this.timeout(300_000);

  it("nothing that was kept is lost, and the log is whole", async () => {
    const outfile = resolve("build/test/node/soak-short.mjs");
    await build({
      entryPoints: ["test/soak/main.ts"],
      bundle: true,
      format: "esm",
      platform: "node",
      packages: "external",
      target: "node20",
      logLevel: "silent",
      outfile,
    });
    const args = ["--expose-gc", outfile, "--hours", "3", "--seed", "3", "--json"];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"] });
    let stdout = "";
    child.stdout.on("data", (text) => (stdout += text));
    const code = await new Promise((done) => child.on("close", done));
    const result = JSON.parse(stdout);
    deep(result.problems, []);
    deep([code, result.notAccounted, result.whole], [0, 0, true]);
    ok(result.kept > 1000 && result.auditEntries > 0);
    const { lostLinks, powerCuts, malformed, releases, pacing, byOther } = result;
    const { programmed, paceNow, refused, checked } = pacing;
    const came = {
      lostLinks,
      powerCuts,
      malformed,
      releases,
      programmed,
      paceNow,
      refused,
      checked,
      byOther,
    };
    for (const [what, times] of Object.entries(came)) ok(Number(times) > 0, `${what}: none came`);
  });
});
