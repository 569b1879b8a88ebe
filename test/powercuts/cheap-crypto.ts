/**
 * A Crypto that answers as the one behind it, and asks it only once: the same key, message and signature come back many
 * thousand times. Its randomness is of a seed; it keeps every sealed key that it gives away.
 */
import type { Crypto, Curve, PrivateKey, SigningCurve } from "../../modules/crypto/port.js";
import { VagusError } from "../../modules/error/index.js";
import { Random } from "../fuzz/random.js";

export interface CheapCrypto extends Crypto {
  /** Every blob that was sealed, the last one last. */
  readonly sealed: Uint8Array[];
  /** The randomness begins anew: what is done the same way again is the same again. */
  rewind(seed: number): void;
}

class Handle<C extends Curve> implements PrivateKey<C> {
  readonly curve: C;
  readonly inner: PrivateKey<C>;
  closed = false;

  constructor(inner: PrivateKey<C>) {
    this.curve = inner.curve;
    this.inner = inner;
  }

  get publicKey(): Uint8Array {
    return this.inner.publicKey;
  }

  close(): void {
    this.closed = true;
  }
}

const text = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

function innerOf<C extends Curve>(key: PrivateKey<C>): PrivateKey<C> {
  const handle = key as Handle<C>;
  if (handle.closed) throw new VagusError("crypto/closed", `this ${key.curve} key was closed`);
  return handle.inner;
}

export function cheap(real: Crypto): CheapCrypto {
  let generator = new Random(0);
  const verified = new Map<string, boolean>();
  const signed = new Map<string, Promise<Uint8Array>>();
  const imported = new Map<string, PrivateKey>();
  const held = new Map<string, PrivateKey>();
  const sealed: Uint8Array[] = [];

  async function importKey<C extends Curve>(curve: C, bytes: Uint8Array): Promise<PrivateKey<C>> {
    const name = curve + text(bytes);
    const key = imported.get(name) ?? (await real.importKey(curve, bytes));
    imported.set(name, key);
    return new Handle(key as PrivateKey<C>);
  }

  return Object.assign(Object.create(real) as Crypto, {
    sealed,
    rewind(seed: number): void {
      generator = new Random(seed);
    },
    random: (length: number) => generator.bytes(length),
    verify(...[algorithm, publicKey, message, signature]: Parameters<Crypto["verify"]>): boolean {
      const name = `${algorithm}${text(publicKey)}${text(signature)}${text(message)}`;
      const known = verified.get(name) ?? real.verify(algorithm, publicKey, message, signature);
      verified.set(name, known);
      return known;
    },
    importKey,
    generate: <C extends Curve>(curve: C) => importKey(curve, generator.bytes(32)),
    async sign(key: PrivateKey<SigningCurve>, message: Uint8Array): Promise<Uint8Array> {
      const inner = innerOf(key);
      const name = text(key.publicKey) + text(message);
      const signature = signed.get(name) ?? real.sign(inner, message);
      signed.set(name, signature);
      return (await signature).slice();
    },
    seal(key: PrivateKey): Uint8Array {
      const inner = innerOf(key);
      const blob = real.seal(inner);
      held.set(text(blob), inner);
      sealed.push(blob);
      return blob;
    },
    async unseal<C extends Curve>(curve: C, blob: Uint8Array): Promise<PrivateKey<C>> {
      const key = (held.get(text(blob)) as PrivateKey<C> | undefined) ?? (await real.unseal(curve, blob));
      return new Handle(key);
    },
  });
}
