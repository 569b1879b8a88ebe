/** Points of P-256, and Ed25519 signatures made to divide verifiers. */
import { ed25519 } from "@noble/curves/ed25519.js";
import { p256 } from "@noble/curves/nist.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { cryptos } from "engine";
import { concat, fromHex } from "../../../modules/bytes/index.js";
import { deep, same, throws } from "../../support/assert.js";

const { Point } = ed25519;
const MESSAGE = Uint8Array.of(0x76, 0x61, 0x67, 0x75, 0x73);

function littleEndian(value: bigint): Uint8Array {
  return fromHex(value.toString(16).padStart(64, "0")).reverse();
}

/** A point of order 8: what is left of a point when the subgroup of prime order is multiplied away. */
function torsion() {
  for (let y = 2; ; y++) {
    const bytes = new Uint8Array(32);
    bytes[0] = y;
    try {
      const point = Point.fromBytes(bytes);
      const left = point.multiplyUnsafe(Point.Fn.ORDER - BigInt(1)).add(point);
      if (!left.double().double().is0()) return left;
    } catch {
      // this y is on no point
    }
  }
}

/** S for which [8][S]B = [8](R + [k]A), where R = rB and A = aB but for torsion. */
function sign(r: bigint, a: bigint, rPoint: Uint8Array, aPoint: Uint8Array): Uint8Array {
  const hash = sha512(concat(rPoint, aPoint, MESSAGE)).reverse();
  let k = BigInt(0);
  for (const byte of hash) k = (k << BigInt(8)) | BigInt(byte);
  return concat(rPoint, littleEndian((r + k * a) % Point.Fn.ORDER));
}

for (const crypto of cryptos) {
  describe(`points, ${crypto.name}`, () => {
    const r = BigInt(1234567);
    const a = BigInt(7654321);
    const A = Point.BASE.multiply(a);
    const R = Point.BASE.multiply(r);
    const order = Point.Fn.ORDER;

    it("Ed25519: the signature that the others are twisted from holds", () => {
      same(crypto.verify("EdDSA", A.toBytes(), MESSAGE, sign(r, a, R.toBytes(), A.toBytes())), true);
    });

    it("Ed25519: R with a part of small order holds only times the cofactor, so it does not (RFC 8032 section 5.1.7)", () => {
      const twisted = R.add(torsion()).toBytes();
      const signature = sign(r, a, twisted, A.toBytes());
      same(
        ed25519.verify(signature, MESSAGE, A.toBytes(), { zip215: false }),
        true,
        "the cofactored equation",
      );
      same(crypto.verify("EdDSA", A.toBytes(), MESSAGE, signature), false);
    });

    it("Ed25519: S + L is refused (RFC 8032 section 5.1.7, step 1)", () => {
      const signature = sign(r, a, R.toBytes(), A.toBytes());
      let s = BigInt(0);
      for (const byte of signature.slice(32).reverse()) s = (s << BigInt(8)) | BigInt(byte);
      same(
        crypto.verify("EdDSA", A.toBytes(), MESSAGE, concat(signature.slice(0, 32), littleEndian(s + order))),
        false,
      );
    });

    it("Ed25519: keys and R of small order are refused", () => {
      let small = torsion();
      for (let i = 0; i < 8; i++) {
        small = small.add(torsion());
        const bytes = small.toBytes();
        same(crypto.verify("EdDSA", bytes, MESSAGE, sign(r, BigInt(0), R.toBytes(), bytes)), false, "as key");
        same(
          crypto.verify("EdDSA", A.toBytes(), MESSAGE, sign(BigInt(0), a, bytes, A.toBytes())),
          false,
          "as R",
        );
      }
    });

    it("Ed25519: a y of p and more is refused (RFC 8032 section 5.1.3, step 1)", () => {
      const p = BigInt(2) ** BigInt(255) - BigInt(19);
      for (let y = 0; y < 19; y++) {
        const key = littleEndian(p + BigInt(y));
        same(crypto.verify("EdDSA", key, MESSAGE, sign(r, BigInt(0), R.toBytes(), key)), false, `p + ${y}`);
      }
    });

    it("P-256: decompressing gives the point that was compressed (SEC 1 section 2.3.4)", () => {
      for (let i = 1; i <= 20; i++) {
        const point = p256.Point.BASE.multiplyUnsafe(BigInt(i * i * 7919));
        const whole = point.toBytes(false);
        deep(crypto.decompressP256(point.toBytes(true)), whole);
        const even = whole[64] % 2 === 0 ? whole : point.negate().toBytes(false);
        deep(crypto.decompressP256(whole.slice(1, 33)), even, "x alone");
        same(crypto.isOnP256(whole), true);
        whole[64] ^= 1;
        same(crypto.isOnP256(whole), false);
      }
    });

    const P = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";
    const X_OF_NONE = `${"00".repeat(31)}01`;
    for (const [name, point] of [
      ["nothing", ""],
      ["infinity", "00"],
      ["31 bytes", "05".repeat(31)],
      ["an uncompressed point", `04${"05".repeat(64)}`],
      ["x alone behind 04", `04${"05".repeat(32)}`],
      ["an x on no point", X_OF_NONE],
      ["an x on no point, compressed", `02${X_OF_NONE}`],
      ["x = p", P],
      ["x = p, compressed", `03${P}`],
      ["x = 2^256 - 1", "ff".repeat(32)],
    ]) {
      it(`P-256: decompressing ${name} is refused`, () => {
        throws("crypto/bad-point", () => crypto.decompressP256(fromHex(point)));
      });
    }

    it("P-256: x = 0 is on the curve, and x = p, the same but not below p, is not", () => {
      const point = crypto.decompressP256(new Uint8Array(32));
      same(crypto.isOnP256(point), true);
      point.set(fromHex(P), 1);
      same(crypto.isOnP256(point), false);
    });

    for (const length of [0, 1, 33, 64, 66]) {
      it(`P-256: ${length} bytes are no uncompressed point`, () => {
        same(crypto.isOnP256(new Uint8Array(length).fill(4)), false);
      });
    }
  });
}
