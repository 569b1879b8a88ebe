/** Who the clinician is: a key of this browser, and the Authority's credential for it. */
import { toBase64url } from "../../../modules/bytes/base64url.js";
import {
  type Anchor,
  type Credential,
  decodeAnchor,
  requestCredential,
  verifyCredential,
} from "../../../modules/credential/index.js";
import type { Crypto, PrivateKey, SigningCurve } from "../../../modules/crypto/port.js";
import { VagusError } from "../../../modules/error/index.js";
import type { FreshnessAnswer } from "../../programmer/manage.js";

/** What the Authority gave. */
export interface Issued {
  /** The CWT. */
  readonly credential: Uint8Array;
  /** The Authority's encoded COSE_Key. */
  readonly anchor: Uint8Array;
}

/** The Authority, as the page reaches it. */
export interface AuthorityDesk {
  /** base64url of its kid. */
  readonly anchor: string;
  /** @throws VagusError its refusal, or `host/link` where it is not reached */
  issue(request: Uint8Array): Promise<Issued>;
  freshness(request: Uint8Array): Promise<FreshnessAnswer>;
}

export interface Identity {
  readonly key: PrivateKey<SigningCurve>;
  readonly credential: Credential;
  readonly anchor: Anchor;
}

/** @throws VagusError `cwt/…`, `cose/…`, `credential/holder` for a credential of another key */
export function identityOf(
  crypto: Crypto,
  key: PrivateKey<SigningCurve>,
  { credential: token, anchor: encoded }: Issued,
  now: number,
): Identity {
  const anchor = decodeAnchor(crypto, encoded);
  const time = { floor: now, now, toleranceSeconds: 60 };
  const credential = verifyCredential(crypto, token, { kind: "programmer", anchor, time });
  if (toBase64url(credential.key.publicKey) !== toBase64url(key.publicKey)) {
    throw new VagusError(
      "credential/holder",
      "expected a credential for the key of this browser, came another's",
    );
  }
  return { key, credential, anchor };
}

/** Asks for a credential and checks what comes. @throws VagusError as both of them */
export async function enrol(
  crypto: Crypto,
  key: PrivateKey<SigningCurve>,
  desk: AuthorityDesk,
  now: number,
): Promise<{ readonly identity: Identity; readonly issued: Issued }> {
  const issued = await desk.issue(await requestCredential(crypto, key, key));
  const identity = identityOf(crypto, key, issued, now);
  if (toBase64url(identity.anchor.kid) === desk.anchor) return { identity, issued };
  throw new VagusError("credential/anchor", "expected a credential of this Authority, came one of another");
}
