import type { Address } from "../address.js";
import type { Connection, Party } from "../ll/connection.js";

/** Where a radio is, in metres. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** A party before its connection has begun. */
export interface Joining extends Party {
  begin(connection: Connection): void;
}

/** What is on the air at an advertising event, and what may be said to it (Vol 6 Part B section 4.4.2). */
export interface Advertisement {
  /** As in an advertising report: 0 ADV_IND, 1 ADV_DIRECT_IND, 2 ADV_SCAN_IND, 3 ADV_NONCONN_IND. */
  readonly type: number;
  readonly from: Address;
  readonly data: Uint8Array;
  /** Whom a directed one is for. */
  readonly target: Address | undefined;
  /** Hears a SCAN_REQ. @returns what its SCAN_RSP says; nothing for whom it does not answer */
  scan(by: Address): Uint8Array | undefined;
  /** Hears a CONNECT_IND. @returns nothing for whom it does not let in */
  connect(by: Address): Joining | undefined;
}

/** Whoever may be heard, and hears. */
export interface Radio {
  place: Place;
  hear(advertisement: Advertisement, rssiDbm: number, from: Radio): void;
}
