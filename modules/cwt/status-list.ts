/** Token Status List (draft-ietf-oauth-status-list) in CWT form: one compressed array says which tokens are revoked. */
import type { CborValue } from "../cbor/index.js";
import { asBytes, asLabelled, asText, asUint } from "../cbor/shape.js";
import type { Label } from "../cose/headers.js";
import { VagusError } from "../error/index.js";
import { CLAIM, type Claims } from "./claims.js";

/** zlib's format (RFC 1950), which the engine on a device does not have. */
export interface Zlib {
  deflate(bytes: Uint8Array): Uint8Array;
  /** @throws for anything that is not zlib's, or comes to more than `maxSize` bytes. */
  inflate(bytes: Uint8Array, maxSize: number): Uint8Array;
}

/** Status types (section 7.1). */
export const STATUS = { valid: 0, invalid: 1, suspended: 2 } as const;

export type StatusBits = 1 | 2 | 4 | 8;

/** Inflated lists are at most this long unless the caller says otherwise: eight million tokens of one bit. */
export const MAX_STATUS_LIST = 1 << 20;

//  byte 0          byte 1
//  7 6 5 4 3 2 1 0 7 6 5 4 …     indices with one bit; with two, index 0 is bits 1 and 0, and so on (section 4.1)
export class StatusList {
  readonly bits: StatusBits;
  readonly bytes: Uint8Array;

  constructor(bits: StatusBits, bytes: Uint8Array) {
    this.bits = bits;
    this.bytes = bytes;
  }

  /** All tokens valid. */
  static empty(bits: StatusBits, count: number): StatusList {
    return new StatusList(bits, new Uint8Array(Math.ceil((count * bits) / 8)));
  }

  /** How many tokens it has room for. */
  get size(): number {
    return (this.bytes.length * 8) / this.bits;
  }

  /** @throws VagusError `cwt/status` for an index beyond the list. */
  get(index: number): number {
    const shift = this.#shift(index);
    return (this.bytes[Math.floor((index * this.bits) / 8)] >> shift) & ((1 << this.bits) - 1);
  }

  set(index: number, status: number): void {
    const mask = (1 << this.bits) - 1;
    if (!(Number.isInteger(status) && status >= 0 && status <= mask)) {
      throw new VagusError("cwt/status", `expected a status up to ${mask}, came ${status}`);
    }
    const shift = this.#shift(index);
    const at = Math.floor((index * this.bits) / 8);
    this.bytes[at] = (this.bytes[at] & ~(mask << shift)) | (status << shift);
  }

  #shift(index: number): number {
    if (!(Number.isInteger(index) && index >= 0 && index < this.size)) {
      throw new VagusError("cwt/status", `expected an index below ${this.size}, came ${index}`);
    }
    return (index * this.bits) % 8;
  }
}

/** Where a token's status stands (section 6.3). */
export interface StatusReference {
  index: number;
  uri: string;
}

/** A status list with what its token says about it. Times in seconds. */
export interface StatusListToken {
  uri: string;
  iat: number;
  exp?: number;
  ttl?: number;
  list: StatusList;
}

// StatusList = { "bits": 1 / 2 / 4 / 8, "lst": bstr (zlib), ? "aggregation_uri": tstr }   (section 4.3)
/** The list alone, as it stands in the claim 65533. */
export function encodeStatusList(list: StatusList, zlib: Zlib): CborValue {
  return new Map<CborValue, CborValue>([
    ["bits", list.bits],
    ["lst", zlib.deflate(list.bytes)],
  ]);
}

/** @throws VagusError `cwt/status` */
export function decodeStatusList(value: CborValue, zlib: Zlib, maxSize = MAX_STATUS_LIST): StatusList {
  const map = asLabelled(value, "cwt/status", "status_list");
  const bits = asUint(map.get("bits"), "cwt/status", "bits", 8);
  if (bits !== 1 && bits !== 2 && bits !== 4 && bits !== 8) {
    throw new VagusError("cwt/status", `expected 1, 2, 4 or 8 bits, came ${bits}`);
  }
  const compressed = asBytes(map.get("lst"), "cwt/status", "lst");
  let bytes: Uint8Array;
  try {
    bytes = zlib.inflate(compressed, maxSize);
  } catch {
    throw new VagusError("cwt/status", `lst: expected zlib's format and at most ${maxSize} bytes inflated`);
  }
  if (bytes.length > maxSize) throw new VagusError("cwt/status", `lst: at most ${maxSize} bytes inflated`);
  return new StatusList(bits, bytes);
}

/** The claims of a status list token (section 5.2), to be signed as `TYP.statusList`. */
export function statusListClaims(token: StatusListToken, zlib: Zlib): Claims {
  const claims: Claims = new Map<Label, CborValue>([
    [CLAIM.sub, token.uri],
    [CLAIM.iat, token.iat],
  ]);
  if (token.exp !== undefined) claims.set(CLAIM.exp, token.exp);
  if (token.ttl !== undefined) claims.set(CLAIM.ttl, token.ttl);
  return claims.set(CLAIM.statusList, encodeStatusList(token.list, zlib));
}

/** The other way, from a token that `verifyCwt` accepted. @throws VagusError `cwt/status` */
export function readStatusListToken(claims: Claims, zlib: Zlib, maxSize?: number): StatusListToken {
  const token: StatusListToken = {
    uri: asText(claims.get(CLAIM.sub), "cwt/status", "sub"),
    iat: asUint(claims.get(CLAIM.iat), "cwt/status", "iat"),
    list: decodeStatusList(claims.get(CLAIM.statusList), zlib, maxSize),
  };
  if (claims.has(CLAIM.exp)) token.exp = asUint(claims.get(CLAIM.exp), "cwt/status", "exp");
  if (claims.has(CLAIM.ttl)) token.ttl = asUint(claims.get(CLAIM.ttl), "cwt/status", "ttl");
  return token;
}

// status = { "status_list": { "idx": uint, "uri": tstr } }
export function statusClaim(reference: StatusReference): CborValue {
  const list = new Map<CborValue, CborValue>([
    ["idx", reference.index],
    ["uri", reference.uri],
  ]);
  return new Map<CborValue, CborValue>([["status_list", list]]);
}

/** Where the status of a token with these claims stands. @throws VagusError `cwt/status` where it names no list. */
export function statusReference(claims: Claims): StatusReference {
  const status = asLabelled(claims.get(CLAIM.status), "cwt/status", "status");
  const list = asLabelled(status.get("status_list"), "cwt/status", "status_list");
  return {
    index: asUint(list.get("idx"), "cwt/status", "idx"),
    uri: asText(list.get("uri"), "cwt/status", "uri"),
  };
}

/**
 * May `next` take the place of `previous`? Its `iat` never goes back, so that an old list cannot undo a revocation.
 * @throws VagusError `cwt/status`
 */
export function checkSuccession(previous: StatusListToken | undefined, next: StatusListToken): void {
  if (previous === undefined) return;
  if (previous.uri !== next.uri) {
    throw new VagusError("cwt/status", `expected the list ${previous.uri}, came ${next.uri}`);
  }
  if (next.iat < previous.iat) {
    throw new VagusError("cwt/status", `expected iat from ${previous.iat} on, came ${next.iat}`);
  }
}

/** Has the list to be fetched anew at `now`: is it past its `exp`, or held longer than its `ttl` (section 13.7)? */
export function isStale(token: StatusListToken, fetchedAt: number, now: number): boolean {
  if (token.exp !== undefined && now >= token.exp) return true;
  return token.ttl !== undefined && now >= fetchedAt + token.ttl;
}

/** The status that a reference has in this list. @throws VagusError `cwt/status` for another list or index. */
export function lookUpStatus(token: StatusListToken, reference: StatusReference): number {
  if (token.uri !== reference.uri) {
    throw new VagusError("cwt/status", `expected the list ${reference.uri}, came ${token.uri}`);
  }
  return token.list.get(reference.index);
}
