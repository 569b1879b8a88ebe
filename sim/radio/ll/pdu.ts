/**
 * Data channel PDUs (Core Specification 5.4, Vol 6 Part B section 2.4) on the LE 1M PHY.
 *
 *   | preamble (1) | access address (4) | header (1) | length (1) | payload … | MIC (4), where encrypted | CRC (3) |
 *
 *   header   LLID (2 bits)  NESN  SN  MD  …
 *   LLID     01 goes on with an L2CAP PDU, or is empty;  10 begins one;  11 control
 */
export const LLID = { continues: 0b01, begins: 0b10, control: 0b11 } as const;

/** Section 2.4.2. */
export const CONTROL = {
  connectionUpdateInd: 0x00,
  terminateInd: 0x02,
  encReq: 0x03,
  encRsp: 0x04,
  startEncReq: 0x05,
  startEncRsp: 0x06,
  unknownRsp: 0x07,
  featureReq: 0x08,
  featureRsp: 0x09,
  pauseEncReq: 0x0a,
  pauseEncRsp: 0x0b,
  versionInd: 0x0c,
  rejectInd: 0x0d,
  peripheralFeatureReq: 0x0e,
  lengthReq: 0x14,
  lengthRsp: 0x15,
} as const;

export const MIC_OCTETS = 4;
/** What each side can do at first, and at most (section 4.5.10). */
export const DATA_OCTETS_MIN = 27;
export const DATA_OCTETS_MAX = 251;
/** Between two packets of a connection event (section 4.1.1). */
export const T_IFS_US = 150;

export interface DataPdu {
  readonly llid: number;
  readonly nesn: number;
  readonly sn: number;
  /** There is more to come in this connection event. */
  readonly md: boolean;
  /** As it goes over the air: encrypted, with its MIC, where the link is. */
  readonly payload: Uint8Array;
}

/** How long a packet with so many octets of payload, MIC among them, is on the air: 8 µs an octet. */
export function airtimeUs(payload: number): number {
  return (1 + 4 + 2 + payload + 3) * 8;
}

/** The same without MIC, as HCI's data length commands count it (Vol 4 Part E section 7.8.33). */
export function dataTimeUs(octets: number): number {
  return airtimeUs(octets + MIC_OCTETS);
}
