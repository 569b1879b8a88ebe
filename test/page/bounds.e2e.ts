/** What the page may take: script time while it draws, and memory however long it runs. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SyntheticSource } from "../../modules/cardiac/index.js";
import { ok } from "../support/assert.js";
import { Stage } from "./stage.js";

const SECONDS = 90;

/** Two leads of 500 Hz, as a WFDB record that the device plays. @returns its header's path */
function twoLeads(folder: string): string {
  const source = new SyntheticSource({ rateHz: 500, channels: ["I", "II"], seed: 1 });
  const count = SECONDS * 500;
  const [one, two] = source.read(0, count);
  const samples = new Int16Array(2 * count);
  for (let i = 0; i < count; i++) samples.set([one![i]!, two![i]!], 2 * i);
  writeFileSync(join(folder, "two.dat"), new Uint8Array(samples.buffer));
  const gain = 1e6 / source.format.nanovoltsPerStep;
  const signals = ["I", "II"].map((name) => `two.dat 16 ${gain}(0)/mV 16 0 0 0 0 ${name}`);
  writeFileSync(join(folder, "two.hea"), `two 2 500 ${count}\n${signals.join("\n")}\n`);
  return join(folder, "two.hea");
}

describe("what the page takes", function (this: Mocha.Suite) {
  this.timeout(600_000);

  it("two channels of 500 Hz are drawn in a fifth of the time at the most", async () => {
    const folder = mkdtempSync(join(tmpdir(), "vagus-two-leads-"));
    const stage = await Stage.open({ firmware: { source: twoLeads(folder) } });
    try {
      await stage.connect();
      const client = await stage.context.newCDPSession(stage.page);
      await client.send("Performance.enable");
      const read = async () => {
        const { metrics } = await client.send("Performance.getMetrics");
        return Object.fromEntries(metrics.map(({ name, value }) => [name, value])) as Record<string, number>;
      };
      await stage.page.waitForTimeout(2000);
      const before = await read();
      await stage.page.waitForTimeout(15_000);
      const after = await read();
      const took = (name: string) => (after[name]! - before[name]!) / (after.Timestamp! - before.Timestamp!);
      const [script, task] = [took("ScriptDuration"), took("TaskDuration")];
      console.log(`        script ${script.toFixed(3)}, all tasks ${task.toFixed(3)} of elapsed time`);
      const format = await stage.page.evaluate(() => {
        const { heart } = document.querySelector("vagus-strip") as unknown as { heart: { format: object } };
        return JSON.stringify(heart.format);
      });
      ok(/"rateHz":500.*\["I","II"\]/.test(format), format);
      ok(script <= 0.2, `script took ${script.toFixed(3)} of elapsed time`);
    } finally {
      await stage.close();
      rmSync(folder, { recursive: true });
    }
  });

  it("3,600 readings leave the heap within 10 % of where it was after 600", async () => {
    const stage = await Stage.open({ firmware: { paced: false } });
    try {
      await stage.connect();
      const client = await stage.context.newCDPSession(stage.page);
      await client.send("HeapProfiler.enable");
      // of the ECG: half a second each
      const count = () =>
        stage.page.evaluate(() => {
          const { heart } = document.querySelector("vagus-strip") as unknown as {
            heart: { buffer: { end: number }; format: { rateHz: number } };
          };
          return (2 * heart.buffer.end) / heart.format.rateHz;
        });
      const first = await count();
      const heapAt = async (wanted: number) => {
        while ((await count()) - first < wanted) await stage.page.waitForTimeout(50);
        // readings pour in meanwhile: what is on its way is not what is kept
        let usedSize = Infinity;
        for (let i = 0; i < 5; i++) {
          await client.send("HeapProfiler.collectGarbage");
          const usage = (await client.send("Runtime.getHeapUsage")) as { usedSize: number };
          usedSize = Math.min(usedSize, usage.usedSize);
          await stage.page.waitForTimeout(100);
        }
        return { usedSize, readings: Math.floor((await count()) - first) };
      };
      const early = await heapAt(600);
      const late = await heapAt(3600);
      const growth = late.usedSize / early.usedSize - 1;
      const megabytes = (bytes: number) => (bytes / 1e6).toFixed(2);
      console.log(
        `        ${megabytes(early.usedSize)} MB after ${early.readings} readings, ${megabytes(late.usedSize)} MB after ${late.readings}: ${(100 * growth).toFixed(1)} %`,
      );
      ok(Math.abs(growth) <= 0.1, `heap changed by ${(100 * growth).toFixed(1)} %`);
    } finally {
      await stage.close();
    }
  });
});
