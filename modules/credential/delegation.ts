/**
 * Delegation: a programmer whose scope has `delegate` signs a narrower, shorter credential for a hub's key.
 *
 *   hub credential   typ 65002, kid of the programmer's key; claims as in a credential
 *   iss   base64url of that kid          aud   among the programmer's
 *   exp   not after the programmer's     scope some of the programmer's, and of `ecg:read pacing:read audit:read`
 *
 * What a hub may never have ends the chain too: it has no `delegate`, so there are two tokens at the most. The hub
 * shows its own in ID_CRED_R, and the programmer's in a critical EAD item, so that message_2's MAC covers both:
 *
 *   EAD_2   -65001, bstr: the programmer's credential
 */

import { toBase64url } from "../bytes/base64url.js";
import { compare, equal } from "../bytes/index.js";
import { signatureAlgorithm } from "../cose/index.js";
import type { Crypto, PrivateKey, SigningCurve } from "../crypto/port.js";
import { isSubsetScope, type Scope, type TokenTime, verifyCwt } from "../cwt/index.js";
import type { EadItem } from "../edhoc/index.js";
import { VagusError } from "../error/index.js";
import {
  CREDENTIAL_MAX,
  CREDENTIAL_TYP,
  type Credential,
  type CredentialContent,
  REQUIRED,
  readCredential,
  SCOPE,
  signCredential,
} from "./credential.js";

/** What a hub may hold. */
export const HUB_SCOPE: Scope = [SCOPE.ecgRead, SCOPE.pacingRead, SCOPE.auditRead];
export const ANCESTOR_EAD = 65001;

/** The ancestor of a hub's credential, as it travels. */
export function ancestorItem(parent: Pick<Credential, "token">): EadItem {
  return { label: ANCESTOR_EAD, critical: true, value: parent.token };
}

/**
 * Signs a hub's credential. What the device would refuse is not signed.
 * @throws VagusError `credential/delegation`
 */
export async function delegate(
  crypto: Crypto,
  programmer: PrivateKey<SigningCurve>,
  parent: Credential,
  content: Omit<CredentialContent, "kind">,
): Promise<Uint8Array> {
  const scope = content.scope ?? [];
  checkBounds(parent, { ...content, scope });
  return signCredential(crypto, programmer, { ...content, scope, kind: "hub" });
}

/**
 * A hub's credential, if `parent` may and did delegate it.
 * @throws VagusError `credential/delegation`, `cwt/…`, `cose/…`, `cbor/…`
 */
export function verifyDelegated(
  crypto: Crypto,
  token: Uint8Array,
  parent: Credential,
  options: { readonly time: TokenTime; readonly audience?: readonly string[] },
): Credential {
  const { claims } = verifyCwt(crypto, token, {
    ...options,
    typ: CREDENTIAL_TYP.hub,
    algorithms: [signatureAlgorithm(parent.key.curve)],
    key: (kid) => {
      if (kid !== undefined && compare(kid, parent.kid) === 0) return parent.key;
      throw new VagusError(
        "cwt/issuer",
        "expected a credential that its ancestor signed, came one of another",
      );
    },
    issuer: toBase64url(parent.kid),
    required: REQUIRED.hub,
    maxSize: CREDENTIAL_MAX,
  });
  const child = readCredential(crypto, token, "hub", claims);
  checkBounds(parent, child);
  if (equal(child.kid, parent.kid)) refuse("a key of the hub's own", "the ancestor's");
  return child;
}

interface Bounds {
  readonly scope: Scope;
  readonly audience: readonly string[];
  readonly issued: number;
  readonly expires: number;
}

function checkBounds(parent: Credential, child: Bounds): void {
  if (!parent.scope.includes(SCOPE.delegate)) {
    refuse(`an ancestor with ${SCOPE.delegate}`, `one with ${parent.scope.join(" ")}`);
  }
  const scope = parent.scope.filter((word) => HUB_SCOPE.includes(word));
  if (child.scope.length === 0 || !isSubsetScope(child.scope, scope)) {
    refuse(`scopes among ${scope.join(" ") || "none"}`, child.scope.join(" ") || "none");
  }
  if (!child.audience.every((audience) => parent.audience.includes(audience))) {
    refuse(`aud among ${parent.audience.join(", ")}`, child.audience.join(", "));
  }
  if (child.expires > parent.expires) refuse(`exp up to ${parent.expires}`, `${child.expires}`);
  if (child.issued < parent.issued) refuse(`iat from ${parent.issued} on`, `${child.issued}`);
}

function refuse(expected: string, came: string): never {
  throw new VagusError("credential/delegation", `expected ${expected}, came ${came}`);
}
