/** The examples of RFC 8392 appendix A, carried here: keys A.2, tokens A.3 to A.7. */
import { fromHex } from "../../modules/bytes/index.js";
import { decode, encode, Tag } from "../../modules/cbor/index.js";
import { decrypt0, encrypt0, fromCoseKey, verifySign1 } from "../../modules/cose/index.js";
import { symmetricFromCoseKey } from "../../modules/cose/key.js";
import { mac0, verifyMac0 } from "../../modules/cose/mac0.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { readClaims } from "../../modules/cwt/claims.js";
import { decryptCwt, verifyCwt } from "../../modules/cwt/index.js";
import { show } from "../support/assert.js";
import { differs, type Suite, Tally } from "./suite.js";

const K128 = "231f4c4d4d3051fdc2ec0a3851d5b383";
const K256 = "403697de87af64611c1d32a05dab0fe1fcb715a86ab435f1ec99192d79569388";
const EC2 =
  "a401022001215820143329cce7868e416927599cf65a34f3ce2ffda55a7eca69ed8919a394d42f0f22582060f7f1a780d8a783bfb7a2dd6b2796e8128dbbcef9d3d168db9529971a36e7b9";
const CLAIMS =
  "a70175636f61703a2f2f61732e6578616d706c652e636f6d02656572696b77037818636f61703a2f2f6c696768742e6578616d706c652e636f6d041a5612aeb0051a5610d9f0061a5610d9f007420b71";
const A3 = `d28443a10126a05850${CLAIMS}58405427c1ff28d23fbad1f29c4c7c6a555e601d6fa29f9179bc3d7438bacaca5acd08c8d4d4f96131680c429a01f85951ecee743a52b9b63632c57209120e1c9e30`;
const A4 = `d83dd18443a10104a05850${CLAIMS}48093101ef6d789200`;
const A5 =
  "d08343a1010aa1054d99a0d7846e762c49ffe8a63e0b5858b918a11fd81e438b7f973d9e2e119bcb22424ba0f38a80f27562f400ee1d0d6c0fdb559c02421fd384fc2ebe22d7071378b0ea7428fff157444d45f7e6afcda1aae5f6495830c58627087fc5b4974f319a8707a635dd643b";
const A6 =
  "d08343a1010aa1054d86bbd41cc32604396324b7f38058a372439fbff538aa7b601ebfb29454050a3c99fd13b27216d084556496c7355c4bb462510f8e0e8479dbe08722d620e96bcb7764d75140d96220f062679b46b897e7abe0c325dc2c96d8bb2c8334e3b92a42c0078983e753c054e647ad5387ed149f802f52b5a95ebf5f153c4fd64854ab7531e082b7f22721f939d257c94f8bc248e1d9cf04f9dd4e5de7ab62df37842fabec230a657d4abf7162bc786345ebb8eb3af0";
const A7 = "d18443a10104a04ba106fb41d584367c20000048b8816f34c0542892";

const TIME = { floor: 1443944944, now: 1443944944 };
const AUDIENCE = "coap://light.example.com";

function claimsDiffer(claims: Map<number | string, unknown>, hex: string): string | undefined {
  const expected = show(readClaims(decode(fromHex(hex), { floats: true }), true));
  return show(claims) === expected ? undefined : `expected ${expected}, came ${show(claims)}`;
}

async function run(crypto: Crypto): Promise<Tally> {
  const tally = new Tally();
  const key = { ...fromCoseKey(crypto, decode(fromHex(EC2))), curve: "P-256" as const };
  const foreign = {
    typ: undefined,
    key,
    algorithms: ["ES256"],
    tags: true,
    time: TIME,
    audience: AUDIENCE,
  } as const;

  await tally.case("A.1 claims set", () => differs(encode(decode(fromHex(CLAIMS))), CLAIMS));
  await tally.case("A.2.1 128-bit symmetric key", () => {
    const value = decode(
      fromHex("a42050231f4c4d4d3051fdc2ec0a3851d5b3830104024c53796d6d6574726963313238030a"),
      { deterministic: false },
    );
    return differs(symmetricFromCoseKey(value).k, K128);
  });
  await tally.case("A.3 signed", () => claimsDiffer(verifyCwt(crypto, fromHex(A3), foreign).claims, CLAIMS));
  await tally.case("A.4 MACed, under the tag 61", () => {
    const outer = decode(fromHex(A4));
    const message = encode((outer as Tag).value);
    const options = { algorithms: [4], key: fromHex(K256) } as const;
    const again = mac0(crypto, { algorithm: 4, key: fromHex(K256), payload: fromHex(CLAIMS), tagged: true });
    return (
      differs(verifyMac0(crypto, message, options).payload, CLAIMS) ??
      differs(encode(new Tag(decode(again), 61)), A4)
    );
  });
  const aead = { algorithms: [10], key: fromHex(K128) } as const;
  await tally.case("A.5 encrypted", () => {
    const iv = fromHex("99a0d7846e762c49ffe8a63e0b");
    const again = encrypt0(crypto, { algorithm: 10, key: fromHex(K128), iv, tagged: true }, fromHex(CLAIMS));
    return differs(decrypt0(crypto, aead, fromHex(A5)).plaintext, CLAIMS) ?? differs(again, A5);
  });
  await tally.case("A.6 nested", () => {
    const cwt = decryptCwt(crypto, fromHex(A6), aead, foreign);
    return claimsDiffer(cwt.claims, CLAIMS) ?? differs(cwt.signed, A3);
  });
  await tally.case("A.7 MACed, with a fraction of a second in iat", () => {
    const payload = verifyMac0(crypto, fromHex(A7), { algorithms: [4], key: fromHex(K256) }).payload;
    return claimsDiffer(readClaims(decode(payload, { floats: true }), true), "a106fb41d584367c200000");
  });
  await tally.case("A.3's signature over another payload", () => {
    const changed = fromHex(A3);
    changed[20] ^= 1;
    try {
      verifySign1(crypto, changed, { key, algorithms: ["ES256"] });
    } catch {
      return undefined;
    }
    return "it verified";
  });
  return tally;
}

export const rfc8392: Suite = { suite: "CWT", source: "RFC 8392 appendix A", expected: 8, run };
