/** The browser's Crypto, over Node's own Web Crypto: the same interface, the same vectors. */
import { webcrypto } from "node:crypto";
import { type BrowserKey, createBrowserCrypto } from "../../../host/web/crypto/web-crypto.js";
import { fromHex, toHex } from "../../../modules/bytes/index.js";
import { createPortableCrypto } from "../../../modules/crypto/portable/index.js";
import { ok, same } from "../../support/assert.js";

const subtle = webcrypto.subtle as unknown as SubtleCrypto;
const portable = createPortableCrypto();
const message = fromHex("00ff10");

async function codeOf(action: Promise<unknown>): Promise<string> {
  return action.then(
    () => "nothing",
    (error) => (error as { code?: string }).code ?? String(error),
  );
}

describe("the browser's crypto", () => {
  it("keeps Ed25519 and X25519 keys where it can, so that no script can read them", async () => {
    const crypto = await createBrowserCrypto(subtle);
    for (const curve of ["Ed25519", "X25519"] as const) {
      ok(crypto.keeps(curve), curve);
      const key = (await crypto.generate(curve)) as unknown as BrowserKey;
      same(key.handle.extractable, false);
      same(key.publicKey.length, 32);
      const exported = await subtle.exportKey("pkcs8", key.handle).catch(() => "refused");
      same(exported, "refused");
    }
  });

  it("signs what the portable one verifies, and agrees with it on a secret", async () => {
    const crypto = await createBrowserCrypto(subtle);
    const signer = await crypto.generate("Ed25519");
    ok(portable.verify("EdDSA", signer.publicKey, message, await crypto.sign(signer, message)), "signature");
    const [own, peer] = [await crypto.generate("X25519"), await portable.generate("X25519")];
    const [here, there] = [
      await crypto.agree(own, peer.publicKey),
      await portable.agree(peer, own.publicKey),
    ];
    same(toHex(here), toHex(there));
  });

  it("takes keys that came as bytes too: RFC 8032 section 7.1, test 3", async () => {
    const crypto = await createBrowserCrypto(subtle);
    const seed = fromHex("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7");
    const key = await crypto.importKey("Ed25519", seed);
    same(
      toHex(await crypto.sign(key, fromHex("af82"))),
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    );
  });

  it("refuses points of small order, and the wrong use of a key", async () => {
    const crypto = await createBrowserCrypto(subtle);
    const own = await crypto.generate("X25519");
    same(await codeOf(crypto.agree(own, new Uint8Array(32))), "crypto/bad-point");
    same(await codeOf(crypto.agree(own, Uint8Array.of(1, 2))), "crypto/bad-point");
    same(await codeOf(crypto.sign(own as never, message)), "crypto/bad-key");
    same(
      await codeOf(crypto.agree((await crypto.generate("Ed25519")) as never, own.publicKey)),
      "crypto/bad-key",
    );
  });

  it("a key that was closed is of no more use", async () => {
    const crypto = await createBrowserCrypto(subtle);
    const key = await crypto.generate("Ed25519");
    key.close();
    key.close();
    same(await codeOf(crypto.sign(key, message)), "crypto/closed");
  });

  it("does without where the browser has neither, or no Web Crypto at all", async () => {
    const none = { generateKey: () => Promise.reject(new Error("not supported")) } as unknown as SubtleCrypto;
    for (const offered of [none, undefined]) {
      const crypto = await createBrowserCrypto(offered as SubtleCrypto);
      if (offered === none) ok(!crypto.keeps("Ed25519") && !crypto.keeps("X25519"), "claims to keep them");
      const key = await createPortableCrypto().generate("Ed25519");
      ok(portable.verify("EdDSA", key.publicKey, message, await crypto.sign(key, message)), "signature");
    }
  });
});
