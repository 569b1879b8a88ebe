import type { RadioClock } from "../clock.js";
import { Seeded } from "../random.js";
import type { Advertisement, Radio } from "./radio.js";
import { Traffic } from "./traffic.js";

export interface AirOptions {
  readonly clock: RadioClock;
  readonly seed?: number;
  /** How far a packet is heard, in metres. */
  readonly rangeM?: number;
  /** Of packets within range, the part that is lost: 0 to 1. */
  readonly loss?: number;
}

/** Received power at one metre, and how it falls with distance in free space: 20 dB a decade. */
const ONE_METRE_DBM = -40;

/** What is between the radios: who hears whom. Chance comes of the seed alone. */
export class Air {
  readonly clock: RadioClock;
  readonly random: Seeded;
  readonly traffic = new Traffic();
  readonly #radios = new Set<Radio>();
  rangeM: number;
  loss: number;

  constructor({ clock, seed = 1, rangeM = 10, loss = 0 }: AirOptions) {
    this.clock = clock;
    this.random = new Seeded(seed);
    this.rangeM = rangeM;
    this.loss = loss;
  }

  add(radio: Radio): void {
    this.#radios.add(radio);
  }

  remove(radio: Radio): void {
    this.#radios.delete(radio);
  }

  /** Is one packet from here heard there? */
  carries(from: Radio, to: Radio): boolean {
    return this.#distance(from, to) <= this.rangeM && !(this.loss > 0 && this.random.next() < this.loss);
  }

  advertise(from: Radio, advertisement: Advertisement): void {
    for (const radio of [...this.#radios]) {
      if (radio !== from && this.carries(from, radio))
        radio.hear(advertisement, this.rssi(from, radio), from);
    }
  }

  /** In dBm. */
  rssi(from: Radio, to: Radio): number {
    return Math.round(ONE_METRE_DBM - 20 * Math.log10(Math.max(1, this.#distance(from, to))));
  }

  #distance(a: Radio, b: Radio): number {
    return Math.hypot(a.place.x - b.place.x, a.place.y - b.place.y);
  }
}
