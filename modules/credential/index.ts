/** Who may be believed, and what the device holds (DESIGN section 4): credentials, revocation, freshness, delegation. */
export {
  type Anchor,
  type AnchorRotation,
  anchorFrom,
  anchorOf,
  decodeAnchor,
  issueAnchorRotation,
  issuerOf,
  verifyAnchorRotation,
} from "./anchor.js";
export { PRIVATE_CLAIM } from "./claims.js";
export {
  type Credential,
  type CredentialContent,
  type CredentialKind,
  SCOPE,
  signCredential,
  type VerifyCredentialOptions,
  verifyCredential,
} from "./credential.js";
export { ANCESTOR_EAD, ancestorItem, delegate, HUB_SCOPE, verifyDelegated } from "./delegation.js";
export { SAVE_S } from "./floor.js";
export {
  Challenge,
  FRESH_MS,
  issueFreshness,
  issueTimeReset,
  NONCE_LENGTH,
  NONCE_MS,
  requestFreshness,
  verifyFreshness,
  verifyTimeReset,
} from "./freshness.js";
export { Holder, type HolderOptions, type HolderState } from "./holder.js";
export type { Own } from "./identity.js";
export { CREDENTIAL_SECTORS, SECTOR } from "./layout.js";
export {
  type NamedKey,
  requestCredential,
  type SelfRevocation,
  signSelfRevocation,
  verifyRequest,
  verifySelfRevocation,
} from "./request.js";
export {
  isListed,
  issueRevocationList,
  joinKids,
  REVOKED_MAX,
  type RevocationList,
  verifyRevocationList,
} from "./revocation.js";
export { restsOnRevoked, Trust, type TrustedPeer, type TrustOptions } from "./trust.js";
