import { cryptos } from "engine";
import { toHex } from "../../../modules/bytes/index.js";
import type {
  AgreementCurve,
  Crypto,
  Curve,
  PrivateKey,
  SigningCurve,
} from "../../../modules/crypto/port.js";
import { deep, ok, rejects, same, throws } from "../../support/assert.js";

const SIGNING: readonly SigningCurve[] = ["Ed25519", "P-256"];
const AGREEMENT: readonly AgreementCurve[] = ["X25519", "P-256-ECDH"];
const CURVES: readonly Curve[] = [...SIGNING, ...AGREEMENT];
const MESSAGE = Uint8Array.of(1, 2, 3);
const SECRET = new Uint8Array(32).fill(0x5a);
/** The order of P-256 (SP 800-186 section 3.2.1.3): the first scalar that is too large. */
const ORDER = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

function algorithm(curve: SigningCurve) {
  return curve === "Ed25519" ? "EdDSA" : "ES256";
}

/** Everything that a program can reach from a value by properties, symbols and prototypes, as text. */
function reachable(value: unknown, seen = new Set<unknown>()): string {
  if (value instanceof Uint8Array) return toHex(value);
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return String(value);
  if (seen.has(value)) return "";
  seen.add(value);
  let text = "";
  for (const name of Reflect.ownKeys(value)) {
    const property = Object.getOwnPropertyDescriptor(value, name);
    text += `${String(name)} ${reachable(property?.value, seen)} `;
  }
  return text + reachable(Object.getPrototypeOf(value), seen);
}

for (const crypto of cryptos) {
  describe(`keys, ${crypto.name}`, () => {
    for (const curve of CURVES) {
      it(`${curve}: two generated keys differ, and their public keys are well formed`, async () => {
        const [a, b] = [await crypto.generate(curve), await crypto.generate(curve)];
        ok(toHex(a.publicKey) !== toHex(b.publicKey));
        same(a.publicKey.length, curve.startsWith("P-256") ? 65 : 32);
        same(a.curve, curve);
        if (curve.startsWith("P-256")) ok(crypto.isOnP256(a.publicKey));
      });

      it(`${curve}: the private bytes cannot be reached`, async () => {
        const key = await crypto.importKey(curve, SECRET);
        const text = reachable(key) + JSON.stringify(key) + Object.keys(key).join();
        ok(text.includes(toHex(key.publicKey)), "the search does not even find the public key");
        ok(!text.includes(toHex(SECRET)), "found the private key");
        ok(!text.includes("90,90,90"), "found the private key");
        same(Object.getOwnPropertySymbols(key).length, 0);
        key.close();
      });

      it(`${curve}: the private bytes are a copy`, async () => {
        const bytes = SECRET.slice();
        const key = await crypto.importKey(curve, bytes);
        bytes.fill(1);
        deep((await crypto.importKey(curve, SECRET)).publicKey, key.publicKey);
        deep(await use(crypto, key), await use(crypto, await crypto.importKey(curve, SECRET)));
      });

      it(`${curve}: a closed key is refused, closing twice does nothing`, async () => {
        const key = await crypto.importKey(curve, SECRET);
        key.close();
        key.close();
        await rejects("crypto/closed", () => use(crypto, key));
        throws("crypto/closed", () => crypto.seal(key));
      });

      it(`${curve}: private bytes of a wrong length`, async () => {
        for (const length of [0, 1, 31, 33, 64]) {
          await rejects(
            "crypto/bad-key",
            () => crypto.importKey(curve, new Uint8Array(length).fill(7)),
            `${length}`,
          );
        }
      });
    }

    for (const curve of ["P-256", "P-256-ECDH"] as const) {
      it(`${curve}: scalars from 1 to n - 1 (SP 800-56A section 5.6.1.2)`, async () => {
        const order = Uint8Array.from(ORDER.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
        await rejects("crypto/bad-key", () => crypto.importKey(curve, new Uint8Array(32)));
        await rejects("crypto/bad-key", () => crypto.importKey(curve, new Uint8Array(32).fill(255)));
        await rejects("crypto/bad-key", () => crypto.importKey(curve, order));
        order[31]--;
        ok(crypto.isOnP256((await crypto.importKey(curve, order)).publicKey));
      });
    }

    it("signs with signing keys and agrees with agreement keys only", async () => {
      for (const curve of AGREEMENT) {
        const key = (await crypto.generate(curve)) as PrivateKey as PrivateKey<SigningCurve>;
        await rejects("crypto/bad-key", () => crypto.sign(key, MESSAGE), curve);
      }
      for (const curve of SIGNING) {
        const key = (await crypto.generate(curve)) as PrivateKey as PrivateKey<AgreementCurve>;
        await rejects("crypto/bad-key", () => crypto.agree(key, key.publicKey), curve);
      }
    });

    it("refuses what only looks like a key", async () => {
      const key = await crypto.generate("Ed25519");
      const copy = { curve: key.curve, publicKey: key.publicKey, close() {} } as PrivateKey<"Ed25519">;
      await rejects("crypto/bad-key", () => crypto.sign(copy, MESSAGE));
      throws("crypto/bad-key", () => crypto.seal(copy));
    });

    it("refuses an unknown curve", async () => {
      for (const curve of ["P-384", "constructor", "", undefined] as unknown[] as Curve[]) {
        await rejects("crypto/unsupported", () => crypto.generate(curve), String(curve));
        await rejects("crypto/unsupported", () => crypto.importKey(curve, SECRET), String(curve));
      }
    });
  });

  describe(`keys at rest, ${crypto.name}`, () => {
    for (const curve of CURVES) {
      it(`${curve}: sealed and unsealed it is the same key`, async () => {
        const key = await crypto.generate(curve);
        const blob = crypto.seal(key);
        same(blob.length, 13 + 32 + 16);
        const again = await crypto.unseal(curve, blob);
        deep(again.publicKey, key.publicKey);
        deep(await use(crypto, again), await use(crypto, key));
        ok(toHex(crypto.seal(key)) !== toHex(blob), "a nonce came twice");
      });
    }

    it("a blob opens on its own curve only", async () => {
      const blob = crypto.seal(await crypto.importKey("Ed25519", SECRET));
      for (const curve of CURVES.slice(1))
        await rejects("crypto/bad-tag", () => crypto.unseal(curve, blob), curve);
    });

    it("a blob with any bit turned, cut or lengthened is refused", async () => {
      const blob = crypto.seal(await crypto.generate("Ed25519"));
      for (let i = 0; i < blob.length; i++) {
        blob[i] ^= 1 << (i % 8);
        await rejects("crypto/bad-tag", () => crypto.unseal("Ed25519", blob), `byte ${i}`);
        blob[i] ^= 1 << (i % 8);
      }
      for (let length = 0; length < blob.length; length++) {
        await rejects(
          "crypto/bad-tag",
          () => crypto.unseal("Ed25519", blob.slice(0, length)),
          `cut to ${length}`,
        );
      }
      await rejects("crypto/bad-tag", () => crypto.unseal("Ed25519", new Uint8Array(62)));
      await crypto.unseal("Ed25519", blob);
    });
  });
}

/** The same bytes for the same key: a signature (both are deterministic), or an agreement with itself. */
async function use(crypto: Crypto, key: PrivateKey): Promise<Uint8Array> {
  if (key.curve === "Ed25519" || key.curve === "P-256") {
    const signature = await crypto.sign(key as PrivateKey<SigningCurve>, MESSAGE);
    deep(crypto.verify(algorithm(key.curve), key.publicKey, MESSAGE, signature), true);
    return signature;
  }
  return crypto.agree(key as PrivateKey<AgreementCurve>, key.publicKey);
}
