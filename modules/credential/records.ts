/** The two small records beside the identity: the boot count, and the keys that are revoked. */
import { equal } from "../bytes/index.js";
import { decode, encode } from "../cbor/index.js";
import { asArray, asBytes, asText, asUint } from "../cbor/shape.js";
import { KEY_ID_LENGTH } from "../cose/index.js";
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

/**
 * What the device keeps of its revocation list: [ epoch, kids, kid of the anchor that signed it, audience ], the last two
 * null before there was one. Epochs count for each Authority and audience.
 */
export class RevokedKeys {
  readonly #flash: Flash;
  #epoch: number;
  /** One after the other, rising. */
  #kids: Uint8Array;
  #anchor: Uint8Array | null;
  #audience: string | null;

  /** @throws VagusError `flash/corrupt` */
  constructor(flash: Flash, fresh: boolean) {
    const record = new FlashRecord(flash, SECTOR.revocation);
    if (record.value === undefined) {
      if (!fresh) lost("revocation list");
      record.write(encode([0, NONE, null, null]));
    }
    const value = decode(record.value as Uint8Array);
    const [epoch, kids, anchor, audience] = asArray(value, CORRUPT, "revocation list", 4);
    this.#flash = flash;
    this.#epoch = asUint(epoch, CORRUPT, "epoch");
    this.#kids = asBytes(kids, CORRUPT, "kids");
    this.#anchor = anchor === null ? null : asBytes(anchor, CORRUPT, "anchor", KEY_ID_LENGTH);
    this.#audience = audience === null ? null : asText(audience, CORRUPT, "audience");
  }

  /** Of the newest list of this Authority for this audience, 0 before there was one. */
  epoch(anchor: Uint8Array | undefined, audience: string | undefined): number {
    if (this.#anchor === null || anchor === undefined || !equal(this.#anchor, anchor)) return 0;
    return audience === undefined || audience === this.#audience ? this.#epoch : 0;
  }

  get kids(): Uint8Array {
    return this.#kids;
  }

  /** In one step. The caller has seen that the epoch rises. */
  replace(
    { epoch, revoked }: Pick<RevocationList, "epoch" | "revoked">,
    anchor: Uint8Array | null,
    audience: string | null,
  ): void {
    new FlashRecord(this.#flash, SECTOR.revocation).write(encode([epoch, revoked, anchor, audience]));
    this.#epoch = epoch;
    this.#kids = revoked;
    this.#anchor = anchor;
    this.#audience = audience;
  }

  /** Forgets list and epoch, where there is one: for a device that has no Authority any more. */
  clear(): void {
    if (this.#anchor !== null) this.replace({ epoch: 0, revoked: NONE }, null, null);
  }
}

function lost(what: string): never {
  throw new VagusError(CORRUPT, `expected the ${what} of a device that was made, came none`);
}
