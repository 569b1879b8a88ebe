/**
 * The same readings as most would send them: a JWS with EdDSA inside a JWE with A128GCM, both compact, by `jose`. The claims
 * are those of the CWT; the samples are raw int16, and what is bytes is base64url text.
 */
import { CompactEncrypt, generateKeyPair, SignJWT } from "jose";
import type { SentReading } from "./stream.js";

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");

function rawSamples(samples: Int16Array): Uint8Array {
  const bytes = new Uint8Array(2 * samples.length);
  const view = new DataView(bytes.buffer);
  for (const [index, sample] of samples.entries()) view.setInt16(2 * index, sample, true);
  return bytes;
}

/** Octets of all the tokens, without any fragment's header. */
export async function jwtBytes(readings: readonly SentReading[]): Promise<number> {
  const { privateKey } = await generateKeyPair("EdDSA", { crv: "Ed25519" });
  const sessionKey = crypto.getRandomValues(new Uint8Array(16));
  let bytes = 0;
  for (const { accepted, claim, kid } of readings) {
    const { boot, stream, sequence } = accepted.cti;
    const signed = await new SignJWT({
      iat: accepted.iat,
      jti: `${boot}.${stream}.${sequence}`,
      first: claim.firstSample,
      prev: base64url(claim.prev),
      ecg: base64url(rawSamples(accepted.channels[0]!)),
      unc: claim.uncertainty,
    })
      .setProtectedHeader({ alg: "EdDSA", typ: "reading+jwt", kid: base64url(kid) })
      .sign(privateKey);
    const encrypted = await new CompactEncrypt(new TextEncoder().encode(signed))
      .setProtectedHeader({ alg: "dir", enc: "A128GCM" })
      .encrypt(sessionKey);
    bytes += encrypted.length;
  }
  return bytes;
}
