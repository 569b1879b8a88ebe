/**
 * What the device keeps in flash behind its credentials (`credential/layout.ts`), in sectors of the partition:
 *
 *   12, 13   storage key  what the journal is sealed under
 *   14, 15   outcomes     what became of commands
 *   16, 17   pacing       the parameters in effect
 *   18 … 25  audit        four sectors of events, four of failures
 *   26 …     journal      all the rest
 */
import { CREDENTIAL_SECTORS, SECTOR } from "../credential/index.js";

export const DEVICE_SECTOR = {
  ...SECTOR,
  storageKey: CREDENTIAL_SECTORS,
  outcomes: CREDENTIAL_SECTORS + 2,
  pacing: CREDENTIAL_SECTORS + 4,
  audit: CREDENTIAL_SECTORS + 6,
  journal: CREDENTIAL_SECTORS + 14,
} as const;
export const AUDIT_SECTORS = DEVICE_SECTOR.journal - DEVICE_SECTOR.audit;
/** A partition has at least so many: a journal of six. */
export const DEVICE_SECTORS_MIN = DEVICE_SECTOR.journal + 6;
