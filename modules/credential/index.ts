export { IDENTITY_SECTORS, type Identity, openIdentity } from "./identity.js";
