/**
 * The world that a device without a board is in, as the bench changes it: one object a line.
 *
 *   {"rhythm":"avb3"}  {"rhythm":"sinus","bpm":72}      the patient's heart, of RHYTHM_NAMES
 *   {"lead":"atrium","fault":"fracture"}                of LEAD_FAULTS; "none" mends it
 *   {"noise":{"mainsUv":300,"muscleUv":80}}             on top of a patient lying still
 *   {"battery":8}                                       percent of its charge
 *   {"mode":"VVI"}                                      what the pacer is programmed to, by hand
 *   {"magnet":true}                                     it lies on the device
 *   {"range":false}                                     nobody hears the device, nor it anybody
 *   {"power":"cut"}  {"power":"write"}  {"power":"reset"}   goes now; goes half-way through the next write to flash; comes anew
 *
 * Each changes all that it says or nothing. The patient outlives the device's power; whoever holds the world tells it again.
 */
import { batteryLeft, batteryStatus, createBattery } from "../../cardiac/battery/index.js";
import { type Chamber, type PacedHeart, QUIET } from "../../cardiac/index.js";
import { HEALTHY, LEAD_FAULTS, type LeadFault, withFault } from "../../cardiac/leads/index.js";
import { SINUS_BPM } from "../../cardiac/paced/patient.js";
import { MODES, type Mode } from "../../cardiac/pacer/index.js";
import { VagusError } from "../../error/index.js";
import { Contact } from "./contact.js";

export type PowerLoss = "cut" | "write" | "reset";

/** What there is to change. */
export interface WorldParts {
  readonly patient: PacedHeart | undefined;
  /** All links go, and none comes, while it is out of range. */
  readonly range: (inRange: boolean) => void;
  readonly power: ((loss: PowerLoss) => void) | undefined;
}

/** What it is like now. */
export interface WorldState {
  readonly rhythm: string;
  /** Where it was said. */
  readonly bpm: number | undefined;
  readonly mode: Mode;
  readonly leads: Readonly<Record<Chamber, LeadFault>>;
  readonly noise: Readonly<Record<string, number>>;
  readonly batteryPercent: number;
  readonly batteryStatus: string;
  readonly magnet: boolean;
  readonly range: boolean;
}

type Change = Readonly<Record<string, unknown>>;

export class World {
  private readonly parts: WorldParts;
  private rhythm: string;
  private bpm: number | undefined;
  private leads: Record<Chamber, LeadFault> = { atrium: "none", ventricle: "none" };
  private noise: Record<string, number> = {};
  private inRange = true;
  /** What a magnet closes: the device sees to it, and where there is none yet, the pacer. */
  readonly magnet = new Contact();
  /** Told of every change. */
  changed: (state: WorldState) => void = () => {};

  constructor(parts: WorldParts, rhythm = "sinus") {
    this.parts = parts;
    this.rhythm = rhythm;
    this.bpm = rhythm === "sinus" ? SINUS_BPM : undefined;
  }

  /** @throws VagusError `cardiac/parameter` where the device's heart is a recorded one */
  private get patient(): PacedHeart {
    const { patient } = this.parts;
    if (patient === undefined)
      throw new VagusError("cardiac/parameter", "expected a patient, came a recorded heart");
    return patient;
  }

  /** Undefined with a recorded heart. */
  get state(): WorldState | undefined {
    const { patient } = this.parts;
    if (patient === undefined) return undefined;
    const { therapy, battery } = patient;
    return {
      rhythm: this.rhythm,
      bpm: this.bpm,
      mode: therapy.permanent.mode,
      leads: { ...this.leads },
      noise: { ...this.noise },
      batteryPercent: Math.round(100 * batteryLeft(battery)),
      batteryStatus: batteryStatus(battery),
      magnet: therapy.magnet,
      range: this.inRange,
    };
  }

  /**
   * @returns false where it says nothing of the world
   * @throws VagusError `cardiac/parameter`; then nothing has changed
   */
  obey(change: Change): boolean {
    if (!this.make(change)) return false;
    const { state } = this;
    if (state !== undefined) this.changed(state);
    return true;
  }

  private make(change: Change): boolean {
    const [[kind, value] = ["", undefined]] = Object.entries(change);
    switch (kind) {
      case "rhythm":
        this.patient.become(String(value), change.bpm as number | undefined);
        this.rhythm = String(value);
        this.bpm = change.bpm as number | undefined;
        return true;
      case "lead":
        this.break(one("lead", ["atrium", "ventricle"], value), one("fault", LEAD_FAULTS, change.fault));
        return true;
      case "noise":
        return this.disturb(value);
      case "battery":
        this.patient.setBattery(createBattery(number("battery", 0, 100, value)));
        return true;
      case "mode":
        this.program(one("mode", MODES, value));
        return true;
      case "magnet":
        this.hold(one("magnet", [true, false], value));
        return true;
      case "range":
        this.inRange = one("range", [true, false], value);
        this.parts.range(this.inRange);
        return true;
      case "power":
        return this.lose(one("power", ["cut", "write", "reset"], value));
      default:
        return false;
    }
  }

  private break(chamber: Chamber, fault: LeadFault): void {
    this.patient.setLead(withFault(HEALTHY[chamber], fault));
    this.leads[chamber] = fault;
  }

  private disturb(value: unknown): true {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw new VagusError("cardiac/parameter", `noise: expected an object of heights, came ${value}`);
    const noise: Record<string, number> = {};
    for (const [name, height] of Object.entries(value)) {
      noise[one("noise", ["wanderUv", "mainsUv", "muscleUv"], name)] = number(name, 0, 5000, height);
    }
    this.patient.disturb({ ...QUIET, ...noise });
    this.noise = noise;
    return true;
  }

  private program(mode: Mode): void {
    const { permanent } = this.patient.therapy;
    this.patient.instruct({ type: "program", parameters: { ...permanent, mode } });
  }

  private hold(on: boolean): void {
    const { patient } = this;
    if (!this.magnet.hold(on)) patient.instruct({ type: "magnet", on });
  }

  private lose(loss: PowerLoss): true {
    const { power } = this.parts;
    if (power === undefined)
      throw new VagusError("cardiac/parameter", "expected a power switch at this bench, came none");
    power(loss);
    return true;
  }
}

function one<T>(name: string, values: readonly T[], value: unknown): T {
  if (values.includes(value as T)) return value as T;
  throw new VagusError("cardiac/parameter", `${name}: expected one of ${values.join(", ")}, came ${value}`);
}

function number(name: string, from: number, to: number, value: unknown): number {
  if (typeof value === "number" && value >= from && value <= to) return value;
  throw new VagusError("cardiac/parameter", `${name}: expected ${from} to ${to}, came ${value}`);
}
