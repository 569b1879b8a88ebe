/** The runner's figures: what `--measure` says is needed suffices, and less does not. */
import { deep, ok, same } from "../../support/assert.js";
import { describeRunner, run } from "./runner.js";

/** Keeps 200 objects and a buffer of 7,000 bytes alive at a time, and drops three times as much. */
const program = `
  let round = 0;
  const work = () => {
    const live = [];
    for (let i = 0; i < 200; i++) { live.push({ i }); const garbage = [i, {}, { i }]; }
    let buffer = new Uint8Array(7000);
    for (let i = 0; i < 5; i++) buffer = new Uint8Array(3000 + i);
    return live.length;
  };
  setTimeout(function again() { work(); if (++round < 20) setTimeout(again, 1); }, 1);
`;

describeRunner("XS runner: --measure", () => {
  let slots = 0;
  let chunkBytes = 0;

  before(async () => {
    const { code, report } = await run(program, ["--measure"]);
    same(code, 0);
    same(report.engine, "XS 13.3.0");
    slots = Number(report.heapPeakSlots);
    chunkBytes = Number(report.heapPeakChunkBytes);
  });

  it("counts live slots: 200 objects of 2 slots, not the garbage of 20 rounds", () => {
    ok(slots >= 400 && slots < 600, `${slots} slots`);
  });

  it("counts live chunks: the list's 6,400 bytes and the buffer, not all of them", () => {
    ok(chunkBytes >= 13_400 && chunkBytes < 30_000, `${chunkBytes} bytes`);
  });

  it("runs with the figures as limits", async () => {
    const limits = ["--slots-above", String(slots), "--chunks-above", String(chunkBytes)];
    same((await run(program, limits)).code, 0);
  });

  it("does not run with one step of slots less", async () => {
    const { code, stderr } = await run(program, ["--slots-above", String(slots - 64)]);
    same(code, 70);
    ok(/^out of memory: \d+ slots of \d+$/m.test(stderr), stderr);
  });

  it("does not run with a quarter of the chunks less", async () => {
    const { code, stderr } = await run(program, ["--chunks-above", String(Math.floor(chunkBytes * 0.75))]);
    same(code, 70);
    ok(/^out of memory: \d+ chunk bytes/m.test(stderr), stderr);
  });

  it("finds that a program at rest needs nothing", async () => {
    const { report } = await run("let kept = new Array(1000).fill({});", ["--measure"]);
    deep([report.heapPeakSlots, report.heapPeakChunkBytes], [0, 0]);
  });

  it("does not count what was there after loading, and counts it as resident", async () => {
    const empty = await run("", ["--measure"]);
    const full = await run("globalThis.kept = []; for (let i = 0; i < 500; i++) kept.push({});", [
      "--measure",
    ]);
    same(full.report.heapPeakSlots, 0);
    const more = Number(full.report.residentSlots) - Number(empty.report.residentSlots);
    ok(more >= 500 && more < 520, `${more} slots more`);
  });

  it("takes resident anew where the program says so", async () => {
    const late = `const kept = []; setTimeout(() => { for (let i = 0; i < 500; i++) kept.push({});
      native("xs_resident")(); setTimeout(() => { kept.push({}); }, 1); }, 1);`;
    const { report } = await run(late, ["--measure"]);
    ok(Number(report.heapPeakSlots) <= 64, `${report.heapPeakSlots} slots`);
  });

  it("leaves figures that were not taken open", async () => {
    const { report } = await run("");
    deep([report.heapPeakSlots, report.heapPeakChunkBytes], [null, null]);
  });
});

describeRunner("XS runner: the meter", () => {
  it("is the same on every run, and with a heap of another size", async () => {
    const runs = [await run(program), await run(program), await run(program, ["--measure"])];
    const [first, ...others] = runs.map((it) => it.report.meter);
    ok(Number(first) > 100_000);
    deep(others, [first, first]);
  });

  it("counts loading and what follows apart", async () => {
    const { report } = await run("for (let i = 0; i < 1000; i++); setTimeout(() => {}, 1);");
    ok(Number(report.meterAfterLoad) < 1000, `${report.meterAfterLoad} after loading`);
    ok(Number(report.meter) > 5000, `${report.meter} in all`);
  });

  it("can be read by the program", async () => {
    const { stdout } = await run('const a = native("xs_meter")(); console.log(native("xs_meter")() > a);');
    same(stdout, "true\n");
  });
});

describeRunner("XS runner: --gc-stress", () => {
  it("changes nothing but the time", async () => {
    const short = program.replace("< 20", "< 2");
    const [plain, stressed] = [await run(short), await run(short, ["--gc-stress"])];
    same(stressed.code, 0);
    same(stressed.report.meter, plain.report.meter);
  });
});
