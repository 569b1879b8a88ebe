/**
 * The Crypto port in a browser: its own private keys are CryptoKeys that no script can read (`extractable: false`), wherever
 * the browser has Ed25519 and X25519; everything else is the portable implementation's. Keys that came as bytes, such as one
 * from under a passphrase, are the portable one's too.
 */

import type {
  AgreementCurve,
  Crypto,
  Curve,
  PrivateKey,
  SigningCurve,
} from "../../../modules/crypto/port.js";
import { createPortableCrypto } from "../../../modules/crypto/portable/index.js";
import { VagusError } from "../../../modules/error/index.js";

/** A private key that the browser keeps to itself. */
export class BrowserKey<C extends Curve = Curve> implements PrivateKey<C> {
  readonly curve: C;
  readonly publicKey: Uint8Array;
  #key: CryptoKey | undefined;

  constructor(curve: C, publicKey: Uint8Array, key: CryptoKey) {
    this.curve = curve;
    this.publicKey = publicKey;
    this.#key = key;
  }

  /** The handle, for a store that keeps it. @throws VagusError `crypto/closed` */
  get handle(): CryptoKey {
    if (this.#key !== undefined) return this.#key;
    throw new VagusError("crypto/closed", `this ${this.curve} key was closed`);
  }

  close(): void {
    this.#key = undefined;
  }
}

/** The curves whose private keys the browser itself keeps. */
export type KeptCurve = "Ed25519" | "X25519";

const USES: Readonly<Record<KeptCurve, KeyUsage[]>> = {
  Ed25519: ["sign", "verify"],
  X25519: ["deriveBits"],
};

export interface BrowserCrypto extends Crypto {
  /** Whether the browser keeps private keys of this curve. */
  keeps(curve: Curve): boolean;
}

/**
 * Finds out by trying what the browser can do: it is asked for a key, and the key is used.
 * @param subtle what the browser offers; a page that was not loaded safely has none
 */
export async function createBrowserCrypto(
  subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle,
): Promise<BrowserCrypto> {
  const portable = createPortableCrypto();
  const kept = new Set<Curve>();
  if (subtle !== undefined) {
    if (await canSign(subtle)) kept.add("Ed25519");
    if (await canAgree(subtle)) kept.add("X25519");
  }

  return {
    ...portable,
    keeps: (curve) => kept.has(curve),

    async generate<C extends Curve>(curve: C): Promise<PrivateKey<C>> {
      if (subtle === undefined || !kept.has(curve)) return portable.generate(curve);
      return (await generateKept(subtle, curve as KeptCurve)) as PrivateKey<Curve> as PrivateKey<C>;
    },

    async sign(key: PrivateKey<SigningCurve>, message: Uint8Array): Promise<Uint8Array> {
      if (subtle === undefined || !(key instanceof BrowserKey)) return portable.sign(key, message);
      if (key.curve !== "Ed25519") throw notFor("sign", key);
      return new Uint8Array(await subtle.sign("Ed25519", key.handle, own(message)));
    },

    async agree(key: PrivateKey<AgreementCurve>, peerPublicKey: Uint8Array): Promise<Uint8Array> {
      if (subtle === undefined || !(key instanceof BrowserKey)) return portable.agree(key, peerPublicKey);
      if (key.curve !== "X25519") throw notFor("agree", key);
      const { handle } = key;
      try {
        const peer = await subtle.importKey("raw", own(peerPublicKey), "X25519", false, []);
        const bits = await subtle.deriveBits({ name: "X25519", public: peer }, handle, 256);
        const shared = new Uint8Array(bits);
        if (shared.some((byte) => byte !== 0)) return shared;
      } catch {
        // as below: browsers differ in what they say
      }
      throw new VagusError("crypto/bad-point", "expected a peer's key that is not of small order");
    },
  };
}

async function generateKept<C extends KeptCurve>(subtle: SubtleCrypto, curve: C): Promise<BrowserKey<C>> {
  const pair = (await subtle.generateKey(curve, false, USES[curve])) as CryptoKeyPair;
  const publicKey = new Uint8Array(await subtle.exportKey("raw", pair.publicKey));
  return new BrowserKey(curve, publicKey, pair.privateKey);
}

async function canSign(subtle: SubtleCrypto): Promise<boolean> {
  try {
    const key = await generateKept(subtle, "Ed25519");
    const message = Uint8Array.of(1);
    const signature = new Uint8Array(await subtle.sign("Ed25519", key.handle, message));
    return (
      !key.handle.extractable && createPortableCrypto().verify("EdDSA", key.publicKey, message, signature)
    );
  } catch {
    return false;
  }
}

async function canAgree(subtle: SubtleCrypto): Promise<boolean> {
  try {
    const key = await generateKept(subtle, "X25519");
    const peer = await subtle.importKey("raw", own(key.publicKey), "X25519", false, []);
    return (await subtle.deriveBits({ name: "X25519", public: peer }, key.handle, 256)).byteLength === 32;
  } catch {
    return false;
  }
}

/** A copy over a buffer of its own, as Web Crypto's types want it. */
function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes);
}

function notFor(use: string, key: PrivateKey): VagusError {
  return new VagusError("crypto/bad-key", `expected a key that can ${use}, came one of ${key.curve}`);
}
