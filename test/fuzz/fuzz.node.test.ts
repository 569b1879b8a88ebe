/** Every decoder over the kept corpus and mutations of it, a bounded number of them, the same in every run. */
import { same } from "../support/assert.js";
import { readCorpus } from "./corpus.js";
import { fuzz, type Target } from "./fuzzer.js";
import { Broken } from "./must.js";
import { allTargets } from "./targets.js";

const SEED = 20261122;
/** Inputs for a target of weight 1. */
const INPUTS = 30_000;
const GROWTH = 8 << 20;

describe("every decoder, fuzzed: a value that reads back, or a VagusError", () => {
  it("over the corpus and its mutations", async function () {
    this.timeout(120_000);
    const targets = await allTargets();
    for (const target of targets) {
      const inputs = Math.ceil(INPUTS / target.weight);
      const outcome = await fuzz(target, readCorpus(target.name), { seed: SEED, inputs });
      same(outcome.findings.map(({ what, input }) => `${target.name}: ${what}\n${input}`).join("\n"), "");
      same(outcome.grown < GROWTH, true, `${target.name} grew by ${outcome.grown} bytes`);
      same(outcome.inputs >= inputs, true, "inputs");
    }
  });

  it("a decoder that throws something else, hangs or reads back wrongly is found", async () => {
    const planted: Target[] = [
      {
        name: "throws",
        seeds: [new Uint8Array(4)],
        weight: 1,
        run: (input) => {
          if (input.length === 3) throw new TypeError("x");
          return "";
        },
      },
      {
        name: "lies",
        seeds: [new Uint8Array(4)],
        weight: 1,
        run: (input) => {
          if (input[0] === 8) throw new Broken("y");
          return "";
        },
      },
      {
        name: "writes",
        seeds: [new Uint8Array(4)],
        weight: 1,
        run: (input) => {
          input[0] ^= 1;
          return "";
        },
      },
    ];
    for (const target of planted) {
      const { findings } = await fuzz(target, [], { seed: 1, inputs: 5000 });
      same(findings.length > 0, true, target.name);
    }
  });
});
