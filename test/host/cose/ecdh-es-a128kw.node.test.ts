import { createDecipheriv } from "node:crypto";
import { cryptos, readText, skip, vectorsFolder } from "engine";
import { unwrapKey, wrapKey } from "../../../host/cose/ecdh-es-a128kw.js";
import { fromHex, toHex } from "../../../modules/bytes/index.js";
import { type CborValue, decode, encode, type Tag } from "../../../modules/cbor/index.js";
import { deep, rejects, same } from "../../support/assert.js";

const [crypto] = cryptos;
const folder = vectorsFolder();

describe("ECDH-ES + A128KW (RFC 9053 section 6.4)", () => {
  for (const file of ["p256-wrap-128-01.json", "p256-wrap-128-02.json"]) {
    (folder ? it : skip("the vectors' folder is missing"))(`cose-wg/Examples ${file}`, async () => {
      const example = JSON.parse(readText(`${folder}/cose-wg/ecdh-wrap-examples/${file}`));
      const { d } = example.input.enveloped.recipients[0].key;
      const key = await crypto.importKey("P-256-ECDH", new Uint8Array(Buffer.from(d, "base64url")));
      const message = (decode(fromHex(example.output.cbor), { deterministic: false }) as Tag)
        .value as CborValue[];
      const recipient = (message[3] as CborValue[])[0];
      const contentKey = await unwrapKey(crypto, recipient, key);
      same(toHex(contentKey), example.intermediates.CEK_hex.toLowerCase());

      // Node's AES-GCM judges the key by the content.
      const sealed = message[2] as Uint8Array;
      const iv = (message[1] as Map<number, Uint8Array>).get(5)!;
      const gcm = createDecipheriv(contentKey.length === 16 ? "aes-128-gcm" : "aes-256-gcm", contentKey, iv);
      gcm.setAAD(fromHex(example.intermediates.AAD_hex)).setAuthTag(sealed.slice(-16));
      same(`${gcm.update(sealed.slice(0, -16))}${gcm.final()}`, "This is the content.");
    });
  }

  for (const curve of ["X25519", "P-256-ECDH"] as const) {
    it(`${curve}: unwraps what was wrapped for it, and nothing else`, async () => {
      const key = await crypto.generate(curve);
      const contentKey = crypto.random(16);
      const publicKey = { curve: curve === "X25519" ? curve : ("P-256" as const), publicKey: key.publicKey };
      const recipient = await wrapKey(crypto, { ...publicKey, kid: fromHex("01") }, contentKey);
      const bytes = encode(recipient);
      deep(await unwrapKey(crypto, decode(bytes), key), contentKey);
      const other = await crypto.generate(curve);
      await rejects("cose/decrypt", () => unwrapKey(crypto, decode(bytes), other));
      const wrongCurve = await crypto.generate(curve === "X25519" ? "P-256-ECDH" : "X25519");
      await rejects("cose/key", () => unwrapKey(crypto, decode(bytes), wrongCurve));
      bytes[bytes.length - 1] ^= 1;
      await rejects("cose/decrypt", () => unwrapKey(crypto, decode(bytes), key));
    });
  }

  it("no key of a signing curve, no other algorithm", async () => {
    const key = await crypto.generate("X25519");
    await rejects("cose/key", () =>
      wrapKey(crypto, { curve: "Ed25519", publicKey: key.publicKey }, new Uint8Array(16)),
    );
    const direct: CborValue = [encode(new Map([[1, -25]])), new Map(), new Uint8Array(0)];
    await rejects("cose/algorithm", () => unwrapKey(crypto, direct, key));
    const bare: CborValue = [encode(new Map([[1, -29]])), new Map(), new Uint8Array(24)];
    await rejects("cose/key", () => unwrapKey(crypto, bare, key));
  });
});
