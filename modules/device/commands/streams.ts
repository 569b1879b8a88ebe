/** Commands about what is recorded, heard and kept. */
import type { CborValue } from "../../cbor/index.js";
import { SCOPE } from "../../credential/index.js";
import { VagusError } from "../../error/index.js";
import type { Journal } from "../../journal/index.js";
import { type Cursor, PREV_LENGTH, STREAM } from "../../reading/index.js";
import { type Doer, EFFECT } from "../therapy/operations.js";
import type { CommandSession, Handlers } from "./handler.js";
import { bytes, list, numbers, PARAMETER, uint } from "./parameters.js";
import { requestOf } from "./request.js";

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

export const STREAMS: Handlers<"start" | "stop" | "fetch" | "release" | "status" | "heads"> = {
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
    run: (parameters, target, session) => {
      const { journal } = target.streams;
      const remembered = Array.isArray(parameters) && parameters.length === 5;
      const [stream, boot, sequence, hash, operation] = list(parameters, remembered ? 5 : 4);
      const of = known(uint(stream, "stream"));
      const upTo = { boot: uint(boot, "boot"), sequence: uint(sequence, "sequence") };
      const named = bytes(hash, "hash", PREV_LENGTH);
      if (!remembered) {
        giveUp(journal, of, upTo, named);
        return null;
      }
      const request = requestOf("release", operation, parameters, target, session);
      return target.operations.once(request, () => {
        journal.checkRelease(of, upTo, named);
        return [EFFECT.release, of, upTo.boot, upTo.sequence, named];
      });
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
  heads: {
    needs: READERS,
    run: (_, { streams }, session) => streams.tips(mayRead(session)),
  },
};

/** Streams that the session may read. */
export function mayRead({ rights }: CommandSession): (stream: number) => boolean {
  return (stream) => readingScopes(stream).some((scope) => rights.scope.includes(scope));
}

/** How a release is done; one that was done before, or that the ring has overtaken, is done. */
export function releaser(journal: () => Journal): Doer {
  return ([stream, boot, sequence, hash], _, again) => {
    try {
      const upTo = { boot: uint(boot, "boot"), sequence: uint(sequence, "sequence") };
      giveUp(journal(), uint(stream, "stream"), upTo, bytes(hash, "hash", PREV_LENGTH));
    } catch (error) {
      if (!again || !(error instanceof VagusError) || error.code !== "journal/release") throw error;
    }
    return "done";
  };
}

/** @throws VagusError `journal/release`: then nothing changes; `flash/program` */
function giveUp(journal: Journal, stream: number, upTo: Cursor, hash: Uint8Array): void {
  journal.release(stream, upTo, hash);
  journal.told(stream, upTo);
}

function known(stream: number): number {
  if (READING[stream] !== undefined) return stream;
  const all = Object.values(STREAM).join(", ");
  throw new VagusError(PARAMETER, `expected a stream of ${all}, came ${stream}`);
}
