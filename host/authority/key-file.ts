/** A private key in a file: `sealed-key.ts` says what is in it. */
import { existsSync, readFileSync } from "node:fs";
import type { Crypto, PrivateKey, SigningCurve } from "../../modules/crypto/port.js";
import { VagusError } from "../../modules/error/index.js";
import { createFile, PRIVATE } from "./files.js";
import { makeKeyFile, openKeyFile, type Protection } from "./sealed-key.js";

export { makeKeyFile, type OpenedKey, openKeyFile, type Protection } from "./sealed-key.js";

/**
 * The key of this file or, where there is none yet, a new one: a power cut may have come after the key.
 * @throws VagusError `host/store` where it lies there otherwise than it is to be, or is on another curve; as both below and above
 */
export async function keepKeyFile(
  crypto: Crypto,
  path: string,
  curve: SigningCurve,
  protection: Protection,
): Promise<PrivateKey<SigningCurve>> {
  if (!existsSync(path)) {
    const { key, file } = await makeKeyFile(crypto, curve, protection);
    createFile(path, file, PRIVATE.file);
    return key;
  }
  const bare = protection === "insecure";
  const { key, insecure } = await openKeyFile(crypto, new Uint8Array(readFileSync(path)), async () => {
    if (bare)
      throw new VagusError("host/store", `${path}: expected a key without a passphrase, came one with`);
    return protection.passphrase;
  });
  if (insecure === bare && key.curve === curve) return key;
  throw new VagusError(
    "host/store",
    `${path}: expected a key on ${curve}${bare ? "" : " under a passphrase"}, came one on ${key.curve}${insecure ? " without" : ""}`,
  );
}
