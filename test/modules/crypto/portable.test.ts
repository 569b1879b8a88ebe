/** What is given to the portable implementation, and what happens where it is missing or broken. */
import { createPortableCrypto } from "../../../modules/crypto/portable/index.js";
import { deep, rejects, same, throws } from "../../support/assert.js";

describe("portable's generator and device secret", () => {
  it("keys come from the generator given", async () => {
    const crypto = createPortableCrypto({ random: (length) => new Uint8Array(length).fill(0x5a) });
    const expected = await crypto.importKey("P-256", new Uint8Array(32).fill(0x5a));
    deep((await crypto.generate("P-256")).publicKey, expected.publicKey);
  });

  it("a generator that is stuck above the range fails, and does not hang", async () => {
    const crypto = createPortableCrypto({ random: (length) => new Uint8Array(length).fill(0xff) });
    await rejects("crypto/failed", () => crypto.generate("P-256"));
  });

  it("a generator that gives too little fails", () => {
    const crypto = createPortableCrypto({ random: () => new Uint8Array(1) });
    same(crypto.random(1).length, 1);
    throws("crypto/failed", () => crypto.random(32));
  });

  it("without a device secret no key is sealed", async () => {
    const crypto = createPortableCrypto({ random: (length) => new Uint8Array(length).fill(1) });
    const key = await crypto.generate("Ed25519");
    throws("crypto/unsupported", () => crypto.seal(key));
    await rejects("crypto/unsupported", () => crypto.unseal("Ed25519", new Uint8Array(61)));
  });

  it("a blob of another device is refused", async () => {
    const random = (length: number) => new Uint8Array(length).fill(1);
    const [mine, theirs] = [1, 2].map((byte) =>
      createPortableCrypto({ random, deviceSecret: new Uint8Array(16).fill(byte) }),
    );
    const blob = theirs.seal(await theirs.generate("Ed25519"));
    await rejects("crypto/bad-tag", () => mine.unseal("Ed25519", blob));
  });

  for (const length of [0, 15, 17, 32]) {
    it(`a device secret of ${length} bytes is refused`, () => {
      throws("crypto/bad-length", () => createPortableCrypto({ deviceSecret: new Uint8Array(length) }));
    });
  }
});
