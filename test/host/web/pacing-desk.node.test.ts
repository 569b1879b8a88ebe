/** What the clinician does to the pacer, with a device that answers when the test lets it. */

import type { Bedside } from "../../../host/web/model/bedside.js";
import { Chart } from "../../../host/web/model/chart.js";
import { type PacingCommands, PacingDesk, type PacingReport } from "../../../host/web/model/pacing-desk.js";
import { NOMINAL } from "../../../modules/cardiac/pacer/index.js";
import { VagusError } from "../../../modules/error/index.js";
import { deep, same } from "../../support/assert.js";

const REPORT: PacingReport = {
  ...{ inForce: NOMINAL, permanent: NOMINAL, temporary: false, paceNow: false, magnet: false },
  battery: "BOL",
};

/** As `Bedside.attempt` does it. */
class FakeBedside {
  readonly chart = new Chart(() => 0);
  readonly refused: string[] = [];
  readonly hasWord = true;
  readonly canAsk = false;

  async attempt<T>(during: string, act: () => Promise<T>): Promise<T | undefined> {
    try {
      return await act();
    } catch (error) {
      this.refused.push(`${during}: ${error instanceof VagusError ? error.code : "foreign"}`);
      return undefined;
    }
  }
}

function made() {
  const bedside = new FakeBedside();
  const called: string[] = [];
  const answers = new Map<string, () => Promise<unknown>>();
  const call = (name: string, otherwise: unknown) => () => {
    called.push(name);
    return (answers.get(name) ?? (() => Promise.resolve(otherwise)))();
  };
  const commands = {
    read: call("read", REPORT),
    stage: call("stage", { hash: new Uint8Array(8), parameters: NOMINAL }),
    program: call("program", undefined),
    paceNow: call("paceNow", undefined),
    cancel: call("cancel", undefined),
    startTest: call("startTest", undefined),
    testResult: call("testResult", {
      kind: "wave",
      chamber: "atrium",
      ending: "done",
      value: 2000,
      count: 8,
    }),
  } as unknown as PacingCommands;
  const desk = new PacingDesk(bedside as unknown as Bedside, commands, () => {});
  return { bedside, called, answers, desk };
}

const never = () => new Promise<never>(() => {});

describe("The desk of the pacer", () => {
  for (const [during, begin] of [
    ["a read", (desk: PacingDesk) => desk.read()],
    ["a staging", (desk: PacingDesk) => desk.stage()],
    ["a programming", (desk: PacingDesk) => desk.program(false)],
  ] as const) {
    it(`Pace-Now is sent during ${during} that does not end, and told`, async () => {
      const { desk, called, answers, bedside } = made();
      await desk.read();
      await desk.stage();
      for (const name of ["read", "stage", "program"]) answers.set(name, never);
      begin(desk).catch(() => {});
      await Promise.resolve();
      answers.delete("read");
      called.length = 0;
      await desk.paceNow();
      deep(called, ["paceNow", "read"]);
      deep(
        bedside.chart.entries.map(({ sort }) => sort),
        ["emergency"],
      );
    });
  }

  it("Pace-Now that is done, and cannot be read back, is told as done; the read as what failed", async () => {
    const { desk, answers, bedside } = made();
    answers.set("read", () => Promise.reject(new VagusError("gatt/disconnected", "gone")));
    await desk.paceNow();
    deep(bedside.refused, ["reading the parameters: gatt/disconnected"]);
    deep(
      bedside.chart.entries.map(({ sort }) => sort),
      ["emergency"],
    );
  });

  it("after an error that nobody foresaw it goes on", async () => {
    const { desk, answers, called } = made();
    answers.set("read", () => Promise.reject(new TypeError("foreign")));
    await desk.read();
    same(desk.busy, undefined);
    answers.clear();
    await desk.read();
    deep([desk.report, called], [REPORT, ["read", "read"]]);
  });

  it("what is being programmed is not called off by going back", async () => {
    const { desk, answers } = made();
    await desk.read();
    await desk.stage();
    let programmed = () => {};
    answers.set("program", () => new Promise<void>((resolve) => (programmed = resolve)));
    const done = desk.program(false);
    desk.back();
    same(desk.staged !== undefined, true);
    programmed();
    await done;
    same(desk.staged, undefined);
  });

  it("what could not be programmed is told, and is still typed; what was read back is to be sent again", async () => {
    const { desk, answers, bedside } = made();
    await desk.read();
    await desk.stage();
    answers.set("program", () => Promise.reject(new VagusError("gatt/disconnected", "gone")));
    await desk.program(false);
    deep([desk.staged, bedside.refused], [undefined, ["programming: gatt/disconnected"]]);
    same(desk.form !== undefined, true);
  });

  it("a test's result is read, whatever else is begun meanwhile, and takes nobody else's turn away", async () => {
    const { desk, answers } = made();
    answers.set("testResult", async () => {
      void desk.program(false);
      return { kind: "wave", chamber: "atrium", ending: "done", value: 2000, count: 8 };
    });
    await desk.read();
    await desk.stage();
    answers.set("program", never);
    await desk.runTest("wave", "atrium");
    deep([desk.busy, desk.results.length, desk.test], ["programming", 1, undefined]);
  });
});
