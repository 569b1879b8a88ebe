/** The desk's pacing commands, over the session of the moment. */
import type { Crypto } from "../../../modules/crypto/port.js";
import { Operation } from "../../programmer/operation.js";
import {
  cancel,
  paceNow,
  program,
  programTemporarily,
  readParameters,
  stage,
  startTest,
  type TestResult as Told,
  testResult,
} from "../../programmer/pacing.js";
import type { Bedside } from "./bedside.js";
import type { PacingCommands, TestResult } from "./pacing-desk.js";

export function sessionPacing(bedside: Bedside, crypto: Crypto, now: () => number): PacingCommands {
  const operation = () => new Operation(crypto, Math.floor(now() / 1000));
  return {
    read: () => readParameters(bedside.session),
    stage: (parameters) => stage(bedside.session, parameters),
    program: (staged, temporary) =>
      temporary
        ? programTemporarily(bedside.session, operation(), staged)
        : program(bedside.session, operation(), staged, () => bedside.nextSession()),
    paceNow: () => paceNow(bedside.session),
    cancel: () => cancel(bedside.session),
    startTest: (kind, chamber) => startTest(bedside.session, kind, chamber),
    testResult: async () => {
      const told = await testResult(bedside.session);
      return told && resultOf(told);
    },
  };
}

function resultOf(told: Told): TestResult {
  const { kind, chamber, ending } = told;
  if (told.kind === "threshold") {
    return { kind, chamber, ending, value: told.thresholdMv, widthUs: told.widthUs };
  }
  return { kind, chamber, ending, value: told.mean, count: told.count };
}
