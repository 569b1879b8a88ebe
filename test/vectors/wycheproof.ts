/** The suites of C2SP/wycheproof, from `../shared/vectors` (or $VECTORS): its `testvectors_v1`, unchanged. */
import { readText, vectorsFolder } from "engine";
import { concat, fromHex } from "../../modules/bytes/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import type { ErrorCode } from "../../modules/error/codes.js";
import { differs, MISSING, refused, type Suite, Tally } from "./suite.js";

interface Case {
  readonly tcId: number;
  readonly comment: string;
  readonly flags: readonly string[];
  readonly result: "valid" | "invalid" | "acceptable";
  /** The algorithm's own fields, all hexadecimal but HKDF's `size`. */
  readonly [field: string]: unknown;
}

interface Group {
  readonly tests: readonly Case[];
  readonly publicKey?: { readonly pk: string; readonly uncompressed: string };
  readonly tagSize?: number;
}

interface Vector {
  readonly crypto: Crypto;
  readonly group: Group;
  readonly test: Case;
  /** A field of the case as bytes. */
  bytes(field: string): Uint8Array;
  text(field: string): string;
}

function suite(
  name: string,
  file: string,
  expected: number,
  judge: (vector: Vector) => Promise<string | undefined>,
): Suite {
  return {
    suite: name,
    source: `C2SP/wycheproof ${file}`,
    expected,
    async run(crypto) {
      const tally = new Tally();
      const folder = vectorsFolder();
      if (folder === undefined) {
        tally.skip(MISSING, expected);
        return tally;
      }
      const text = readText(`${folder}/wycheproof/${file}`);
      const { testGroups } = JSON.parse(text) as { testGroups: readonly Group[] };
      for (const group of testGroups) {
        for (const test of group.tests) {
          const field = (key: string) => test[key] as string;
          const vector = { crypto, group, test, bytes: (key: string) => fromHex(field(key)), text: field };
          await tally.case(`#${test.tcId} ${test.comment || test.flags.join()}`, () => judge(vector));
        }
      }
      return tally;
    },
  };
}

/**
 * An invalid length of nonce or tag is `crypto/bad-length` where the port does not allow it. Wycheproof calls SP 800-38C's
 * tags of 4 to 10 bytes insecure, and the port, which has to speak them (RFC 9528's suites 0 and 2), does not:
 * there the published tag has to be the right one.
 */
async function judgeCcm({ crypto, test, group, bytes, text }: Vector): Promise<string | undefined> {
  const tagLength = (group.tagSize ?? 0) / 8;
  const [key, nonce, aad, message] = [bytes("key"), bytes("iv"), bytes("aad"), bytes("msg")];
  const sealed = concat(bytes("ct"), bytes("tag"));
  const insecureButAllowed = test.flags.includes("InsecureTagSize") && [4, 6, 8, 10].includes(tagLength);
  if (test.result === "valid" || insecureButAllowed) {
    return (
      differs(crypto.aesCcmSeal(key, nonce, aad, message, tagLength), text("ct") + text("tag")) ??
      differs(crypto.aesCcmOpen(key, nonce, aad, sealed, tagLength), text("msg"))
    );
  }
  const code: ErrorCode = test.flags.includes("ModifiedTag") ? "crypto/bad-tag" : "crypto/bad-length";
  return refused([code], () => crypto.aesCcmOpen(key, nonce, aad, sealed, tagLength));
}

async function judgeEd25519({ crypto, test, group, bytes }: Vector): Promise<string | undefined> {
  const key = fromHex(group.publicKey?.pk ?? "");
  return differs(crypto.verify("EdDSA", key, bytes("msg"), bytes("sig")), test.result === "valid");
}

async function judgeEcdsa({ crypto, test, group, bytes }: Vector): Promise<string | undefined> {
  const key = fromHex(group.publicKey?.uncompressed ?? "");
  return differs(crypto.verify("ES256", key, bytes("msg"), bytes("sig")), test.result === "valid");
}

/** `acceptable` marks keys of small order and on the twist: the port refuses those whose result is all zero, no others. */
async function judgeX25519({ crypto, bytes, text }: Vector): Promise<string | undefined> {
  const key = await crypto.importKey("X25519", bytes("private"));
  const agree = () => crypto.agree(key, bytes("public"));
  const allZero = /^0+$/.test(text("shared"));
  const verdict = allZero
    ? await refused(["crypto/bad-point"], agree)
    : differs(await agree(), text("shared"));
  key.close();
  return verdict;
}

/** Wycheproof's scalars lose leading zeros or gain one; the port's have 32 bytes. */
function scalar(text: string): Uint8Array {
  return fromHex(text.replace(/^(00)+/, "").padStart(64, "0"));
}

/** A compressed point, which the port's `agree` refuses, goes through `decompressP256`. */
async function judgeEcdh({ crypto, test, bytes, text }: Vector): Promise<string | undefined> {
  const key = await crypto.importKey("P-256-ECDH", scalar(text("private")));
  const peer = bytes("public");
  const agree = async () => crypto.agree(key, peer.length === 33 ? crypto.decompressP256(peer) : peer);
  const verdict =
    test.result === "invalid"
      ? await refused(["crypto/bad-point"], agree)
      : differs(await agree(), text("shared"));
  key.close();
  return verdict;
}

async function judgeHkdf({ crypto, test, bytes, text }: Vector): Promise<string | undefined> {
  const prk = crypto.hkdfExtract(bytes("salt"), bytes("ikm"));
  const expand = () => crypto.hkdfExpand(prk, bytes("info"), test.size as number);
  return test.result === "valid" ? differs(expand(), text("okm")) : refused(["crypto/bad-length"], expand);
}

export const wycheproof: readonly Suite[] = [
  suite("AES-CCM", "aes_ccm_test.json", 552, judgeCcm),
  suite("Ed25519 verify", "ed25519_test.json", 151, judgeEd25519),
  suite("X25519", "x25519_test.json", 518, judgeX25519),
  suite("ECDSA P-256 verify", "ecdsa_secp256r1_sha256_p1363_test.json", 262, judgeEcdsa),
  suite("ECDH P-256", "ecdh_secp256r1_ecpoint_test.json", 355, judgeEcdh),
  suite("HKDF-SHA-256", "hkdf_sha256_test.json", 86, judgeHkdf),
];
