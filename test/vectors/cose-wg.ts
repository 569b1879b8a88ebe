/** The examples of cose-wg/Examples, from `../shared/vectors` (or $VECTORS), unchanged. */
import { readText, vectorsFolder } from "engine";
import { concat, fromHex } from "../../modules/bytes/index.js";
import { encStructure } from "../../modules/cose/encrypt0.js";
import {
  type AeadAlgorithm,
  decrypt0,
  encrypt0,
  parseSign1Unverified,
  sign1,
  sigStructure,
  verifySign1,
} from "../../modules/cose/index.js";
import { type MacAlgorithm, mac0, verifyMac0 } from "../../modules/cose/mac0.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { differs, MISSING, refused, type Suite, Tally } from "./suite.js";

interface Key {
  readonly [field: string]: string;
}
interface Layer {
  readonly key?: Key;
  readonly protected?: { readonly alg: string };
  readonly recipients?: readonly { readonly key: Key }[];
}
interface Example {
  readonly input: {
    readonly plaintext?: string;
    readonly plaintext_hex?: string;
    readonly sign0?: Layer;
    readonly mac0?: Layer;
    readonly encrypted?: Layer;
    readonly rng_stream?: readonly string[];
  };
  readonly intermediates: { readonly [name: string]: string };
  readonly output: { readonly cbor: string };
}

const FILES = [
  "CWT/A_3.json",
  "CWT/A_4.json",
  "CWT/A_5.json",
  "CWT/A_6.json",
  "CWT/A_7.json",
  "RFC8152/Appendix_C_2_1.json",
  "RFC8152/Appendix_C_4_1.json",
  "aes-ccm-examples/aes-ccm-enc-01.json",
  "aes-ccm-examples/aes-ccm-enc-02.json",
  "aes-ccm-examples/aes-ccm-enc-03.json",
  "aes-ccm-examples/aes-ccm-enc-04.json",
  "ecdsa-examples/ecdsa-sig-01.json",
  "eddsa-examples/eddsa-sig-01.json",
] as const;
const FOR_RECIPIENTS = [
  "X25519-tests/x25519-hkdf-256-direct.json",
  "ecdh-wrap-examples/p256-wrap-128-01.json",
  "ecdh-wrap-examples/p256-wrap-128-02.json",
] as const;

const AEAD: Record<string, AeadAlgorithm> = { "AES-CCM-16-128/64": 10, "AES-CCM-16-128/128": 30 };
const MAC: Record<string, MacAlgorithm> = { "HS256/64": 4, HS256: 5 };

function fromBase64Url(text: string): Uint8Array {
  const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const bytes: number[] = [];
  let bits = 0;
  let count = 0;
  for (const character of text) {
    bits = ((bits << 6) | digits.indexOf(character)) & 0xffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push((bits >> count) & 0xff);
  }
  return Uint8Array.from(bytes);
}

function field(key: Key, name: string): Uint8Array {
  const hex = key[`${name}_hex`];
  return hex === undefined ? fromBase64Url(key[name]) : fromHex(hex);
}

function plaintextOf({ input }: Example): Uint8Array {
  if (input.plaintext_hex !== undefined) return fromHex(input.plaintext_hex);
  return Uint8Array.from(input.plaintext ?? "", (character) => character.charCodeAt(0));
}

/** The message verifies, what is signed is what they signed, and an EdDSA signature of ours is theirs. */
async function judgeSign(crypto: Crypto, example: Example, key: Key): Promise<string | undefined> {
  const bytes = fromHex(example.output.cbor);
  const okp = key.kty === "OKP";
  const publicKey = okp ? field(key, "x") : concat(Uint8Array.of(4), field(key, "x"), field(key, "y"));
  const curve = okp ? "Ed25519" : "P-256";
  const message = verifySign1(crypto, bytes, { key: { curve, publicKey }, algorithms: ["EdDSA", "ES256"] });
  const expected = example.intermediates.ToBeSign_hex.toLowerCase();
  const structure = sigStructure(parseSign1Unverified(bytes).authenticated, undefined, message.payload);
  const different = differs(structure, expected) ?? differs(message.payload, hexOf(plaintextOf(example)));
  if (different !== undefined || !okp) return different;
  const own = await crypto.importKey("Ed25519", field(key, "d"));
  return differs(await sign1(crypto, own, { ...message, tagged: true }), example.output.cbor.toLowerCase());
}

function judgeMac(crypto: Crypto, example: Example, layer: Layer): string | undefined {
  const bytes = fromHex(example.output.cbor);
  const key = field(layer.recipients![0].key, "k");
  const algorithm = MAC[layer.protected!.alg];
  const payload = plaintextOf(example);
  return (
    differs(verifyMac0(crypto, bytes, { algorithms: [algorithm], key }).payload, hexOf(payload)) ??
    differs(mac0(crypto, { algorithm, key, payload, tagged: true }), example.output.cbor.toLowerCase())
  );
}

function judgeEncrypt(
  crypto: Crypto,
  example: Example,
  layer: Layer,
): Promise<string | undefined> | string | undefined {
  const bytes = fromHex(example.output.cbor);
  const key = field(layer.recipients![0].key, "k");
  const algorithm = AEAD[layer.protected!.alg];
  const options = { algorithms: [10, 30], key } as const;
  // AES-CCM with the short nonce (algorithms 12 and 32) is not ours.
  if (algorithm === undefined) return refused(["cose/algorithm"], () => decrypt0(crypto, options, bytes));
  const plaintext = plaintextOf(example);
  const iv = fromHex(example.input.rng_stream![0]);
  const { protected: bucket } = decrypt0(crypto, options, bytes);
  const protectedBytes = bytes.subarray(3, 3 + (bytes[2] & 31));
  return (
    differs(decrypt0(crypto, options, bytes).plaintext, hexOf(plaintext)) ??
    differs(encStructure(protectedBytes, undefined), example.intermediates.AAD_hex.toLowerCase()) ??
    differs(
      encrypt0(crypto, { algorithm, key, iv, protected: bucket, tagged: true }, plaintext),
      example.output.cbor.toLowerCase(),
    )
  );
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function run(crypto: Crypto): Promise<Tally> {
  const tally = new Tally();
  const folder = vectorsFolder();
  if (folder === undefined) {
    tally.skip(MISSING, coseWg.expected);
    return tally;
  }
  for (const file of FILES) {
    await tally.case(file, () => {
      const example = JSON.parse(readText(`${folder}/cose-wg/${file}`)) as Example;
      const { sign0, mac0: mac, encrypted } = example.input;
      if (sign0 !== undefined) return judgeSign(crypto, example, sign0.key!);
      if (mac !== undefined) return judgeMac(crypto, example, mac);
      return encrypted === undefined ? "no layer that we know" : judgeEncrypt(crypto, example, encrypted);
    });
  }
  tally.skip("COSE_Encrypt with recipients and AES-GCM is not part of the firmware", FOR_RECIPIENTS.length);
  return tally;
}

export const coseWg: Suite = {
  suite: "COSE_Sign1, COSE_Mac0, COSE_Encrypt0",
  source: "cose-wg/Examples",
  expected: FILES.length + FOR_RECIPIENTS.length,
  run,
};
