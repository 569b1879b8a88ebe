/**
 * Device addresses (Core Specification 5.4, Vol 6 Part B section 1.3): 48 bits, public or random. What a random one is
 * its two highest bits say:
 *
 *   11  static     01  resolvable private: | hash (24) = ah(IRK, prand) | prand (24) |     00  non-resolvable private
 */
import { createCipheriv } from "node:crypto";
import { equal, joined, reversed } from "./octets.js";
import type { Seeded } from "./random.js";

export const PUBLIC = 0;
export const RANDOM = 1;

export interface Address {
  readonly type: number;
  /** Least significant octet first, as it goes over the air. */
  readonly octets: Uint8Array;
}

export const NOBODY: Address = { type: PUBLIC, octets: new Uint8Array(6) };

/** `C0:01:…` as it is written for people, most significant octet first. */
export function formatAddress({ octets }: Address): string {
  return [...reversed(octets)].map((octet) => octet.toString(16).padStart(2, "0").toUpperCase()).join(":");
}

/** @throws Error for what is no address */
export function parseAddress(text: string, type: number = PUBLIC): Address {
  if (!/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(text)) throw new Error(`expected an address, came ${text}`);
  return { type, octets: Uint8Array.from(text.split(":").reverse(), (octet) => Number.parseInt(octet, 16)) };
}

export function sameAddress(a: Address, b: Address): boolean {
  return a.type === b.type && equal(a.octets, b.octets);
}

export function isResolvable({ type, octets }: Address): boolean {
  return type === RANDOM && octets[5] >> 6 === 0b01;
}

/** The security function e (Vol 3 Part H section 2.2.1), everything most significant octet first. */
export function aes128(key: Uint8Array, plain: Uint8Array): Uint8Array {
  const cipher = createCipheriv("aes-128-ecb", key, null).setAutoPadding(false);
  return new Uint8Array(cipher.update(plain));
}

/** The random address hash function (Vol 3 Part H section 2.2.2). @param irk and prand, least significant octet first */
export function ah(irk: Uint8Array, prand: Uint8Array): Uint8Array {
  return reversed(aes128(reversed(irk), joined(new Uint8Array(13), reversed(prand)))).slice(0, 3);
}

/** A new resolvable private address (Vol 6 Part B section 1.3.2.2). */
export function privateAddress(irk: Uint8Array, random: Seeded): Address {
  const prand = random.bytes(3);
  prand[2] = 0x40 | (prand[2] & 0x3f);
  return { type: RANDOM, octets: joined(ah(irk, prand), prand) };
}

/** Is this address one of the identity that has this key (section 1.3.2.3)? */
export function resolves(irk: Uint8Array, address: Address): boolean {
  return isResolvable(address) && equal(ah(irk, address.octets.slice(3)), address.octets.slice(0, 3));
}
