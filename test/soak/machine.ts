/** What a soak has of the engine that it runs on: node.ts and xs.ts are one each. */
import type { Crypto } from "../../modules/crypto/port.js";

/** By this hour everything has happened some times: then the heap is looked at first, in a run that is long enough. */
export const WARM_HOURS = 12;

export interface Heap {
  /** Of JavaScript: on Node all of it and the buffers that it holds, on XS chunks. */
  readonly bytes: number;
  /** On XS. */
  readonly slots?: number;
}

export interface Machine {
  readonly name: string;
  readonly crypto: Crypto;
  readBytes(path: string): Uint8Array;
  /** Behind all that promises have to go on with. */
  soon(callback: () => void): void;
  /** Behind a collection. */
  heap(): Heap;
  show(heap: Heap): string;
  /** What is wrong where a heap is above that of this hour by more than is allowed. */
  grown(before: Heap, after: Heap, hour: number): string[];
}
