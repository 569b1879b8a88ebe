/** What examples are made with: fixed keys, "random" bytes that count, and a list that they are put on. */
import { Authority } from "../../host/authority/authority.js";
import { fromHex } from "../../modules/bytes/index.js";
import { type CredentialKind, SCOPE, verifyCredential } from "../../modules/credential/index.js";
import type { Crypto } from "../../modules/crypto/port.js";

export interface Example {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Puts a message on the page, and gives it back. */
export type Add = (name: string, bytes: Uint8Array) => Uint8Array;

export const LABEL = fromHex("000102030405060708090a0b0c0d0e0f");
export const NOW = 1_800_000_000;
export const GROUP = "clinic";
const STATUS = { index: 1, uri: "https://clinic.example/s" };

/** A "generator" that counts: every example can be made again by anyone. */
export function countingRandom(): (length: number) => Uint8Array {
  let next = 0;
  return (length) => Uint8Array.from({ length }, () => next++ & 0xff);
}

/** The private keys of the page: 32 times the same byte. */
export function fixedKey(crypto: Crypto, byte: number) {
  return crypto.importKey("Ed25519", new Uint8Array(32).fill(byte));
}

/** What the Authority says in every credential of the page. */
export const ISSUED = { audience: [GROUP], status: STATUS, now: NOW };

/** An Authority, a device and a programmer with credentials of it. */
export async function parties(crypto: Crypto, add: Add) {
  const authority = new Authority(crypto, await fixedKey(crypto, 1));
  const device = await fixedKey(crypto, 2);
  const programmer = await fixedKey(crypto, 3);
  add("anchor", authority.anchorKey);
  const believe = (kind: Exclude<CredentialKind, "hub">, token: Uint8Array) =>
    verifyCredential(crypto, token, { kind, anchor: authority.anchor, time: { floor: NOW } });
  const deviceToken = await authority.issue({ kind: "device", holder: device, ...ISSUED });
  const scope = Object.values(SCOPE);
  const programmerToken = await authority.issue({ kind: "programmer", holder: programmer, scope, ...ISSUED });
  return {
    authority,
    device: { key: device, credential: believe("device", add("device credential", deviceToken)) },
    programmer: {
      key: programmer,
      credential: believe("programmer", add("programmer credential", programmerToken)),
    },
  };
}

export type Parties = Awaited<ReturnType<typeof parties>>;
