import type { Firmware, FirmwareOptions } from "../../sim/firmware.js";
import type { Hospital } from "./hospital.js";
import type { Scene } from "./scene.js";
import type { StageOptions } from "./stage.js";

/** Something that somebody tries, on a device of its own that runs, over the link that a programmer uses. */
export interface Attack extends StageOptions {
  /** What `--only` knows it by. */
  readonly name: string;
  /** What the attacker does. */
  readonly does: string;
  /** Takes longer than a few seconds: not among the quick ones. */
  readonly slow?: boolean;
  /** What the device is when it is over, where not provisioned as before: then nobody can read it any more. */
  readonly leaves?: "revoked";
  play(scene: Scene): Promise<void>;
}

export interface Family {
  readonly title: string;
  readonly attacks: readonly Attack[];
}

/** What came of it. */
export interface Outcome {
  readonly family: string;
  readonly name: string;
  /** What the attacker did, what the device did, what the clinician sees. */
  readonly attacker: string;
  readonly device: string;
  readonly clinician: string;
  /** Did the attacker lose? */
  readonly lost: boolean;
  /** What he won. */
  readonly problems: readonly string[];
  /** What went otherwise than it has to, and is nothing won: a refusal for another reason, a crash. */
  readonly otherwise: readonly string[];
  readonly seconds: number;
}

/** Starts the firmware under attack, with its flash in a folder. */
export type Start = (options: Omit<FirmwareOptions, "command">) => Promise<Firmware>;

export interface Play {
  readonly hospital: Hospital;
  readonly start: Start;
}
