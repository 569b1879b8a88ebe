/** Commands about what is recorded, heard and kept. */
import type { CborValue } from "../../cbor/index.js";
import { SCOPE } from "../../credential/index.js";
import { VagusError } from "../../error/index.js";
import { PREV_LENGTH, STREAM } from "../../reading/index.js";
import type { StreamRequest } from "../recorder.js";
import type { CommandTarget, Handlers } from "./handler.js";
import { bytes, list, numbers, PARAMETER, uint } from "./parameters.js";

export const STREAMS: Handlers<"start" | "stop" | "fetch" | "release" | "status"> = {
  start: {
    needs: [SCOPE.ecgRead],
    run: (parameters, target) => {
      const [stream, readingMs, readings] = numbers(parameters, 3);
      checkStream(stream);
      return start({ stream, readingMs, readings }, target);
    },
  },
  stop: {
    needs: [SCOPE.ecgRead],
    run: (parameters, { recorder }) => {
      checkStream(numbers(parameters, 1)[0]);
      recorder.stop();
      return null;
    },
  },
  fetch: {
    needs: [SCOPE.ecgRead],
    run: (parameters, target) => {
      const [stream, boot, sequence] = numbers(parameters, 3);
      checkStream(stream);
      target.follow(stream, { boot, sequence });
      return target.recorder.running;
    },
  },
  release: {
    needs: [SCOPE.journalRelease],
    run: (parameters, { journal }) => {
      const [stream, boot, sequence, hash] = list(parameters, 4);
      const upTo = { boot: uint(boot, "boot"), sequence: uint(sequence, "sequence") };
      const of = uint(stream, "stream");
      checkStream(of);
      journal.release(of, upTo, bytes(hash, "hash", PREV_LENGTH));
      journal.told(of, upTo);
      return null;
    },
  },
  status: {
    needs: [SCOPE.ecgRead],
    run: (parameters, { recorder, journal }) => {
      const stream = uint(parameters, "stream");
      checkStream(stream);
      const last = journal.last(stream);
      const { usedBytes, capacityBytes } = journal;
      return [recorder.running, last?.boot ?? 0, last?.sequence ?? null, usedBytes, capacityBytes];
    },
  },
};

/** A recording of an earlier session ends first, with its head; one of this session has to be stopped. */
function start(request: StreamRequest, target: CommandTarget): CborValue | Promise<CborValue> {
  const { recorder, following } = target;
  const begin = () => {
    target.follow(request.stream, recorder.start(request));
    return null;
  };
  return recorder.running && !following ? recorder.finish().then(begin) : begin();
}

function checkStream(stream: number): void {
  if (stream !== STREAM.ecg) throw new VagusError(PARAMETER, `expected stream ${STREAM.ecg}, came ${stream}`);
}
