/** What is exported: a folder of a device (`host/store/session-folder.ts`), or one recorded stream with its key beside it. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { decode } from "../../modules/cbor/index.js";
import { fromCoseKey, keyId, toVerificationKey } from "../../modules/cose/index.js";
import { readCredential } from "../../modules/credential/credential.js";
import type { Credential } from "../../modules/credential/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { parseCwtUnverified } from "../../modules/cwt/index.js";
import { VagusError } from "../../modules/error/index.js";
import { type DeviceKey, DeviceVerifier, STREAM } from "../../modules/reading/index.js";
import { fileReader } from "../store/heart-file.js";
import { readSequence } from "../store/sequence.js";
import { SESSION_FILES } from "../store/session-folder.js";

export const CREDENTIALS = "credentials.cborseq";

export interface Stored {
  /** Of each stream that there is something of, by its number. */
  readonly streams: ReadonlyMap<number, string>;
  /** By which the device has signed; the newest last. */
  readonly keys: readonly DeviceKey[];
  /** Its credentials, one a key; none for a recording alone. */
  readonly credentials: readonly Credential[];
}

/** @throws VagusError `host/store` for what is neither, `cose/key`, `cwt/…`, `cbor/…` */
export function openStored(crypto: Crypto, path: string): Stored {
  if (!existsSync(path))
    throw new VagusError("host/store", `expected a folder or a recording, came none: ${path}`);
  return statSync(path).isDirectory() ? openFolder(crypto, path) : openRecording(crypto, path);
}

function openFolder(crypto: Crypto, path: string): Stored {
  const streams = new Map<number, string>();
  for (const [stream, name] of Object.entries(SESSION_FILES)) {
    const file = join(path, name);
    if (existsSync(file) && statSync(file).size > 0) streams.set(Number(stream), file);
  }
  const credentials = join(path, CREDENTIALS);
  if (!streams.has(STREAM.ecg) || !existsSync(credentials)) {
    throw new VagusError(
      "host/store",
      `${path}: expected ${SESSION_FILES[STREAM.ecg]} and ${CREDENTIALS}, came none`,
    );
  }
  const torn = () => {}; // a power cut while it was written: it is none
  const read = [...readSequence(fileReader(credentials), undefined, torn)].map(({ bytes }) =>
    readCredential(crypto, bytes, "device", parseCwtUnverified(bytes).claims),
  );
  return { streams, keys: read.map(({ key, kid }) => ({ ...key, kid })), credentials: read };
}

function openRecording(crypto: Crypto, path: string): Stored {
  const beside = `${path}.key`;
  if (!existsSync(beside)) {
    throw new VagusError("host/store", `expected the device's public key in ${beside}, came none`);
  }
  const key = toVerificationKey(fromCoseKey(crypto, decode(new Uint8Array(readFileSync(beside)))));
  return {
    streams: new Map([[STREAM.ecg, path]]),
    keys: [{ ...key, kid: keyId(crypto, key) }],
    credentials: [],
  };
}

/** One that has seen nothing yet. */
export function verifierOf(crypto: Crypto, { keys }: Pick<Stored, "keys">): DeviceVerifier {
  const newest = keys.at(-1);
  if (newest === undefined) throw new VagusError("host/store", "expected a device's credential, came none");
  return new DeviceVerifier(crypto, newest, { earlier: keys.slice(0, -1) });
}

/** The device's `sub`. @throws VagusError `host/store` for a recording without its credentials */
export function deviceOf({ credentials }: Stored, path: string): string {
  const device = credentials.at(-1);
  if (device !== undefined) return device.subject;
  throw new VagusError(
    "host/store",
    `${path}: expected a device's folder with its credentials, came a recording alone`,
  );
}
