/**
 * Who the device is: its label and its key pair, made at its first start and kept in flash, and its boot count.
 *
 *   sectors 0, 1   identity  [ label (16 bytes), sealed key, floor ]   written once
 *   sectors 2, 3   boot      boot count                                 written at each start, before it is used
 *
 * Both are CBOR in a FlashRecord. The boot count comes first, so an identity without one is a boot count lost.
 * The private key is sealed under the device secret; nothing here can read it.
 */
import { decode, encode } from "../cbor/index.js";
import { asArray, asBytes, asUint } from "../cbor/shape.js";
import { keyId } from "../cose/index.js";
import type { Crypto, PrivateKey } from "../crypto/port.js";
import { VagusError } from "../error/index.js";
import { type Flash, FlashRecord } from "../flash/index.js";

const IDENTITY_SECTOR = 0;
const BOOT_SECTOR = 2;
export const IDENTITY_SECTORS = 4;
const LABEL_LENGTH = 16;
const CORRUPT = "flash/corrupt";

export interface Identity {
  readonly label: Uint8Array;
  readonly key: PrivateKey<"Ed25519">;
  /** The first 8 bytes of the key's thumbprint (RFC 9679). */
  readonly kid: Uint8Array;
  /** Starts so far, this one included: no two starts have the same. */
  readonly boot: number;
  /** The device knows that it is at least so late, in seconds since 1970. */
  readonly floor: number;
  /** True at the first start, when the device was made. */
  readonly fresh: boolean;
}

/**
 * @param madeAt seconds since 1970 at which the device is made; used at its first start only
 * @throws VagusError `flash/corrupt` where flash holds neither an identity nor nothing, `crypto/bad-tag` where the
 *   identity is another device's
 */
export async function openIdentity(crypto: Crypto, flash: Flash, madeAt: number): Promise<Identity> {
  const record = new FlashRecord(flash, IDENTITY_SECTOR);
  const fresh = record.value === undefined;
  const boot = nextBoot(flash, fresh);
  if (record.value === undefined) {
    const key = await crypto.generate("Ed25519");
    try {
      record.write(encode([crypto.random(LABEL_LENGTH), crypto.seal(key), madeAt]));
    } finally {
      key.close();
    }
  }
  const [label, sealed, floor] = asArray(decode(record.value as Uint8Array), CORRUPT, "identity", 3);
  const key = await crypto.unseal("Ed25519", asBytes(sealed, CORRUPT, "sealed key"));
  return {
    label: asBytes(label, CORRUPT, "label", LABEL_LENGTH),
    key,
    kid: keyId(crypto, { curve: "Ed25519", publicKey: key.publicKey }),
    boot,
    floor: asUint(floor, CORRUPT, "floor"),
    fresh,
  };
}

function nextBoot(flash: Flash, fresh: boolean): number {
  const record = new FlashRecord(flash, BOOT_SECTOR);
  if (record.value === undefined && !fresh) {
    throw new VagusError(CORRUPT, "expected the boot count of a device that has started before, came none");
  }
  const boot = record.value === undefined ? 1 : asUint(decode(record.value), CORRUPT, "boot count") + 1;
  record.write(encode(boot));
  return boot;
}
