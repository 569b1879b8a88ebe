/**
 * What a programmer does to a pacer: read, stage and read back, program, emergencies, tests. Each works on an open session; all
 * throw a VagusError with the device's own code where it refuses, `device/implant` where its heart is a recorded one.
 */
import {
  type BatteryStatus,
  type Chamber,
  type PacingParameters,
  parametersFromNumbers,
  parametersToNumbers,
} from "../../modules/cardiac/index.js";
import type { CborValue } from "../../modules/cbor/index.js";
import { asArray, asBytes, asInt, asUint } from "../../modules/cbor/shape.js";
import { VagusError } from "../../modules/error/index.js";
import type { Managed } from "./manage.js";
import type { Operation } from "./operation.js";

const MALFORMED = "session/malformed";
const FLAG = { temporary: 1, paceNow: 2, magnet: 4 } as const;
const BATTERY: readonly BatteryStatus[] = ["BOL", "ERN", "ERT", "ERP"];
const CHAMBERS: readonly Chamber[] = ["atrium", "ventricle"];
const ENDINGS = ["done", "ended", "late"] as const;
/** In the order of their numbers. */
export const TESTS = ["impedance", "wave", "threshold"] as const;

export interface PacingState {
  /** Whatever set them. */
  readonly inForce: PacingParameters;
  readonly permanent: PacingParameters;
  /** By this session. */
  readonly staged: PacingParameters | undefined;
  /** Which of these is set: parameters that end with a session, Pace-Now, a magnet. */
  readonly temporary: boolean;
  readonly paceNow: boolean;
  readonly magnet: boolean;
  readonly battery: BatteryStatus;
}

/** What the device has read back, and what names it. */
export interface StagedSet {
  readonly hash: Uint8Array;
  readonly parameters: PacingParameters;
}

export type TestKind = (typeof TESTS)[number];

interface TestEnd {
  readonly chamber: Chamber;
  /** `ended` before its end, as by a magnet; `late`: nothing more came in its time. */
  readonly ending: (typeof ENDINGS)[number];
}

export type TestResult =
  /** In Ω, or µV; undefined where nothing was measured. */
  | (TestEnd & {
      readonly kind: "impedance" | "wave";
      readonly count: number;
      readonly mean: number | undefined;
      readonly smallest: number | undefined;
    })
  /** Undefined where no pulse captured. */
  | (TestEnd & {
      readonly kind: "threshold";
      readonly widthUs: number;
      readonly thresholdMv: number | undefined;
    });

/** @throws VagusError also `session/malformed`; so all of these */
export async function readParameters(session: Managed): Promise<PacingState> {
  const result = asArray(await session.command("parameters", null), MALFORMED, "parameters", 5);
  const [inForce, permanent, staged] = result;
  const flags = asUint(result[3], MALFORMED, "flags", 7);
  return {
    inForce: setOf(inForce),
    permanent: setOf(permanent),
    staged: staged === null ? undefined : setOf(staged),
    temporary: (flags & FLAG.temporary) !== 0,
    paceNow: (flags & FLAG.paceNow) !== 0,
    magnet: (flags & FLAG.magnet) !== 0,
    battery: BATTERY[asUint(result[4], MALFORMED, "battery", 3)],
  };
}

/**
 * The device reads the set, keeps it for this session, and says what it read; nothing changes yet.
 * @throws VagusError `cardiac/parameter` with the parameter and its limit, `session/malformed` where another set came back
 */
export async function stage(session: Managed, parameters: PacingParameters): Promise<StagedSet> {
  const numbers = parametersToNumbers(parameters);
  const result = asArray(await session.command("stage", numbers), MALFORMED, "staged set", 2);
  const back = setOf(result[1]);
  if (parametersToNumbers(back).some((number, index) => number !== numbers[index]))
    throw new VagusError(MALFORMED, "expected what was staged to be read back, came other parameters");
  return { hash: asBytes(result[0], MALFORMED, "hash", 16), parameters: back };
}

/**
 * What was staged becomes permanent, in force from a safe point of the cycle on. Asked twice it is done once.
 * @param again opens the next session, where the reply was lost with the link: then the device is asked what became of it
 * @throws VagusError what it is refused for; where it was not done, what the link was lost for
 */
export async function program(
  session: Managed,
  operation: Operation,
  { hash }: StagedSet,
  again?: () => Promise<Managed>,
): Promise<void> {
  await operation.through(session, "program", (number) => [number, hash, false], again);
}

/** What was staged is in force from a safe point of the cycle on, until this session ends; with its link, if that is lost. */
export async function programTemporarily(
  session: Managed,
  operation: Operation,
  { hash }: StagedSet,
): Promise<void> {
  await operation.ask(session, "program", (number) => [number, hash, true]);
}

/** The specification's fixed values, also when the session ends: without the Authority's word. */
export async function paceNow(session: Managed): Promise<void> {
  await session.command("paceNow", null);
}

/** Ends Pace-Now, a test, and whatever is temporary: without the Authority's word. */
export async function cancel(session: Managed): Promise<void> {
  await session.command("cancel", null);
}

/** It ends by itself; its temporary parameters end with it, at the latest with the session. */
export async function startTest(session: Managed, kind: TestKind, chamber: Chamber): Promise<void> {
  await session.command("test", [TESTS.indexOf(kind), CHAMBERS.indexOf(chamber)]);
}

/** Undefined while it runs. @throws VagusError `device/parameter` where this session has begun none */
export async function testResult(session: Managed): Promise<TestResult | undefined> {
  const value = await session.command("testResult", null);
  if (value === null) return undefined;
  const result = asArray(value, MALFORMED, "test result");
  const uint = (index: number, what: string, max?: number) => asUint(result[index], MALFORMED, what, max);
  const measured = (index: number, what: string) => (result[index] === null ? undefined : uint(index, what));
  const kind = TESTS[uint(0, "kind", 2)];
  const end = { chamber: CHAMBERS[uint(1, "chamber", 1)], ending: ENDINGS[uint(2, "ending", 2)] };
  if (kind === "threshold")
    return { kind, ...end, widthUs: uint(3, "width"), thresholdMv: measured(4, "threshold") };
  return {
    kind,
    ...end,
    count: uint(3, "count"),
    mean: measured(4, "mean"),
    smallest: measured(5, "smallest"),
  };
}

function setOf(value: CborValue): PacingParameters {
  return parametersFromNumbers(
    asArray(value, MALFORMED, "parameters").map((number) => asInt(number, MALFORMED, "parameter")),
  );
}
