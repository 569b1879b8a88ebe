/** The Crypto port in JavaScript, over noble's curves, hashes and AES block: for hosts and browsers. */
import { expand, extract } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { VagusError } from "../../error/index.js";
import { checkBytes, checkExpand, checkLength, MAX_RANDOM } from "../checks.js";
import { decompressP256, isOnP256 } from "../p256.js";
import type { Crypto, Curve, PrivateKey, SignatureAlgorithm } from "../port.js";
import { aesCcmOpen, aesCcmSeal } from "./ccm.js";
import * as ecdsa from "./ecdsa.js";
import * as ed25519 from "./ed25519.js";
import { PortableKey, secretOf } from "./key.js";
import { openSecret, sealSecret } from "./sealing.js";
import * as x25519 from "./x25519.js";

export interface PortableOptions {
  /** Where randomness comes from; without it the engine's own `crypto.getRandomValues`. */
  readonly random?: (length: number) => Uint8Array;
  /** 16 bytes under which `seal` wraps keys. */
  readonly deviceSecret?: Uint8Array;
}

const any = (): boolean => true;
const CURVES: Record<
  Curve,
  { isSecret(bytes: Uint8Array): boolean; publicKey(secret: Uint8Array): Uint8Array }
> = {
  Ed25519: { isSecret: any, publicKey: ed25519.publicKey },
  X25519: { isSecret: any, publicKey: x25519.publicKey },
  "P-256": { isSecret: ecdsa.isScalar, publicKey: ecdsa.publicKey },
  "P-256-ECDH": { isSecret: ecdsa.isScalar, publicKey: ecdsa.publicKey },
};

const VERIFIERS: Record<SignatureAlgorithm, typeof ed25519.verify> = {
  EdDSA: ed25519.verify,
  ES256: ecdsa.verify,
};

/** A random P-256 scalar misses its range once in 2^32; a generator that misses this often is broken. */
const TRIES = 4;

interface WebCrypto {
  getRandomValues(bytes: Uint8Array): Uint8Array;
}

function engineRandom(length: number): Uint8Array {
  const web = (globalThis as { crypto?: WebCrypto }).crypto;
  if (web === undefined) throw new VagusError("crypto/unsupported", "this engine has no random generator");
  return web.getRandomValues(new Uint8Array(length));
}

function properties(curve: Curve) {
  if (!Object.keys(CURVES).includes(curve)) {
    throw new VagusError("crypto/unsupported", `expected a known curve, came ${String(curve)}`);
  }
  return CURVES[curve];
}

function importSecret<C extends Curve>(curve: C, secret: Uint8Array): PrivateKey<C> {
  const { isSecret, publicKey } = properties(curve);
  checkBytes(secret, "private key");
  if (secret.length !== 32 || !isSecret(secret)) {
    throw new VagusError(
      "crypto/bad-key",
      `expected 32 private bytes in ${curve}'s range, came ${secret.length}`,
    );
  }
  const own = Uint8Array.from(secret);
  return new PortableKey(curve, publicKey(own), own);
}

function notFor(use: string, key: PrivateKey): never {
  throw new VagusError("crypto/bad-key", `expected a key that can ${use}, came one of ${String(key.curve)}`);
}

export function createPortableCrypto(options: PortableOptions = {}): Crypto {
  ed25519.dropTable();
  ecdsa.dropTable();
  const generator = options.random ?? engineRandom;
  const stored = options.deviceSecret;
  if (stored !== undefined && stored.length !== 16) {
    throw new VagusError("crypto/bad-length", `expected a device secret of 16 bytes, came ${stored.length}`);
  }
  const deviceSecret = stored && Uint8Array.from(stored);

  function random(length: number): Uint8Array {
    checkLength(length, MAX_RANDOM, "random bytes");
    const bytes = generator(length);
    if (bytes.length !== length) {
      throw new VagusError("crypto/failed", `expected ${length} random bytes, came ${bytes.length}`);
    }
    return bytes;
  }

  function theDeviceSecret(): Uint8Array {
    if (deviceSecret) return deviceSecret;
    throw new VagusError("crypto/unsupported", "this crypto was given no device secret");
  }

  return {
    name: "portable",
    random,

    sha256(message) {
      checkBytes(message, "message");
      return sha256(message);
    },

    hmacSha256(key, message) {
      checkBytes(key, "key");
      checkBytes(message, "message");
      return hmac(sha256, key, message);
    },

    hkdfExtract(salt, ikm) {
      checkBytes(salt, "salt");
      checkBytes(ikm, "ikm");
      return extract(sha256, ikm, salt);
    },

    hkdfExpand(prk, info, length) {
      checkExpand(prk, info, length);
      return expand(sha256, prk, info, length);
    },

    aesCcmSeal,
    aesCcmOpen,

    verify(algorithm, publicKey, message, signature) {
      checkBytes(publicKey, "public key");
      checkBytes(message, "message");
      checkBytes(signature, "signature");
      if (algorithm !== "EdDSA" && algorithm !== "ES256") {
        throw new VagusError("crypto/unsupported", `expected EdDSA or ES256, came ${String(algorithm)}`);
      }
      return VERIFIERS[algorithm](publicKey, message, signature);
    },

    async generate(curve) {
      const { isSecret } = properties(curve);
      for (let i = 0; i < TRIES; i++) {
        const secret = random(32);
        if (isSecret(secret)) return importSecret(curve, secret);
      }
      throw new VagusError("crypto/failed", `expected random bytes in the range of ${curve}`);
    },

    async importKey(curve, privateBytes) {
      return importSecret(curve, privateBytes);
    },

    async sign(key, message) {
      const secret = secretOf(key);
      checkBytes(message, "message");
      if (key.curve === "Ed25519") return ed25519.sign(secret, message);
      if (key.curve === "P-256") return ecdsa.sign(secret, message);
      return notFor("sign", key);
    },

    async agree(key, peerPublicKey) {
      const secret = secretOf(key);
      checkBytes(peerPublicKey, "peer's public key");
      if (key.curve === "X25519") return x25519.agree(secret, peerPublicKey);
      if (key.curve === "P-256-ECDH") return ecdsa.agree(secret, peerPublicKey);
      return notFor("agree", key);
    },

    seal(key) {
      return sealSecret(theDeviceSecret(), key.curve, secretOf(key), random(13));
    },

    async unseal(curve, blob) {
      properties(curve);
      return importSecret(curve, openSecret(theDeviceSecret(), curve, blob));
    },

    decompressP256,
    isOnP256,
  };
}
