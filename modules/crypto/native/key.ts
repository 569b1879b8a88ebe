/** The native handle. The private bytes stand in host data of C, which JavaScript cannot read. */
import { VagusError } from "../../error/index.js";
import type { Curve, PrivateKey } from "../port.js";
import { type Made, made } from "./natives.js";

/** A curve's place here is its number in C (enum vagus_curve). */
const CURVES: readonly Curve[] = ["Ed25519", "P-256", "X25519", "P-256-ECDH"];

export function curveNumber(curve: Curve): number {
  const number = CURVES.indexOf(curve);
  if (number < 0) throw new VagusError("crypto/unsupported", `expected a known curve, came ${String(curve)}`);
  return number;
}

export class NativeKey<C extends Curve> extends Native("xs_crypto_key_destructor") implements PrivateKey<C> {
  readonly curve: C;
  readonly publicKey: Uint8Array;

  /** `fill` is the native that gives the host object its bytes. */
  constructor(curve: C, fill: (key: object, curve: number) => Made, detail: string) {
    super();
    this.curve = curve;
    this.publicKey = made(fill(this, curveNumber(curve)), detail);
  }

  close(): void {
    native("xs_crypto_key_close").call(this);
  }
}

/** @throws `crypto/bad-key` for what is not a key of this implementation. */
export function checkOwn(key: PrivateKey): void {
  if (!(key instanceof NativeKey)) throw new VagusError("crypto/bad-key", "expected a key of this crypto");
}
