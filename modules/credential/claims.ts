/**
 * The claims that are Vagus's own in tokens about credentials; those of readings stand in `reading/claims.ts`.
 *
 *   -65540   epoch: of a revocation list, and in a freshness token of the newest one
 *   -65541   kids of revoked keys
 */
export const PRIVATE_CLAIM = { epoch: -65540, revoked: -65541 } as const;
