import { toBase64url } from "../../modules/bytes/base64url.js";
import { asText } from "../../modules/cbor/shape.js";
import { signatureAlgorithm } from "../../modules/cose/index.js";
import { type Anchor, issuerOf, NONCE_LENGTH } from "../../modules/credential/index.js";
import type { Crypto, SigningCurve } from "../../modules/crypto/port.js";
import { CLAIM, type Claims, TYP, verifyCwt } from "../../modules/cwt/index.js";
import { VagusError } from "../../modules/error/index.js";
import { hexOf } from "./kid.js";
import type { IssuedEvent } from "./ledger.js";
import type { Registry } from "./registry.js";

/** How far from the Authority's clock a request may be, either way, in seconds. */
export const REQUEST_AGE_S = 60;
const REQUEST_MAX = 320;

/** A request that may be answered. */
export interface AllowedFreshness {
  readonly nonce: Uint8Array;
  /** The device's `sub`. */
  readonly device: string;
  /** Whose list the device keeps. */
  readonly audience: string;
  /** The kid of the programmer's key. */
  readonly programmer: Uint8Array;
}

/**
 * May this freshness request be answered? (`modules/credential/freshness.ts` draws it.) A key that the ledger knows has
 * signed it, now, for this Authority; the programmer and the device hold credentials, and may talk to each other.
 * @param now seconds since 1970
 * @throws VagusError `cwt/issuer` for an unknown key, `cose/bad-signature`, `cwt/audience` for another Authority or device,
 *   `credential/freshness` for an old request, `credential/revoked`, `cwt/expired`, `credential/holder` for an unknown
 *   device, `cwt/…`, `cose/…`, `cbor/…`
 */
export function judgeFreshness(
  crypto: Crypto,
  registry: Registry,
  anchor: Anchor,
  request: Uint8Array,
  now: number,
): AllowedFreshness {
  let kid = new Uint8Array(0);
  const { claims } = verifyCwt(crypto, request, {
    typ: TYP.freshnessRequest,
    algorithms: [signatureAlgorithm(anchor.curve)],
    key: (named) => {
      kid = (named ?? kid).slice();
      return programmerKey(registry, toBase64url(kid), anchor.curve);
    },
    audience: issuerOf(anchor),
    required: [CLAIM.iss, CLAIM.sub, CLAIM.iat, CLAIM.nonce],
    maxSize: REQUEST_MAX,
  });
  const name = toBase64url(kid);
  if (claims.get(CLAIM.iss) !== name)
    throw new VagusError("cwt/issuer", `expected iss ${name}, came another`);
  checkAge(claims.get(CLAIM.iat) as number, now);
  const device = deviceNamed(registry, asText(claims.get(CLAIM.sub), "cwt/claim", "sub"), now);
  checkProgrammer(registry, name, device, now);
  return { nonce: nonceOf(claims), device: device.sub, audience: device.aud[0], programmer: kid };
}

function programmerKey(registry: Registry, kid: string, curve: SigningCurve) {
  const key = registry.ofKey(kid).find((credential) => credential.kind === "programmer")?.key;
  if (key !== undefined) return { curve, publicKey: new Uint8Array(Buffer.from(key, "base64url")) };
  throw new VagusError(
    "cwt/issuer",
    `expected a programmer of this Authority, came ${hexOf(kid) || "nobody"}`,
  );
}

function checkAge(issued: number, now: number): void {
  if (Math.abs(now - issued) <= REQUEST_AGE_S) return;
  const when = `within ${REQUEST_AGE_S} s of ${now}`;
  throw new VagusError("credential/freshness", `expected a request ${when}, came one of ${issued}`);
}

function deviceNamed(registry: Registry, subject: string, now: number): IssuedEvent {
  const credentials = registry.ofSubject(subject).filter(({ kind }) => kind === "device");
  if (credentials.length === 0) {
    throw new VagusError("credential/holder", `expected a device of this Authority, came ${subject}`);
  }
  const newest = credentials[credentials.length - 1]; // it may have had another key before
  checkHolds(registry, [newest], [newest], `the device ${subject}`, now);
  return newest;
}

function checkProgrammer(registry: Registry, kid: string, device: IssuedEvent, now: number): void {
  const credentials = registry.ofKey(kid);
  const names = [device.sub, ...device.aud];
  const fitting = credentials.filter(({ aud }) => aud.some((audience) => names.includes(audience)));
  if (fitting.length === 0) {
    throw new VagusError(
      "cwt/audience",
      `expected a programmer for ${names.join(" or ")}, came one for others`,
    );
  }
  checkHolds(registry, credentials, fitting, `the programmer ${hexOf(kid)}`, now);
}

/** No key of these credentials is revoked, and one of those that fit has not ended. */
function checkHolds(
  registry: Registry,
  credentials: readonly IssuedEvent[],
  fitting: readonly IssuedEvent[],
  who: string,
  now: number,
): void {
  if (credentials.some(({ issued, kid }) => registry.isRevoked(issued) || registry.isKeyRevoked(kid))) {
    throw new VagusError("credential/revoked", `expected a credential that holds, but ${who} is revoked`);
  }
  const expires = Math.max(...fitting.map(({ exp }) => exp));
  if (expires <= now) {
    throw new VagusError(
      "cwt/expired",
      `expected a credential with exp after ${now}, came ${expires} of ${who}`,
    );
  }
}

function nonceOf(claims: Claims): Uint8Array {
  const nonce = claims.get(CLAIM.nonce);
  if (nonce instanceof Uint8Array && nonce.length === NONCE_LENGTH) return nonce.slice();
  throw new VagusError("cwt/claim", `expected a nonce of ${NONCE_LENGTH} bytes, came another`);
}
