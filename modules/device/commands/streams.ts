/** Commands about what is recorded, heard and kept. */
import type { CborValue } from "../../cbor/index.js";
import { SCOPE } from "../../credential/index.js";
import { VagusError } from "../../error/index.js";
import { PREV_LENGTH, STREAM } from "../../reading/index.js";
import type { Handlers } from "./handler.js";
import { bytes, list, numbers, PARAMETER, uint } from "./parameters.js";

const READERS = [SCOPE.ecgRead, SCOPE.pacingRead];
/** By stream, what a session has to have one of. */
const READING: readonly (readonly string[] | undefined)[] = [
  undefined,
  [SCOPE.ecgRead],
  [SCOPE.pacingRead],
  READERS,
];

/** For the stream that is named first; where none is, there is nothing to be read. */
export function readingScopes(parameters: CborValue): readonly string[] {
  const stream = Array.isArray(parameters) ? parameters[0] : parameters;
  return (typeof stream === "number" ? READING[stream] : undefined) ?? READERS;
}

export const STREAMS: Handlers<"start" | "stop" | "fetch" | "release" | "status"> = {
  start: {
    needs: readingScopes,
    run: (parameters, { streams }) => {
      const [stream, readingMs, readings] = numbers(parameters, 3);
      return streams.start({ stream: known(stream), readingMs, readings })?.then(() => null) ?? null;
    },
  },
  stop: {
    needs: readingScopes,
    run: (parameters, { streams }) => {
      streams.stop(known(numbers(parameters, 1)[0]));
      return null;
    },
  },
  fetch: {
    needs: readingScopes,
    run: (parameters, { streams }) => {
      const [stream, boot, sequence] = numbers(parameters, 3);
      streams.follow(known(stream), { boot, sequence });
      return streams.running(stream);
    },
  },
  release: {
    needs: [SCOPE.journalRelease],
    run: (parameters, { streams: { journal } }) => {
      const [stream, boot, sequence, hash] = list(parameters, 4);
      const upTo = { boot: uint(boot, "boot"), sequence: uint(sequence, "sequence") };
      const of = known(uint(stream, "stream"));
      journal.release(of, upTo, bytes(hash, "hash", PREV_LENGTH));
      journal.told(of, upTo);
      return null;
    },
  },
  status: {
    needs: readingScopes,
    run: (parameters, { streams }) => {
      const stream = known(uint(parameters, "stream"));
      const { usedBytes, capacityBytes } = streams.journal;
      const last = streams.journal.last(stream);
      return [streams.running(stream), last?.boot ?? 0, last?.sequence ?? null, usedBytes, capacityBytes];
    },
  },
};

function known(stream: number): number {
  if (READING[stream] !== undefined) return stream;
  const all = Object.values(STREAM).join(", ");
  throw new VagusError(PARAMETER, `expected a stream of ${all}, came ${stream}`);
}
