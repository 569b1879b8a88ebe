/**
 * The device that a soak is about: it runs, loses its power in the midst of a write, and starts again from what its chip holds.
 * Its ECG is the recorded heart's, so that every sample can be held against it; its pacer has a simulated one.
 */
import { PacedHeart, PacedSensor, type RecordedSource, RHYTHM_NAMES } from "../../modules/cardiac/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { type Clock, Device } from "../../modules/device/index.js";
import type { Flash } from "../../modules/flash/index.js";
import type { Random } from "../fuzz/random.js";
import { MADE_AT } from "../modules/device/clinic.js";
import { type Call, type Image, NorFlash } from "../powercuts/nor.js";
import { halfDone } from "../powercuts/ways.js";
import { Air } from "./air.js";
import type { VirtualTime } from "./time.js";

/** What nobody hears: the power went. */
class PowerCut extends Error {}

/** A clock that stops when the power does. */
function whileOn(time: VirtualTime, isOn: () => boolean): Clock {
  return {
    monotonicMs: () => time.now,
    after: (ms, callback) => time.after(ms, () => isOn() && callback()),
  };
}

export class Patient {
  readonly #crypto: Crypto;
  readonly #time: VirtualTime;
  readonly #random: Random;
  readonly #heart: RecordedSource;
  #image: Image;
  #cutIn = Number.POSITIVE_INFINITY;
  air = new Air();
  /** The patient's pacemaker, as it is since the power came last. */
  implant = new PacedHeart();
  boots = 0;
  /** The boot count that the device has come to. */
  boot = 0;
  cuts = 0;
  faults = 0;
  readonly refused = new Map<string, number>();
  #on = false;

  constructor(crypto: Crypto, time: VirtualTime, random: Random, heart: RecordedSource, image: Image) {
    this.#crypto = crypto;
    this.#time = time;
    this.#random = random;
    this.#heart = heart;
    this.#image = image;
  }

  get on(): boolean {
    return this.#on;
  }

  /** The power goes at the n-th program or erase from now. */
  cutAt(calls: number): void {
    this.#cutIn = calls;
  }

  /** It starts from what the chip holds; the power may go while it does. */
  async powerUp(): Promise<void> {
    const flash = new NorFlash(this.#image);
    this.#image = [];
    const air = new Air();
    let alive = true;
    const off = (image: Image) => {
      alive = false;
      this.#on = false;
      this.#image = image;
      this.cuts++;
      queueMicrotask(() => air.close());
      throw new PowerCut("the power went");
    };
    flash.onCall = (call) => {
      if (!alive) throw new PowerCut("there is no power");
      if (--this.#cutIn > 0) return;
      this.#cutIn = Number.POSITIVE_INFINITY;
      off(this.#random.pick(half(call, this.#random)));
    };
    const guarded: Flash = {
      sectors: flash.sectors,
      read: (offset, length) => flash.read(offset, length),
      program: (offset, bytes) => flash.program(offset, bytes),
      erase: (sector) => flash.erase(sector),
    };
    const clock = whileOn(this.#time, () => alive);
    const sensor = new PacedSensor(this.#heart, { clock: () => this.#time.now });
    const rhythm = this.#random.pick(RHYTHM_NAMES);
    this.implant = new PacedHeart({ rhythm, rateHz: 100, seed: 1 + this.boots });
    this.air = air;
    this.boots++;
    this.#on = true;
    const observe: Parameters<typeof Device.start>[0]["observe"] = (event) => {
      if (!alive) return;
      if (event.kind === "fault") this.faults++;
      if (event.kind === "started") this.boot = event.boot;
      if (event.kind !== "refused") return;
      this.refused.set(event.error.code, (this.refused.get(event.error.code) ?? 0) + 1);
    };
    try {
      await Device.start({
        crypto: this.#crypto,
        flash: guarded,
        clock,
        peripheral: air,
        sensor,
        implant: this.implant,
        madeAt: MADE_AT,
        observe,
      });
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
    }
    if (!alive) this.#on = false;
  }
}

function half(call: Call, random: Random): readonly Image[] {
  return [...halfDone(call, random, true)].map(({ image }) => image);
}
