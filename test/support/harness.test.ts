/** One suite on both engines: mocha's words mean the same on each. */
import { engine, readText, skip, vectorsFolder } from "engine";
import { deep, ok, same } from "./assert.js";

describe("The harness", () => {
  const log: string[] = [];

  before(() => log.push("before"));
  beforeEach(async () => {
    await Promise.resolve();
    log.push("beforeEach");
  });
  afterEach(() => {
    log.push("afterEach");
  });

  it("runs tests between their hooks", () => {
    deep(log, ["before", "beforeEach"]);
  });

  it("waits for promises", async () => {
    await new Promise((resolve) => setTimeout(() => resolve(undefined), 5));
    deep(log, ["before", "beforeEach", "afterEach", "beforeEach"]);
  });

  it("skips when asked while running", function () {
    this.skip();
    throw new Error("not skipped");
  });

  it.skip("skips when asked before", () => {
    throw new Error("not skipped");
  });

  skip("the reason stands in the name")("skips where something is missing");

  describe("in a suite inside another", () => {
    beforeEach(() => {
      log.push("inner");
    });
    it("runs the outer hooks first", () => {
      deep(log.slice(-2), ["beforeEach", "inner"]);
    });
  });
});

describe("The engine", () => {
  it("has a name", () => {
    ok(engine === "node" || engine === "xs");
  });

  it("reads files below the checkout", () => {
    same(JSON.parse(readText("package.json")).name, "vagus");
  });

  it("knows whether the vectors are there", () => {
    const folder = vectorsFolder();
    ok(folder === undefined || readText(`${folder}/README.md`).length > 0);
  });
});

declare function setTimeout(callback: () => void, milliseconds: number): unknown;
