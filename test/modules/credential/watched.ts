import type { Crypto, Curve, PrivateKey } from "../../../modules/crypto/port.js";

/** A Crypto that knows which keys it made and nobody has closed, and that makes signing keys when the test lets it. */
export interface WatchedCrypto extends Crypto {
  /** Keys made and not closed, by curve. */
  readonly open: readonly Curve[];
  /** From now on no Ed25519 key is made, until what it returns is called. */
  hold(): () => void;
}

export function watched(real: Crypto): WatchedCrypto {
  const keys = new Set<PrivateKey>();
  let held: Promise<void> | undefined;
  const crypto: WatchedCrypto = Object.assign(Object.create(real) as WatchedCrypto, {
    hold(): () => void {
      let release = () => {};
      held = new Promise((resolve) => {
        release = resolve;
      });
      return () => {
        held = undefined;
        release();
      };
    },
    async generate<C extends Curve>(curve: C): Promise<PrivateKey<C>> {
      if (curve === "Ed25519") await held;
      const key = await real.generate(curve);
      const close = key.close.bind(key);
      keys.add(key);
      Object.defineProperty(key, "close", {
        value: () => {
          keys.delete(key);
          close();
        },
      });
      return key;
    },
  });
  return Object.defineProperty(crypto, "open", { get: () => [...keys].map(({ curve }) => curve) });
}
