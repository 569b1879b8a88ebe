import { decode, encode } from "../cbor/index.js";
import { asUint } from "../cbor/shape.js";
import { SECTOR } from "../credential/index.js";
import { VagusError } from "../error/index.js";
import { type Flash, FlashRecord } from "../flash/index.js";
import { giveBack, RATION, type Ration, take } from "./ration.js";

/** What a restart may begin with at the most: half of the bucket. */
export const KEPT = RATION.capacity / 2;
/** A record that nobody can read, nor write: a restart begins with nothing. */
const ROTTEN = -1;

/**
 * The ration over restarts. Flash says with how many tokens a restart begins: half a bucket, or none from the moment when
 * fewer are left until a handshake succeeds while half a bucket is there, or it is full again. It is written before a
 * token is taken, so that cutting the power gains nobody a handshake; an ordinary device hardly ever writes it.
 */
export class RationStore {
  readonly #flash: Flash;
  #ration: Ration;
  #kept: number;

  /** @param fresh a device that was just made has a full bucket */
  constructor(flash: Flash, fresh: boolean, now: number) {
    this.#flash = flash;
    this.#kept = kept(flash);
    this.#ration = { tokens: fresh ? RATION.capacity : Math.max(0, this.#kept), since: now };
  }

  /** Takes a token, if there is one. @throws VagusError `flash/program`; nothing is taken then */
  take(now: number): boolean {
    const rest = take(this.#ration, now);
    if (rest === undefined) return false;
    if (rest.tokens < this.#kept) this.#keep(0);
    else if (rest.tokens === RATION.capacity - 1 && this.#kept === 0) this.#keep(KEPT);
    this.#ration = rest;
    return true;
  }

  /** @throws VagusError `flash/program` */
  giveBack(): void {
    this.#ration = giveBack(this.#ration);
    if (this.#ration.tokens >= KEPT && this.#kept === 0) this.#keep(KEPT);
  }

  #keep(tokens: number): void {
    new FlashRecord(this.#flash, SECTOR.ration).write(encode(tokens));
    this.#kept = tokens;
  }
}

/** Never written: as at first. */
function kept(flash: Flash): number {
  try {
    const { value } = new FlashRecord(flash, SECTOR.ration);
    return value === undefined ? KEPT : Math.min(asUint(decode(value), "flash/corrupt", "ration"), KEPT);
  } catch (error) {
    if (!(error instanceof VagusError)) throw error;
    return ROTTEN;
  }
}
