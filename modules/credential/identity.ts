/**
 * Who the device is: its label and its key pair, made at its first start and kept in flash, and its boot count.
 *
 *   sectors 0, 1   identity  [ label (16 bytes), sealed key, floor, credential, anchor ]   the last two null at first
 *   sectors 2, 3   boot      boot count                           written at each start, before it is used
 *
 * Both are CBOR in a FlashRecord. The boot count comes first, so an identity without one is a boot count lost.
 * The private key is sealed under the device secret; nothing here can read it.
 */
import { compare } from "../bytes/index.js";
import { type CborValue, decode, encode } from "../cbor/index.js";
import { asArray, asBytes, asUint } from "../cbor/shape.js";
import { keyId } from "../cose/index.js";
import type { Crypto, PrivateKey } from "../crypto/port.js";
import { VagusError } from "../error/index.js";
import { type Flash, FlashRecord } from "../flash/index.js";
import { type Anchor, anchorFrom, type Credential, verifyCredential } from "./credential.js";

const IDENTITY_SECTOR = 0;
const BOOT_SECTOR = 2;
export const IDENTITY_SECTORS = 4;
const LABEL_LENGTH = 16;
/** An encoded COSE_Key of P-256 with both coordinates has 77 bytes. */
const ANCHOR_MAX = 128;
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
  /** What the Authority gave it; undefined until it is provisioned. */
  readonly provisioned: Provisioned | undefined;
}

export interface Provisioned {
  readonly credential: Credential;
  readonly anchor: Anchor;
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
      record.write(encode([crypto.random(LABEL_LENGTH), crypto.seal(key), madeAt, null, null]));
    } finally {
      key.close();
    }
  }
  const [label, sealed, floor, credential, anchor] = fieldsOf(record);
  const key = await crypto.unseal("Ed25519", asBytes(sealed, CORRUPT, "sealed key"));
  const least = asUint(floor, CORRUPT, "floor");
  return {
    label: asBytes(label, CORRUPT, "label", LABEL_LENGTH),
    key,
    kid: keyId(crypto, { curve: "Ed25519", publicKey: key.publicKey }),
    boot,
    floor: least,
    fresh,
    provisioned: credential === null ? undefined : readProvisioned(crypto, credential, anchor),
  };
}

/**
 * Takes what the Authority gave: checked first, then written in one step, then used.
 * @param credential the device's own, a CWT
 * @param anchor the Authority's COSE_Key, encoded
 * @throws VagusError `credential/provisioned` for a device that has one, `credential/holder` for another's
 *   credential, `cwt/…`, `cose/…`, `cbor/…`; nothing is changed then
 */
export function provision(
  crypto: Crypto,
  flash: Flash,
  identity: Identity,
  credential: Uint8Array,
  anchor: Uint8Array,
): Identity {
  if (identity.provisioned !== undefined) {
    throw new VagusError(
      "credential/provisioned",
      "expected a device without a credential, came one that has one",
    );
  }
  const provisioned = readProvisioned(crypto, credential, anchor);
  if (compare(provisioned.credential.kid, identity.kid) !== 0) {
    throw new VagusError(
      "credential/holder",
      "expected a credential for this device's key, came one for another",
    );
  }
  const floor = Math.max(identity.floor, provisioned.credential.issued);
  const record = new FlashRecord(flash, IDENTITY_SECTOR);
  const [label, sealed] = fieldsOf(record);
  record.write(encode([label, sealed, floor, credential, anchor]));
  return { ...identity, floor, provisioned };
}

/** A device's own credential is its own whatever the time is: whoever it is shown to looks at `exp`. */
function readProvisioned(crypto: Crypto, credential: CborValue, anchor: CborValue): Provisioned {
  const root = anchorFrom(crypto, decode(asBytes(anchor, CORRUPT, "anchor"), { maxSize: ANCHOR_MAX }));
  const token = asBytes(credential, CORRUPT, "credential");
  return {
    credential: verifyCredential(crypto, token, { kind: "device", anchor: root, time: { floor: 0 } }),
    anchor: root,
  };
}

function fieldsOf(record: FlashRecord): CborValue[] {
  return asArray(decode(record.value as Uint8Array), CORRUPT, "identity", 5);
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
