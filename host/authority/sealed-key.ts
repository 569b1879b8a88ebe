/**
 * A private key at rest: an encoded COSE_Key with its private part (RFC 9053 section 7),
 *
 *   OKP  { 1: 1, -1: 6, -2: x, -4: d }         EC2  { 1: 2, -1: 1, -2: x, -3: y, -4: d }
 *
 * inside an age file (age-encryption.org/v1) of one scrypt stanza, armored: `age --decrypt` opens it too. Only where it was
 * made to be insecure is it bare, and then whoever reads it can tell.
 */
import { armor, Decrypter, Encrypter } from "age-encryption";
import { equal } from "../../modules/bytes/index.js";
import { decode, encode } from "../../modules/cbor/index.js";
import { asBytes, asLabelled } from "../../modules/cbor/shape.js";
import {
  type CoseKey,
  fromCoseKey,
  KEY,
  type Label,
  toCoseKey,
  toVerificationKey,
} from "../../modules/cose/index.js";
import type { AgreementCurve, Crypto, Curve, PrivateKey, SigningCurve } from "../../modules/crypto/port.js";
import { VagusError } from "../../modules/error/index.js";

/** scrypt's N is 2 to this power, as the age tool has it: 256 MiB, about a second. */
const WORK_FACTOR = 18;
const ARMOR = "-----BEGIN AGE ENCRYPTED FILE-----";
const KEY_MAX = 256;

export type Protection =
  | { readonly passphrase: string /** Of scrypt, 1 to 20. */; readonly workFactor?: number }
  | "insecure";

export interface OpenedKey {
  readonly key: PrivateKey<SigningCurve>;
  /** It lay there bare. */
  readonly insecure: boolean;
}

/** A new key, and the file that holds it. @throws VagusError `host/passphrase` for an empty one */
export async function makeKeyFile(
  crypto: Crypto,
  curve: SigningCurve,
  protection: Protection,
): Promise<{ readonly key: PrivateKey<SigningCurve>; readonly file: Uint8Array }> {
  const { key, d } = await newKey(crypto, curve);
  const cose: CoseKey = toCoseKey({ curve, publicKey: key.publicKey }).set(KEY.d, d);
  return { key, file: await sealed(encode(cose as never), protection) };
}

/** The same for a key that agrees: X25519. */
export async function makeAgreementKeyFile(
  crypto: Crypto,
  protection: Protection,
): Promise<{ readonly key: PrivateKey<"X25519">; readonly file: Uint8Array }> {
  const { key, d } = await newKey(crypto, "X25519");
  const cose: CoseKey = toCoseKey({ curve: "X25519", publicKey: key.publicKey }).set(KEY.d, d);
  return { key, file: await sealed(encode(cose as never), protection) };
}

async function sealed(plain: Uint8Array, protection: Protection): Promise<Uint8Array> {
  if (protection === "insecure") return plain;
  const { passphrase, workFactor = WORK_FACTOR } = protection;
  if (passphrase === "") throw new VagusError("host/passphrase", "expected a passphrase, came an empty one");
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  encrypter.setScryptWorkFactor(workFactor);
  return new TextEncoder().encode(armor.encode(await encrypter.encrypt(plain)));
}

/**
 * @param passphrase asked only where the file needs one
 * @throws VagusError `host/passphrase` for the wrong one, `host/store` for a file that is none of these, `cose/key`
 */
export async function openKeyFile(
  crypto: Crypto,
  file: Uint8Array,
  passphrase: () => Promise<string>,
): Promise<OpenedKey> {
  const { plain, insecure } = await unsealed(file, passphrase);
  const { d, ...parts } = readParts(crypto, plain);
  const { publicKey } = parts;
  const key = await crypto.importKey(toVerificationKey(parts).curve, d);
  if (equal(key.publicKey, publicKey)) return { key, insecure };
  throw new VagusError("cose/key", "expected a private part that fits the public key, came another");
}

/** The same for a key that agrees: X25519, or P-256 as ECDH. */
export async function openAgreementKeyFile(
  crypto: Crypto,
  file: Uint8Array,
  passphrase: () => Promise<string>,
): Promise<{ readonly key: PrivateKey<AgreementCurve>; readonly insecure: boolean }> {
  const { plain, insecure } = await unsealed(file, passphrase);
  const { curve, publicKey, d } = readParts(crypto, plain);
  if (curve === "Ed25519") throw new VagusError("cose/key", "expected a key for agreement, came Ed25519");
  const key = await crypto.importKey(curve === "P-256" ? "P-256-ECDH" : curve, d);
  if (equal(key.publicKey, publicKey)) return { key, insecure };
  throw new VagusError("cose/key", "expected a private part that fits the public key, came another");
}

async function unsealed(
  file: Uint8Array,
  passphrase: () => Promise<string>,
): Promise<{ readonly plain: Uint8Array; readonly insecure: boolean }> {
  const text = new TextDecoder().decode(file);
  if (!text.startsWith(ARMOR)) return { plain: file, insecure: true };
  const decrypter = new Decrypter();
  decrypter.addPassphrase(await passphrase());
  try {
    return { plain: await decrypter.decrypt(armor.decode(text)), insecure: false };
  } catch (error) {
    const reason = (error as Error).message;
    if (/no identity matched/.test(reason)) {
      throw new VagusError("host/passphrase", "expected the passphrase of this key, came another");
    }
    throw new VagusError("host/store", `expected an age file with a passphrase, came: ${reason}`);
  }
}

function readParts(crypto: Crypto, bytes: Uint8Array) {
  const map = asLabelled(decode(bytes, { maxSize: KEY_MAX }), "cose/key", "COSE_Key");
  const d = asBytes(map.get(KEY.d), "cose/key", "d", 32).slice();
  const rest = new Map<Label, unknown>([...map].filter(([label]) => label !== KEY.d));
  return { ...fromCoseKey(crypto, rest as never), d };
}

/** P-256 has a few values that are no key (SEC 1 section 3.2.1): then another is drawn. */
async function newKey<C extends Curve>(crypto: Crypto, curve: C) {
  for (;;) {
    const d = crypto.random(32);
    try {
      return { d, key: await crypto.importKey(curve, d) };
    } catch (error) {
      if (!(error instanceof VagusError && error.code === "crypto/bad-key")) throw error;
    }
  }
}
