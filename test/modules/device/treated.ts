/** A device with a patient, and what is seen of how the patient is paced. */
import {
  type Implant,
  PacedHeart,
  type PacedHeartOptions,
  PacedSensor,
} from "../../../modules/cardiac/index.js";
import {
  type Marker,
  NOMINAL,
  type PacingParameters,
  parametersToNumbers,
} from "../../../modules/cardiac/pacer/index.js";
import type { DevicePorts } from "../../../modules/device/index.js";
import type { Flash } from "../../../modules/flash/index.js";
import { ok, same } from "../../support/assert.js";
import { type Bench, BenchButton, type ScriptedProgrammer, SteppedClock, startDevice } from "./bench.js";
import { Clinic, DAY, MADE_AT } from "./clinic.js";
import { another, crypto } from "./in-session.js";

export const PROGRAMMING = ["pacing:read", "pacing:write", "audit:read", "journal:release", "ecg:read"];
export const SLOW: PacingParameters = { ...NOMINAL, mode: "VVI", lowerRateLimitPpm: 45 };
export const FAST: PacingParameters = { ...NOMINAL, mode: "VVI", lowerRateLimitPpm: 90 };

export interface Treated {
  readonly clinic: Clinic;
  readonly bench: Bench;
  readonly implant: PacedHeart;
  readonly magnet: BenchButton;
  /** Paced beats and others of the ventricle so far, in ms of the patient's life. */
  beats(): Marker[];
}

export interface Given {
  readonly clinic?: Clinic;
  readonly flash?: Flash;
  readonly ports?: Partial<DevicePorts>;
  readonly patient?: PacedHeartOptions;
  readonly magnetAtStart?: boolean;
}

/** A patient whose ventricle beats only by the pacer, unless the test says otherwise. */
export function patientPorts(patient: PacedHeartOptions = {}) {
  const clock = new SteppedClock();
  const implant = new PacedHeart({ rhythm: "asystole", ...patient });
  const sensor = new PacedSensor(implant, { clock: () => clock.now });
  const magnet = new BenchButton();
  return { clock, implant, sensor, magnet };
}

export async function treated(given: Given = {}): Promise<Treated> {
  const clinic = given.clinic ?? (await Clinic.open(crypto));
  const flash = given.flash ?? (await clinic.provisionedFlash({ expires: MADE_AT + 1000 * DAY }));
  const ports = patientPorts(given.patient);
  ports.magnet.down = given.magnetAtStart === true;
  const bench = await startDevice(crypto, flash, { ...ports, ...given.ports });
  const { implant, magnet, clock } = ports;
  const seen: Marker[] = [];
  return { clinic, bench: { ...bench, clock }, implant, magnet, beats: () => beatsOf(implant, seen) };
}

/** Takes what markers there are. */
export function beatsOf(implant: Implant, seen: Marker[]): Marker[] {
  for (const marker of implant.takeMarkers(Number.POSITIVE_INFINITY))
    if (!marker.refractory && !marker.name.startsWith("A")) seen.push(marker);
  return seen;
}

/** No two beats of the ventricle are further apart than the rate allows, with the specification's 8 ms; nor is the end. */
export function everyBeat(beats: readonly Marker[], lowestPpm: number, endMs: number): void {
  const longest = Math.floor(60_000 / lowestPpm) + 8;
  let last = 0;
  for (const { atMs } of beats) {
    ok(atMs - last <= longest, `${atMs - last} ms before ${atMs} ms, at most ${longest} ms`);
    last = atMs;
  }
  ok(endMs - last <= longest + 350, `nothing from ${last} to ${endMs} ms`);
}

/** A session in which the Authority's word has come. */
export async function programming(
  { bench, clinic }: Treated,
  scope: readonly string[] = PROGRAMMING,
): Promise<ScriptedProgrammer> {
  const programmer = await another(bench, clinic, scope);
  same(await programmer.refresh(), 0);
  return programmer;
}

export type Sets = [
  inForce: number[],
  permanent: number[],
  staged: number[] | null,
  flags: number,
  battery: number,
];

export async function parametersOf(programmer: ScriptedProgrammer): Promise<Sets> {
  return (await programmer.command("parameters", null)).result as never;
}

/** @returns what the device read back: the set's hash */
export async function stage(
  programmer: ScriptedProgrammer,
  parameters: PacingParameters,
): Promise<Uint8Array> {
  const { code, result } = await programmer.command("stage", parametersToNumbers(parameters));
  same(code, 0);
  return (result as [Uint8Array])[0];
}

/** Stages and programs, by the book. @returns the code of what refused it */
export async function program(
  programmer: ScriptedProgrammer,
  parameters: PacingParameters,
  operation: number,
  temporary = false,
): Promise<string | undefined> {
  return programmer.code("program", [operation, await stage(programmer, parameters), temporary]);
}
