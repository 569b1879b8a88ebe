import { cryptos } from "engine";
import type { CredentialContent } from "../../../modules/credential/index.js";
import type { DevicePorts } from "../../../modules/device/index.js";
import type { Flash } from "../../../modules/flash/index.js";
import { deep } from "../../support/assert.js";
import { type Bench, bytesOf, ScriptedProgrammer, startDevice } from "./bench.js";
import { Clinic, DAY, MADE_AT } from "./clinic.js";

export const crypto = cryptos[0]!;

export interface InSession {
  readonly clinic: Clinic;
  readonly bench: Bench;
  readonly programmer: ScriptedProgrammer;
}

interface Given {
  /** Of the device. */
  readonly device?: Partial<CredentialContent>;
  readonly flash?: Flash;
  readonly ports?: Partial<DevicePorts>;
  /** Of the programmer. */
  readonly programmer?: Partial<CredentialContent>;
  readonly clinic?: Clinic;
}

/** A device and a programmer of these scopes, in a session. */
export async function inSession(scope: readonly string[], given: Given = {}): Promise<InSession> {
  const clinic = given.clinic ?? (await Clinic.open(crypto));
  const flash =
    given.flash ?? (await clinic.provisionedFlash({ expires: MADE_AT + 1000 * DAY, ...given.device }));
  const bench = await startDevice(crypto, flash, given.ports);
  const programmer = await another(bench, clinic, scope, given.programmer);
  return { clinic, bench, programmer };
}

/** One more session with the device. */
export async function another(
  bench: Bench,
  clinic: Clinic,
  scope: readonly string[],
  but: Partial<CredentialContent> = {},
): Promise<ScriptedProgrammer> {
  const programmer = new ScriptedProgrammer(bench);
  programmer.clinic = clinic;
  await programmer.authenticate({ cred: await clinic.issue({ scope, ...but }) });
  return programmer;
}

/** What the device holds. */
export function held({ device, flash, peripheral }: Bench): unknown[] {
  const { own, anchor, epoch, state, floor } = device.holder;
  return [
    state,
    own?.credential.token,
    anchor?.kid,
    epoch,
    floor.uncertainty,
    bytesOf(flash),
    peripheral.info,
  ];
}

/** The device answers so, and holds what it held. */
export async function refused(
  { bench, programmer }: Pick<InSession, "bench" | "programmer">,
  code: string,
  command: Parameters<ScriptedProgrammer["command"]>[0],
  parameters: Parameters<ScriptedProgrammer["command"]>[1],
): Promise<void> {
  const before = held(bench);
  deep(await programmer.code(command, parameters), code, command);
  deep(held(bench), before, command);
}
