/**
 * Mutation over a pool that grows with whatever gives a new outcome: a new error code and message, numbers aside, stands in
 * for coverage. The same seed and number of inputs give the same run.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { toHex } from "../../modules/bytes/index.js";
import { VagusError } from "../../modules/error/index.js";
import { mutate } from "./mutate.js";
import { Random } from "./random.js";

export interface Target {
  readonly name: string;
  readonly seeds: readonly Uint8Array[];
  /** How many inputs take about as long as 1,000 of the CBOR decoder's; for sharing time out. */
  readonly weight: number;
  /** Returns a word for the outcome where the input was read, having checked that it reads back; throws VagusError for bad input. */
  run(input: Uint8Array): string | Promise<string>;
}

export interface Finding {
  readonly target: string;
  readonly input: string;
  readonly what: string;
}

export interface Outcome {
  readonly target: string;
  readonly inputs: number;
  /** Of those, how many were read. */
  readonly read: number;
  /** Inputs with an outcome that none before had. */
  readonly novel: readonly Uint8Array[];
  readonly findings: readonly Finding[];
  readonly slowestMs: number;
  /** Bytes in use after it and a collection, over those before. */
  readonly grown: number;
}

export interface Limits {
  readonly seed: number;
  readonly inputs: number;
  /** Milliseconds of a monotonic clock at which to stop earlier. */
  readonly until?: number;
}

/** One input may take so long; a longer one is tried again, as others use this machine too. */
const LIMIT_MS = 1000;
const LONGEST_INPUT = 2048;
const POOL_MAX = 400;
const FINDINGS_MAX = 10;

export async function fuzz(target: Target, corpus: readonly Uint8Array[], limits: Limits): Promise<Outcome> {
  const random = new Random(limits.seed);
  const pool = [...target.seeds, ...corpus];
  const given = pool.length;
  const seen = new Set<string>();
  const findings: Finding[] = [];
  const counts = { inputs: 0, read: 0, slowestMs: 0 };

  const attempt = async (input: Uint8Array, isNew: boolean) => {
    const copy = input.slice();
    let { outcome, ms } = await observe(target, copy);
    for (let again = 0; again < 2 && ms > LIMIT_MS; again++)
      ms = Math.min(ms, (await observe(target, copy)).ms);
    counts.inputs++;
    counts.slowestMs = Math.max(counts.slowestMs, ms);
    if (outcome.kind === "read") counts.read++;
    if (ms > LIMIT_MS) outcome = { kind: "found", text: `took ${Math.round(ms)} ms` };
    if (toHex(copy) !== toHex(input)) outcome = { kind: "found", text: "changed its input" };
    if (outcome.kind === "found")
      findings.push({ target: target.name, input: toHex(input), what: outcome.text });
    const key = `${outcome.kind} ${outcome.text.replace(/\d+/g, "0")}`;
    if (!seen.has(key) && isNew && pool.length < POOL_MAX) pool.push(input);
    seen.add(key);
  };

  const before = inUse();
  for (const input of pool.slice()) await attempt(input, false);
  while (counts.inputs < limits.inputs && findings.length < FINDINGS_MAX) {
    if (limits.until !== undefined && counts.inputs % 16 === 0 && performance.now() > limits.until) break;
    await attempt(mutate(pool, random, LONGEST_INPUT), true);
  }
  return { target: target.name, ...counts, novel: pool.slice(given), findings, grown: inUse() - before };
}

type Observed = { kind: "read" | "refused" | "found"; text: string };

async function observe(target: Target, input: Uint8Array): Promise<{ outcome: Observed; ms: number }> {
  const started = performance.now();
  let outcome: Observed;
  try {
    const result = target.run(input);
    outcome = { kind: "read", text: typeof result === "string" ? result : await result };
  } catch (error) {
    outcome =
      error instanceof VagusError
        ? { kind: "refused", text: error.message }
        : { kind: "found", text: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  return { outcome, ms: performance.now() - started };
}

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

function inUse(): number {
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
