import { decryptBundle, encryptBundle, isEncrypted, PIECE_MAX } from "../../../host/bundle/encrypted.js";
import { encodedPublicKey, readRecipient } from "../../../host/bundle/recipient.js";
import { readSequence } from "../../../host/store/sequence.js";
import { concat } from "../../../modules/bytes/index.js";
import type { AgreementCurve } from "../../../modules/crypto/port.js";
import { VagusError } from "../../../modules/error/index.js";
import { deep, ok, rejects, same } from "../../support/assert.js";
import { crypto, itemsOf } from "./made.js";

async function* once(bytes: Uint8Array) {
  yield bytes;
}

async function encrypted(plain: Uint8Array, curve: AgreementCurve = "X25519") {
  const key = await crypto.importKey(curve, new Uint8Array(32).fill(7));
  const pieces: Uint8Array[] = [];
  const recipient = readRecipient(crypto, encodedPublicKey(key));
  for await (const piece of encryptBundle(crypto, recipient, once(plain))) pieces.push(piece);
  return { key, file: concat(...pieces) };
}

async function decrypted(
  file: Uint8Array,
  key: Awaited<ReturnType<typeof encrypted>>["key"],
): Promise<Uint8Array> {
  const reader = {
    length: file.length,
    read: (at: number, length: number) => file.subarray(at, at + length),
  };
  const pieces: Uint8Array[] = [];
  for await (const piece of decryptBundle(crypto, key, readSequence(reader, PIECE_MAX))) pieces.push(piece);
  return concat(...pieces);
}

const plainOf = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 31) & 0xff);

describe("host/bundle: encrypted to one reader (ECDH-ES + A128KW, AES-CCM in pieces)", () => {
  for (const curve of ["X25519", "P-256-ECDH"] as const)
    for (const length of [0, 1, 32_768, 32_769, 100_000])
      it(`${curve}, ${length} bytes: there and back`, async () => {
        const { key, file } = await encrypted(plainOf(length), curve);
        ok(isEncrypted(file));
        deep(await decrypted(file, key), plainOf(length));
        if (length > 8) ok(!Buffer.from(file).includes(Buffer.from(plainOf(length).slice(0, 8))));
      });

  it("is of no use to anybody else", async () => {
    const { file } = await encrypted(plainOf(100));
    const other = await crypto.importKey("X25519", new Uint8Array(32).fill(8));
    await rejects("cose/decrypt", () => decrypted(file, other));
    await rejects("cose/key", async () =>
      decrypted(file, await crypto.importKey("P-256-ECDH", new Uint8Array(32).fill(8))),
    );
  });

  it("no byte of it can be another", async function () {
    this.timeout(60_000);
    const { key, file } = await encrypted(plainOf(40));
    for (let at = 0; at < file.length; at++) {
      const changed = file.slice();
      changed[at]! ^= 1 << (at % 8);
      const outcome = await decrypted(changed, key).catch((error: unknown) => error);
      ok(
        outcome instanceof VagusError,
        `byte ${at}: ${outcome instanceof Error ? outcome.stack : "decrypted"}`,
      );
    }
  });

  it("no piece missing, doubled, moved, another bundle's, or behind the last; no tag in front", async () => {
    const { key, file } = await encrypted(plainOf(100_000));
    const items = itemsOf(file, PIECE_MAX);
    same(items.length, 5);
    const [head, a, b, c, last] = items as [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array];
    const other = itemsOf((await encrypted(plainOf(100_000))).file, PIECE_MAX);
    for (const wrong of [
      [head, a, b, last],
      [head, a, b, c],
      [head],
      [],
      [head, b, a, c, last],
      [head, a, a, b, c, last],
      [head, a, b, c, last, last],
      [head, a, other[2]!, c, last],
      [other[0]!, a, b, c, last],
      [head, concat(Uint8Array.of(0xd0), a), b, c, last],
    ]) {
      const outcome = await decrypted(concat(...wrong), key).catch((error: unknown) => error);
      ok(outcome instanceof VagusError, `${wrong.length} items`);
    }
  });
});
