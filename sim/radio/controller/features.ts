/** What this controller is, in the numbers that it gives of itself. */
import { joined, uint } from "../octets.js";

/**
 * LE features (Core Specification 5.4, Vol 6 Part B section 4.6), bit by bit: 0 encryption, 3 feature exchange begun by
 * the peripheral, 5 data length extension, 6 privacy. Legacy advertising only, and the 1M PHY.
 */
export const FEATURES = joined(0b0110_1001, new Uint8Array(7));

/** Bluetooth 5.4, and a company that is nobody's. */
const CORE_5_4 = 0x0d;
const NOBODYS_COMPANY = 0xffff;
const SUBVERSION = 1;

/** As LL_VERSION_IND has it (Vol 6 Part B section 2.4.2.12). */
export const VERSION = joined(CORE_5_4, uint(NOBODYS_COMPANY, 2), uint(SUBVERSION, 2));

/** As HCI's Read Local Version Information has it (Vol 4 Part E section 7.4.1). */
export const LOCAL_VERSION = joined(
  CORE_5_4,
  uint(SUBVERSION, 2),
  CORE_5_4,
  uint(NOBODYS_COMPANY, 2),
  uint(SUBVERSION, 2),
);

/** Buffers for ACL data: how long, how many, for all connections together (Vol 4 Part E section 4.1). */
export const ACL = { octets: 251, packets: 24 } as const;

export const CONNECTIONS_MAX = 8;
export const ACCEPT_LIST_SIZE = 8;
