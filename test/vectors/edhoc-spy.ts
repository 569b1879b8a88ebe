/** A Crypto that remembers what passed through it, counts, and hands out given keys where fresh ones are asked for. */
import { toHex } from "../../modules/bytes/index.js";
import { decodeSequence, encode } from "../../modules/cbor/index.js";
import type {
  AgreementCurve,
  Crypto,
  Curve,
  PrivateKey,
  SignatureAlgorithm,
  SigningCurve,
} from "../../modules/crypto/port.js";

export class SpyCrypto implements Crypto {
  readonly name: Crypto["name"];
  readonly counts: Record<string, number> = {};
  /** What was hashed, in that order. */
  readonly hashed: Uint8Array[] = [];
  /** The keys that `generate` gave. */
  readonly generated: PrivateKey[] = [];
  readonly #inner: Crypto;
  readonly #secrets: Uint8Array[];
  readonly #seen = new Set<string>();

  /** @param secrets private keys for `generate`, in the order of its calls; afterwards keys are fresh */
  constructor(inner: Crypto, secrets: readonly Uint8Array[] = []) {
    this.name = inner.name;
    this.#inner = inner;
    this.#secrets = [...secrets];
  }

  /** Was this seen, as bytes or as the byte string that holds them? */
  saw(bytes: Uint8Array): boolean {
    return this.#seen.has(toHex(bytes));
  }

  note(...all: readonly Uint8Array[]): void {
    for (const bytes of all) {
      this.#seen.add(toHex(bytes));
      this.#seen.add(toHex(encode(bytes)));
    }
  }

  #count<T extends Uint8Array | boolean>(operation: string, inputs: readonly Uint8Array[], result: T): T {
    this.counts[operation] = (this.counts[operation] ?? 0) + 1;
    this.note(...inputs);
    if (result instanceof Uint8Array) this.note(result);
    return result;
  }

  #notePoint(point: Uint8Array): void {
    this.note(point);
    if (point.length === 65) this.note(point.slice(1, 33), point.slice(33));
  }

  random(length: number): Uint8Array {
    return this.#inner.random(length);
  }
  sha256(message: Uint8Array): Uint8Array {
    this.hashed.push(message);
    return this.#count("sha256", [message], this.#inner.sha256(message));
  }
  hmacSha256(key: Uint8Array, message: Uint8Array): Uint8Array {
    return this.#inner.hmacSha256(key, message);
  }
  hkdfExtract(salt: Uint8Array, ikm: Uint8Array): Uint8Array {
    return this.#count("hkdfExtract", [salt, ikm], this.#inner.hkdfExtract(salt, ikm));
  }
  hkdfExpand(prk: Uint8Array, info: Uint8Array, length: number): Uint8Array {
    this.note(decodeSequence(info)[1] as Uint8Array);
    return this.#count("hkdfExpand", [prk, info], this.#inner.hkdfExpand(prk, info, length));
  }
  aesCcmSeal(k: Uint8Array, iv: Uint8Array, aad: Uint8Array, text: Uint8Array, tag: number): Uint8Array {
    return this.#count("aesCcmSeal", [k, iv, aad, text], this.#inner.aesCcmSeal(k, iv, aad, text, tag));
  }
  aesCcmOpen(k: Uint8Array, iv: Uint8Array, aad: Uint8Array, text: Uint8Array, tag: number): Uint8Array {
    return this.#count("aesCcmOpen", [k, iv, aad, text], this.#inner.aesCcmOpen(k, iv, aad, text, tag));
  }
  verify(
    algorithm: SignatureAlgorithm,
    key: Uint8Array,
    message: Uint8Array,
    signature: Uint8Array,
  ): boolean {
    const result = this.#inner.verify(algorithm, key, message, signature);
    return this.#count("verify", [key, message, signature], result);
  }
  async generate<C extends Curve>(curve: C): Promise<PrivateKey<C>> {
    this.counts.generate = (this.counts.generate ?? 0) + 1;
    const secret = this.#secrets.shift();
    const key = await (secret === undefined ? this.#inner.generate(curve) : this.importKey(curve, secret));
    this.generated.push(key);
    return key;
  }
  async importKey<C extends Curve>(curve: C, secret: Uint8Array): Promise<PrivateKey<C>> {
    const key = await this.#inner.importKey(curve, secret);
    this.note(secret);
    this.#notePoint(key.publicKey);
    return key;
  }
  async sign(key: PrivateKey<SigningCurve>, message: Uint8Array): Promise<Uint8Array> {
    return this.#count("sign", [message], await this.#inner.sign(key, message));
  }
  async agree(key: PrivateKey<AgreementCurve>, peer: Uint8Array): Promise<Uint8Array> {
    this.#notePoint(peer);
    return this.#count("agree", [], await this.#inner.agree(key, peer));
  }
  seal(key: PrivateKey): Uint8Array {
    return this.#inner.seal(key);
  }
  unseal<C extends Curve>(curve: C, blob: Uint8Array): Promise<PrivateKey<C>> {
    return this.#inner.unseal(curve, blob);
  }
  decompressP256(point: Uint8Array): Uint8Array {
    return this.#count("decompressP256", [point], this.#inner.decompressP256(point));
  }
  isOnP256(point: Uint8Array): boolean {
    return this.#inner.isOnP256(point);
  }
}
