/** CBOR Web Tokens (RFC 8392): claims, kinds, proof of possession, scopes, nesting, status lists. */
export { audiences, CLAIM, type Claims, FIRST_PRIVATE_CLAIM } from "./claims.js";
export { cnfOf, cnfOfKid, confirmedKey, confirmedKid } from "./cnf.js";
export {
  type Cwt,
  type CwtContent,
  checkClaims,
  parseCwtUnverified,
  signCwt,
  type VerifyCwtOptions,
  verifyCwt,
} from "./cwt.js";
export { decryptCwt, encryptCwt, type NestedCwt } from "./nested.js";
export { formatScope, includesScope, isSubsetScope, parseScope, type Scope } from "./scope.js";
export {
  checkSuccession,
  decodeStatusList,
  encodeStatusList,
  isStale,
  lookUpStatus,
  MAX_STATUS_LIST,
  readStatusListToken,
  STATUS,
  type StatusBits,
  StatusList,
  type StatusListToken,
  type StatusReference,
  statusClaim,
  statusListClaims,
  statusReference,
  type Zlib,
} from "./status-list.js";
export type { TokenTime } from "./time.js";
export { TYP, type Typ } from "./typ.js";
