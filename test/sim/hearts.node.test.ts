import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { concat } from "../../modules/bytes/index.js";
import { refused } from "../host/cli/in-process.js";
import { edfHeader, int16 } from "../modules/cardiac/records/files.js";
import { deep, ok, same } from "../support/assert.js";
import { skip } from "../support/engine/types.js";

const RATE = 250;
const SECONDS = 4;
/** Two leads that nobody would take for one another. */
const lead = (sign: number) =>
  Array.from({ length: RATE * SECONDS }, (_, i) => sign * Math.round(900 * Math.sin(i / 9)) + (i % 7));
const [first, second] = [lead(1), lead(-2)];

describe("a heart from a file, through the firmware and back", () => {
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "vagus-hearts-"));
    const programs = await import(join(process.cwd(), "sim/build/programs.mjs"));
    for (const engine of ["node", "xs"]) await programs.bundleFirmware(engine);
    writeFileSync(
      join(folder, "r.hea"),
      `r 2 ${RATE} ${RATE * SECONDS}\nr.dat 16 500 16 0 0 0 0 II\nr.dat 16 500 16 0 0 0 0 V1\n`,
    );
    writeFileSync(join(folder, "r.dat"), int16(...first.flatMap((value, i) => [value, second[i]!])));
    const signal = { samples: `${RATE}`, physical: ["-65536", "65534"] } as const;
    const records = Array.from({ length: SECONDS }, (_, s) =>
      concat(...[first, second].map((all) => int16(...all.slice(s * RATE, (s + 1) * RATE)))),
    );
    const header = edfHeader([signal, { ...signal, label: "ECG V1" }], { records: `${SECONDS}` });
    writeFileSync(join(folder, "r.edf"), concat(header, ...records));
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const [name, engine] of [
    ["r.hea", "xs"],
    ["r.edf", "node"],
  ] as const)
    (engine === "node" || existsSync("build/xs/vagus-xs") ? it : skip("the XS runner is not built"))(
      `${name} on ${engine}: two leads, sample for sample, and from the start again at its end`,
      async () => {
        const { stdout } = await promisify(execFile)(process.execPath, [
          ...["host/cli/vagus.mjs", "demo", "--engine", engine, "--source", join(folder, name)],
          ...["--seconds", "6", "--fast", "--json", "--store", join(folder, `${name}.cborseq`)],
        ]);
        const result = JSON.parse(stdout);
        deep([result.lossless, result.samples, result.source], [true, 6 * RATE, name]);
        same(result.rawBytesPerSecond, 4 * RATE);
        ok(result.sha256In === result.sha256Out);
      },
    );

  it("a header that lies is refused before there is a device", async () => {
    writeFileSync(join(folder, "bad.hea"), `r 1 ${RATE} 5000\nr.dat 16`);
    await refused("cardiac/malformed", "demo", "--source", join(folder, "bad.hea"));
    await refused("cardiac/malformed", "device", join(folder, "d"), "--source", join(folder, "bad.hea"));
    ok(!existsSync(join(folder, "d")));
  });
});
