import type { Target } from "./fuzzer.js";
import { cborTargets } from "./targets-cbor.js";
import { coseTargets } from "./targets-cose.js";
import { fileTargets } from "./targets-files.js";
import { stageTargets } from "./targets-stages.js";

/** Every decoder that bytes of others reach. */
export async function allTargets(): Promise<Target[]> {
  return [...cborTargets, ...stageTargets, ...(await coseTargets()), ...(await fileTargets())];
}
