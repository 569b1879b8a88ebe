/** What the page may take: script time while it draws, and memory however long it runs. */
import { ok } from "../support/assert.js";
import { Stage } from "./stage.js";

describe("what the page takes", function (this: Mocha.Suite) {
  this.timeout(600_000);

  it("two channels of 500 Hz are drawn in a fifth of the time at the most", async () => {
    const stage = await Stage.open({ firmware: { rateHz: 500, channels: "I,II" } as object });
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
      ok(script <= 0.2, `script took ${script.toFixed(3)} of elapsed time`);
    } finally {
      await stage.close();
    }
  });

  it("3,600 readings leave the heap within 10 % of where it was after 600", async () => {
    const stage = await Stage.open({ firmware: { paced: false } });
    try {
      await stage.connect();
      const client = await stage.context.newCDPSession(stage.page);
      await client.send("HeapProfiler.enable");
      const heapAt = async (wanted: number) => {
        for (;;) {
          const text = await stage.readings();
          if (Number.parseInt(text, 10) >= wanted) break;
          await stage.page.waitForTimeout(50);
        }
        await stage.tab("Parameters");
        await client.send("HeapProfiler.collectGarbage");
        await client.send("HeapProfiler.collectGarbage");
        const { usedSize } = (await client.send("Runtime.getHeapUsage")) as { usedSize: number };
        return { usedSize, readings: Number.parseInt(await stage.readings(), 10) };
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
