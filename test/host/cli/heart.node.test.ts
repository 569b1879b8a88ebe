import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { help, run } from "../../../host/cli/heart.js";
import { UsageError } from "../../../host/cli/usage.js";
import { RHYTHM_NAMES } from "../../../modules/cardiac/index.js";
import { deep, ok, same } from "../../support/assert.js";

const folder = mkdtempSync(join(tmpdir(), "vagus-heart-"));
const file = join(folder, "strip.svg");

async function drawn(...args: string[]): Promise<string> {
  same(await run([...args, "--svg", file]), 0);
  return readFileSync(file, "utf8");
}

/** What it prints on standard output. */
async function said(...args: string[]): Promise<string> {
  const { write } = process.stdout;
  let text = "";
  process.stdout.write = (piece: string | Uint8Array) => {
    text += piece;
    return true;
  };
  try {
    same(await run(args), 0);
  } finally {
    process.stdout.write = write;
  }
  return text;
}

describe("vagus heart", () => {
  after(() => rmSync(folder, { recursive: true }));

  it("draws every rhythm, and the help names it", async () => {
    for (const rhythm of RHYTHM_NAMES) {
      ok((await drawn("--rhythm", rhythm, "--seconds", "3")).startsWith("<svg "));
      ok(help.includes(rhythm));
    }
  });

  it("the pictures of docs/hearts are what their commands draw today", async () => {
    const lines = readFileSync("docs/hearts/README.md", "utf8").split("\n");
    const commands = lines.flatMap(
      (line) => /`vagus heart (.*) --svg docs\/hearts\/(.*)`/.exec(line)?.slice(1) ?? [],
    );
    const files: string[] = [];
    for (let index = 0; index < commands.length; index += 2) {
      const [options, name] = [commands[index]!, commands[index + 1]!];
      files.push(name);
      ok((await drawn(...options.split(" "))) === readFileSync(join("docs/hearts", name), "utf8"), name);
      ok(
        lines.some((line) => line.includes(`](${name})`)),
        `a link to ${name}`,
      );
    }
    const there = (await readdir("docs/hearts")).filter((name) => name.endsWith(".svg"));
    deep(files.sort(), there.sort());
    ok(files.length >= 12);
  });

  it("the same seed, the same strip; another, another", async () => {
    const one = await drawn("--seconds", "2");
    same(await drawn("--seconds", "2"), one);
    ok((await drawn("--seconds", "2", "--seed", "2")) !== one);
  });

  it("says the program in force and the fault", async () => {
    const svg = await drawn(
      "--mode",
      "DDD",
      "--set",
      "avDelayMs=200",
      "--fault",
      "ventricle=dislodged",
      "--seconds",
      "2",
    );
    ok(svg.includes("DDD 60 to 120 ppm · AV 200 ms · PVARP 250 ms · lead in the ventricle: dislodged"));
  });

  it("--json is the heart, its program and its markers, at the milliseconds of the strip", async () => {
    const { rhythm, fromMs, parameters, markers } = JSON.parse(
      await said("--rhythm", "avb3", "--mode", "VVI", "--seconds", "3", "--json"),
    );
    same([rhythm, fromMs, parameters.mode].join(), "avb3,2000,VVI");
    same(
      markers.map(({ atMs, name }: { atMs: number; name: string }) => `${name} ${atMs}`).join(),
      "VP 2000,VP 3000,VP 4000",
    );
  });

  it("where it cannot be drawn it says so, with a code", async () => {
    const error = await run(["--svg", join(folder, "none", "a.svg")]).catch((it: unknown) => it);
    same((error as { code?: string }).code, "host/export");
    ok(/expected a place where .*a\.svg can be written, came ENOENT/.test(`${error}`), `${error}`);
  });

  for (const wrong of [
    ["--rhythm", "polka"],
    ["--mode", "XYZ"],
    ["--set", "avDelayMs"],
    ["--set", "constructor=1"],
    ["--fault", "ventricle"],
    ["--fault", "aorta=noise"],
    ["--seconds", "0"],
    ["--seconds", ""],
    ["--rate", "251"],
    ["--leads", "II,V1"],
    ["--seed", "x"],
    ["--bpm", "300"],
  ])
    it(`${wrong.join(" ")} is wrong usage`, async () => {
      const error = await run([...wrong, "--svg", file]).catch((it: unknown) => it);
      ok(error instanceof UsageError, `${error}`);
      ok(/expected .*, came /.test((error as Error).message), (error as Error).message);
    });
});
