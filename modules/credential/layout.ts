/**
 * Where each record of the device lies, in sectors of the partition. Each has two (see `flash/record.ts`):
 *
 *   0, 1     identity     label, key, credential, anchor           written when they change
 *   2, 3     boot count   written at each start, before it is used
 *   4, 5     revocation   epoch and revoked keys                   written when a newer list comes
 *   6, 7     floor        the time that it is at least             written when it is raised, and every 15 minutes
 *   8, 9     ration       handshakes that may fail behind a restart
 *   10, 11   chain        what sequences are taken, and the last hash
 *
 * The identity is written last when a device is made: whoever has one has boot count, revocation and floor, and one of
 * them lost is a loss that shows.
 */
export const SECTOR = { identity: 0, boot: 2, revocation: 4, floor: 6, ration: 8, chain: 10 } as const;
export const CREDENTIAL_SECTORS = 12;
