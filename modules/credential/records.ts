/** The two small records beside the identity: the boot count, and the keys that are revoked. */
import { decode, encode } from "../cbor/index.js";
import { asArray, asBytes, asUint } from "../cbor/shape.js";
import { VagusError } from "../error/index.js";
import { type Flash, FlashRecord } from "../flash/index.js";
import { SECTOR } from "./layout.js";
import type { RevocationList } from "./revocation.js";

const CORRUPT = "flash/corrupt";
const NONE = new Uint8Array(0);

/**
 * Counts this start, in flash before anything uses it.
 * @param fresh is the device being made? Only then there may be no count yet
 * @throws VagusError `flash/corrupt`
 */
export function nextBoot(flash: Flash, fresh: boolean): number {
  const record = new FlashRecord(flash, SECTOR.boot);
  if (record.value === undefined && !fresh) lost("boot count");
  const boot = record.value === undefined ? 1 : asUint(decode(record.value), CORRUPT, "boot count") + 1;
  record.write(encode(boot));
  return boot;
}

/** What the device keeps of its revocation list: [ epoch, kids ]. */
export class RevokedKeys {
  readonly #flash: Flash;
  #epoch: number;
  /** One after the other, rising. */
  #kids: Uint8Array;

  /** @throws VagusError `flash/corrupt` */
  constructor(flash: Flash, fresh: boolean) {
    const record = new FlashRecord(flash, SECTOR.revocation);
    if (record.value === undefined) {
      if (!fresh) lost("revocation list");
      record.write(encode([0, NONE]));
    }
    const [epoch, kids] = asArray(decode(record.value as Uint8Array), CORRUPT, "revocation list", 2);
    this.#flash = flash;
    this.#epoch = asUint(epoch, CORRUPT, "epoch");
    this.#kids = asBytes(kids, CORRUPT, "kids");
  }

  get epoch(): number {
    return this.#epoch;
  }

  get kids(): Uint8Array {
    return this.#kids;
  }

  /** In one step. The caller has seen that the epoch rises. */
  replace({ epoch, revoked }: Pick<RevocationList, "epoch" | "revoked">): void {
    new FlashRecord(this.#flash, SECTOR.revocation).write(encode([epoch, revoked]));
    this.#epoch = epoch;
    this.#kids = revoked;
  }

  /** Forgets list and epoch, where there is one: for a device that has no Authority any more. */
  clear(): void {
    if (this.#epoch > 0) this.replace({ epoch: 0, revoked: NONE });
  }
}

function lost(what: string): never {
  throw new VagusError(CORRUPT, `expected the ${what} of a device that was made, came none`);
}
