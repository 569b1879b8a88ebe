/** The portable handle: a private field keeps the bytes, and only this module's `secretOf` can read it. */
import { VagusError } from "../../error/index.js";
import type { Curve, PrivateKey } from "../port.js";

/** The private bytes of a key of ours. @throws `crypto/closed`, and `crypto/bad-key` for another implementation's key. */
export let secretOf: (key: PrivateKey) => Uint8Array;

export class PortableKey<C extends Curve> implements PrivateKey<C> {
  readonly curve: C;
  readonly publicKey: Uint8Array;
  #secret: Uint8Array | undefined;

  static {
    secretOf = (key) => {
      if (!(key instanceof PortableKey))
        throw new VagusError("crypto/bad-key", "expected a key of this crypto");
      if (key.#secret === undefined)
        throw new VagusError("crypto/closed", `this ${key.curve} key was closed`);
      return key.#secret;
    };
  }

  constructor(curve: C, publicKey: Uint8Array, secret: Uint8Array) {
    this.curve = curve;
    this.publicKey = publicKey;
    this.#secret = secret;
  }

  close(): void {
    this.#secret?.fill(0);
    this.#secret = undefined;
  }
}
