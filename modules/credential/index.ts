export {
  type Anchor,
  anchorFrom,
  anchorOf,
  type Credential,
  type CredentialContent,
  type CredentialKind,
  issueCredential,
  SCOPE,
  type VerifyCredentialOptions,
  verifyCredential,
} from "./credential.js";
export { IDENTITY_SECTORS, type Identity, openIdentity, provision } from "./identity.js";
export { Trust, type TrustedPeer, type TrustOptions } from "./trust.js";
