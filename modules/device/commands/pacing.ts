/** Commands about the pacer: read, stage, program, emergencies, tests, and what became of a command. */
import { equal } from "../../bytes/index.js";
import { parametersToNumbers } from "../../cardiac/index.js";
import { SCOPE } from "../../credential/index.js";
import { VagusError } from "../../error/index.js";
import { REQUEST_HASH } from "../../session/index.js";
import { CHAMBERS } from "../therapy/follow-up.js";
import { EFFECT } from "../therapy/operations.js";
import { HASH, type Pacing, type Staged } from "../therapy/pacing.js";
import type { CommandTarget, Handlers } from "./handler.js";
import { bytes, list, nothing, numbers, PARAMETER, uint } from "./parameters.js";
import { kidOf, requestOf } from "./request.js";

const READ = [SCOPE.pacingRead];
const WRITE = [SCOPE.pacingWrite];
const TESTS = 3;

export const PACING: Handlers<
  "parameters" | "stage" | "program" | "paceNow" | "cancel" | "outcome" | "test" | "testResult"
> = {
  parameters: {
    needs: READ,
    run: (parameters, target) => {
      nothing(parameters);
      return pacingOf(target).parameters;
    },
  },
  stage: {
    needs: WRITE,
    run: (parameters, target) => pacingOf(target).stage(parameters),
  },
  program: {
    needs: WRITE,
    run: (parameters, target, session) => {
      const [operation, hash, temporary] = list(parameters, 3);
      if (typeof temporary !== "boolean")
        throw new VagusError(PARAMETER, "temporary: expected true or false");
      const pacing = pacingOf(target);
      const named = bytes(hash, "hash", HASH);
      const request = requestOf("program", operation, parameters, target, session);
      return target.operations.once(request, () => {
        const { parameters } = stagedAs(pacing, named);
        if (temporary) pacing.checkFree();
        return [temporary ? EFFECT.temporary : EFFECT.program, parametersToNumbers(parameters)];
      });
    },
  },
  paceNow: {
    needs: WRITE,
    withoutWord: true,
    run: (parameters, target, session) => {
      nothing(parameters);
      pacingOf(target).paceNow(kidOf(session));
      return null;
    },
  },
  cancel: {
    needs: WRITE,
    withoutWord: true,
    run: (parameters, target, session) => {
      nothing(parameters);
      const pacing = pacingOf(target);
      const who = kidOf(session);
      if (pacing.isAnothers(who)) session.rights.demand("cancel another's Pace-Now", WRITE, target.nowMs);
      pacing.cancel(who);
      return null;
    },
  },
  outcome: {
    needs: [SCOPE.pacingWrite, SCOPE.journalRelease],
    withoutWord: true,
    run: (parameters, { operations }, session) => {
      const [operation, hash] = list(parameters, 2);
      const asked = { operation: uint(operation, "operation"), hash: bytes(hash, "hash", REQUEST_HASH) };
      return operations.outcome({ who: kidOf(session), ...asked });
    },
  },
  test: {
    needs: WRITE,
    run: (parameters, target) => {
      const [kind, chamber] = numbers(parameters, 2);
      if (kind >= TESTS || chamber >= CHAMBERS.length)
        throw new VagusError(PARAMETER, `expected test 0 to 2 of chamber 0 or 1, came ${kind} of ${chamber}`);
      pacingOf(target).startTest(kind, CHAMBERS[chamber]);
      return null;
    },
  },
  testResult: {
    needs: READ,
    run: (parameters, target) => {
      nothing(parameters);
      return pacingOf(target).testResult;
    },
  },
};

/** @throws VagusError `device/implant` where the heart is a recorded one */
function pacingOf({ pacing }: CommandTarget): Pacing {
  if (pacing === undefined)
    throw new VagusError("device/implant", "expected a heart with a pacemaker, came a recorded one");
  return pacing;
}

/** @throws VagusError `device/parameter` where another set is staged, or none */
function stagedAs({ staged }: Pacing, hash: Uint8Array): Staged {
  if (staged !== undefined && equal(staged.hash, hash)) return staged;
  const came = staged === undefined ? "none" : "another";
  throw new VagusError(PARAMETER, `expected the set of this hash to be staged in this session, came ${came}`);
}
