/** Examples that the standards print, carried here with their sections. */
import { engine } from "engine";
import { fromHex } from "../../modules/bytes/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import {
  AES_CCM,
  ECDSA,
  ED25519,
  HKDF,
  HMAC,
  SHA256,
  X25519,
  X25519_ITERATED,
  X25519_LONG,
} from "./rfc-data.js";
import { differs, type Suite, Tally } from "./suite.js";

function suite<Row extends { readonly name: string }>(
  name: string,
  source: string,
  rows: readonly Row[],
  judge: (crypto: Crypto, row: Row, tally: Tally) => Promise<string | undefined>,
): Suite {
  return {
    suite: name,
    source,
    expected: rows.length,
    async run(crypto) {
      const tally = new Tally();
      for (const row of rows) {
        if (row.name === X25519_LONG && engine === "xs" && crypto.name === "portable")
          tally.skip("2,000 operations take JavaScript on XS 8 s");
        else await tally.case(row.name, () => judge(crypto, row, tally));
      }
      return tally;
    },
  };
}

export const rfc: readonly Suite[] = [
  suite("SHA-256", "FIPS 180-4, NIST's examples", SHA256, async (crypto, row) =>
    differs(crypto.sha256(fromHex(row.message)), row.hash),
  ),
  suite("HMAC-SHA-256", "RFC 4231 section 4", HMAC, async (crypto, row) =>
    differs(crypto.hmacSha256(fromHex(row.key), fromHex(row.message)), row.mac),
  ),
  suite("HKDF-SHA-256", "RFC 5869 appendix A", HKDF, async (crypto, row) => {
    const prk = crypto.hkdfExtract(fromHex(row.salt), fromHex(row.ikm));
    return (
      differs(prk, row.prk) ?? differs(crypto.hkdfExpand(prk, fromHex(row.info), row.okm.length / 2), row.okm)
    );
  }),
  suite("AES-CCM", "RFC 3610 section 8, SP 800-38C appendix C", AES_CCM, async (crypto, row) => {
    const [key, nonce, aad] = [fromHex(row.key), fromHex(row.nonce), fromHex(row.aad)];
    return (
      differs(crypto.aesCcmSeal(key, nonce, aad, fromHex(row.plaintext), row.tag), row.sealed) ??
      differs(crypto.aesCcmOpen(key, nonce, aad, fromHex(row.sealed), row.tag), row.plaintext)
    );
  }),
  suite("Ed25519 sign and verify", "RFC 8032 section 7.1", ED25519, async (crypto, row) => {
    const key = await crypto.importKey("Ed25519", fromHex(row.secret));
    const message = fromHex(row.message);
    return (
      differs(key.publicKey, row.publicKey) ??
      differs(await crypto.sign(key, message), row.signature) ??
      differs(crypto.verify("EdDSA", key.publicKey, message, fromHex(row.signature)), true)
    );
  }),
  suite("ECDSA P-256 sign and verify", "RFC 6979 appendix A.2.5", ECDSA, async (crypto, row) => {
    const key = await crypto.importKey("P-256", fromHex(row.secret));
    const message = fromHex(row.message);
    return (
      differs(key.publicKey, row.publicKey) ??
      differs(await crypto.sign(key, message), row.signature) ??
      differs(crypto.verify("ES256", key.publicKey, message, fromHex(row.signature)), true)
    );
  }),
  suite("X25519", "RFC 7748 sections 5.2 and 6.1", X25519, async (crypto, row) => {
    const key = await crypto.importKey("X25519", fromHex(row.scalar));
    return differs(await crypto.agree(key, fromHex(row.u)), row.result);
  }),
  suite("X25519 iterated", "RFC 7748 section 5.2", X25519_ITERATED, async (crypto, row) => {
    let k = fromHex("09".padEnd(64, "0"));
    let u = k;
    for (let i = 0; i < row.times; i++) {
      const key = await crypto.importKey("X25519", k);
      const next = await crypto.agree(key, u);
      key.close();
      u = k;
      k = next;
    }
    return differs(k, row.result);
  }),
];
