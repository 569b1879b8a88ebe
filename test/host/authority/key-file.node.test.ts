import {
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  type JsonWebKey,
  scryptSync,
} from "node:crypto";
import { decode } from "cborg";
import { makeKeyFile, openKeyFile } from "../../../host/authority/key-file.js";
import { createPortableCrypto } from "../../../modules/crypto/portable/index.js";
import { deep, ok, rejects, same } from "../../support/assert.js";

const crypto = createPortableCrypto();
const passphrase = "correct horse battery staple";
const quick = { passphrase, workFactor: 4 };
const CURVES = ["Ed25519", "P-256"] as const;

const asked = (answer: string) => async () => answer;
const never = async () => {
  throw new Error("a bare key needs no passphrase");
};

/**
 * An age file opened by Node's own cryptography (age-encryption.org/v1): the file key from the one scrypt stanza, the
 * header's MAC, then the payload's one chunk.
 */
function openAge(armored: string, word: string): Buffer {
  const body = armored.replace(/-----(BEGIN|END) AGE ENCRYPTED FILE-----/g, "");
  const file = Buffer.from(body, "base64");
  const macAt = file.indexOf("\n--- ") + 1;
  const end = file.indexOf("\n", macAt);
  const [version, stanza, wrapped, ...more] = file
    .subarray(0, macAt - 1)
    .toString("latin1")
    .split("\n");
  deep([version, more], ["age-encryption.org/v1", []]);
  const [arrow, kind, salt, logN] = stanza!.split(" ");
  deep([arrow, kind], ["->", "scrypt"]);
  const salted = Buffer.concat([Buffer.from("age-encryption.org/v1/scrypt"), Buffer.from(salt!, "base64")]);
  const N = 2 ** Number(logN);
  const key = scryptSync(word, salted, 32, { N, r: 8, p: 1, maxmem: 2 ** 30 });
  const fileKey = open(key, Buffer.alloc(12), Buffer.from(wrapped!, "base64"));
  const macKey = Buffer.from(hkdfSync("sha256", fileKey, Buffer.alloc(0), "header", 32));
  const mac = createHmac("sha256", macKey)
    .update(file.subarray(0, macAt + 3))
    .digest();
  same(file.subarray(macAt + 4, end).toString("latin1"), mac.toString("base64").replace(/=+$/, ""));
  const nonce = file.subarray(end + 1, end + 17);
  const payload = Buffer.from(hkdfSync("sha256", fileKey, nonce, "payload", 32));
  return open(payload, Buffer.concat([Buffer.alloc(11), Buffer.of(1)]), file.subarray(end + 17));
}

function open(key: Buffer, nonce: Buffer, sealed: Buffer): Buffer {
  const cipher = createDecipheriv("chacha20-poly1305", key, nonce, { authTagLength: 16 });
  cipher.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]);
}

/** Node's key of a COSE_Key with its private part (RFC 9053 section 7), read by another CBOR decoder. */
function nodeKey(cose: Uint8Array) {
  const map = decode(cose, { useMaps: true }) as Map<number, Uint8Array | number>;
  const text = (label: number) => Buffer.from(map.get(label) as Uint8Array).toString("base64url");
  const okp = map.get(1) === 1;
  same(map.get(-1), okp ? 6 : 1);
  const jwk: JsonWebKey = okp
    ? { kty: "OKP", crv: "Ed25519", x: text(-2), d: text(-4) }
    : { kty: "EC", crv: "P-256", x: text(-2), y: text(-3), d: text(-4) };
  return { key: createPrivateKey({ key: jwk, format: "jwk" }), jwk };
}

describe("A private key in a file", () => {
  for (const curve of CURVES) {
    it(`${curve}: made and opened again with the passphrase, it signs as before`, async () => {
      const { key, file } = await makeKeyFile(crypto, curve, quick);
      const opened = await openKeyFile(crypto, file, asked(passphrase));
      same(opened.insecure, false);
      const message = Uint8Array.of(1, 2, 3);
      deep(await crypto.sign(opened.key, message), await crypto.sign(key, message));
    });

    it(`${curve}: the age file is what Node's own cryptography opens (age-encryption.org/v1), and holds this key`, async () => {
      const { key, file } = await makeKeyFile(crypto, curve, quick);
      const { key: judge, jwk } = nodeKey(openAge(new TextDecoder().decode(file), passphrase));
      const { x, y } = createPublicKey(judge).export({ format: "jwk" });
      deep([x, y], [jwk.x, jwk.y]);
      const bytes = curve === "Ed25519" ? key.publicKey : key.publicKey.slice(1, 33);
      same(Buffer.from(bytes).toString("base64url"), x);
    });

    it(`${curve}: insecure, it lies there bare and says so`, async () => {
      const { key, file } = await makeKeyFile(crypto, curve, "insecure");
      nodeKey(file);
      const opened = await openKeyFile(crypto, file, never);
      same(opened.insecure, true);
      deep(opened.key.publicKey, key.publicKey);
    });
  }

  it("the age tool's work factor by default: scrypt with N = 2^18", async () => {
    const { file } = await makeKeyFile(crypto, "Ed25519", { passphrase });
    const header = Buffer.from(new TextDecoder().decode(file).split("\n").slice(1, 4).join(""), "base64");
    ok(/^-> scrypt \S{22} 18$/m.test(header.toString("latin1")), header.toString("latin1"));
  });

  it("another passphrase, or none, is refused", async () => {
    const { file } = await makeKeyFile(crypto, "Ed25519", quick);
    for (const word of ["", "correct horse", `${passphrase} `]) {
      await rejects("host/passphrase", () => openKeyFile(crypto, file, asked(word)));
    }
    await rejects("host/passphrase", () => makeKeyFile(crypto, "Ed25519", { passphrase: "" }));
  });

  it("the same passphrase never makes the same file", async () => {
    const [one, other] = [
      await makeKeyFile(crypto, "Ed25519", quick),
      await makeKeyFile(crypto, "Ed25519", quick),
    ];
    ok(Buffer.compare(one.file, other.file) !== 0);
  });

  it("a bit that is wrong anywhere in the age file: no key, a coded error", async () => {
    const { file } = await makeKeyFile(crypto, "Ed25519", quick);
    const text = new TextDecoder().decode(file).split("\n");
    const binary = Buffer.from(text.slice(1, -2).join(""), "base64");
    for (let at = 0; at < binary.length; at += 5) {
      const bad = Buffer.from(binary);
      bad[at]! ^= 1;
      const armored = [text[0], ...(bad.toString("base64").match(/.{1,64}/g) ?? []), ...text.slice(-2)].join(
        "\n",
      );
      const refusal = await openKeyFile(crypto, Buffer.from(armored), asked(passphrase)).catch(
        (error) => error.code,
      );
      ok(refusal === "host/store" || refusal === "host/passphrase", `byte ${at}: ${refusal}`);
    }
  });

  const ed = "a4010120062158203b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29";
  const bare: [string, string, string][] = [
    ["nothing", "", "cbor/truncated"],
    ["a public key", ed.replace("a4", "a3"), "cose/key"],
    ["a private part that does not fit", `${ed}235820${"11".repeat(32)}`, "cose/key"],
    ["a short private part", `${ed}2341ff`, "cose/key"],
  ];
  for (const [name, hex, code] of bare) {
    it(`bare, refuses ${name}`, async () => {
      const came = await openKeyFile(crypto, Buffer.from(hex, "hex"), never).catch((error) => error.code);
      same(came, code);
    });
  }

  it("bare, takes the key of RFC 8032's seed of zeros", async () => {
    const file = Buffer.from(`${ed}235820${"00".repeat(32)}`, "hex");
    same((await openKeyFile(crypto, file, never)).key.curve, "Ed25519");
  });
});
