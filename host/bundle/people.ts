/** Who signed what a bundle holds, by its credentials and its status lists: when each of them held. */
import { equal, toHex } from "../../modules/bytes/index.js";
import { HEADER, kidOf, parseSign1Unverified } from "../../modules/cose/index.js";
import {
  type Anchor,
  type Credential,
  verifyCredential,
  verifyDelegated,
} from "../../modules/credential/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import {
  CLAIM,
  lookUpStatus,
  parseCwtUnverified,
  STATUS,
  type StatusListToken,
  statusReference,
  TYP,
  type Zlib,
} from "../../modules/cwt/index.js";
import { VagusError } from "../../modules/error/index.js";
import { verifyStatusList } from "../authority/status-token.js";
import type { ReceiptSigner } from "../receipt/receipt.js";

/** What two clocks may differ by. */
const CLOCKS_DIFFER_S = 60;
/** A credential is to be shown to have held at any time of its life: what has ended since is not refused. */
const WHENEVER = { floor: 0 };

export class People {
  readonly #crypto: Crypto;
  readonly #anchor: Anchor;
  readonly #zlib: Zlib;
  readonly #devices: Credential[] = [];
  readonly #programmers: Credential[] = [];
  /** Each with the programmer that let it in. */
  readonly #hubs: { readonly hub: Credential; readonly parent: Credential }[] = [];
  readonly #lists: StatusListToken[] = [];

  constructor(crypto: Crypto, anchor: Anchor, zlib: Zlib) {
    this.#crypto = crypto;
    this.#anchor = anchor;
    this.#zlib = zlib;
  }

  /** The device's credentials, one for each key that it had. */
  get devices(): readonly Credential[] {
    return this.#devices;
  }

  get signers(): readonly Credential[] {
    return [...this.#programmers, ...this.#hubs.map(({ hub }) => hub)];
  }

  get signerKeys(): readonly ReceiptSigner[] {
    return this.signers.map(({ key, kid }) => ({ ...key, kid }));
  }

  /** @throws VagusError `host/bundle` for a second device; `cwt/…`, `cose/…`, `cbor/…` */
  addDevice(token: Uint8Array): void {
    const options = { kind: "device", anchor: this.#anchor, time: WHENEVER } as const;
    const device = verifyCredential(this.#crypto, token, options);
    const [first] = this.#devices;
    if (first !== undefined && first.subject !== device.subject) {
      throw new VagusError(
        "host/bundle",
        `expected one device, ${first.subject}, came ${device.subject} too`,
      );
    }
    this.#devices.push(device);
  }

  /** @throws VagusError `host/bundle` for a hub whose programmer is not there; `cwt/…`, `cose/…`, `cbor/…` */
  addSigner(token: Uint8Array): void {
    const message = parseSign1Unverified(token, { understood: [HEADER.typ] });
    if (message.protected.get(HEADER.typ) !== TYP.hubCredential) {
      const options = { kind: "programmer", anchor: this.#anchor, time: WHENEVER } as const;
      this.#programmers.push(verifyCredential(this.#crypto, token, options));
      return;
    }
    const kid = kidOf(message);
    const parent = this.#programmers.find((one) => kid !== undefined && equal(one.kid, kid));
    if (parent === undefined) {
      throw new VagusError("host/bundle", "expected the programmer before its hub, came a hub alone");
    }
    this.#hubs.push({ hub: verifyDelegated(this.#crypto, token, parent, { time: WHENEVER }), parent });
  }

  /** @throws VagusError `cwt/issuer`, `cwt/status`, `cwt/…`, `cose/…`, `cbor/…` */
  addStatusList(token: Uint8Array): void {
    const options = { anchor: this.#anchor, zlib: this.#zlib, time: WHENEVER };
    this.#lists.push(verifyStatusList(this.#crypto, token, options));
  }

  /** When the newest list that names this credential was made; undefined where it names none. */
  statusAsOf(credential: Credential): number | undefined {
    return this.#listsOf(credential)?.at(-1)?.iat;
  }

  /**
   * Until when a credential is known not to have been taken back, in seconds since 1970: Infinity where the newest list
   * still has it, else the time of the last one that did; -Infinity where none did. One that names no list always holds.
   * @throws VagusError `cwt/status` where its list is not there
   */
  heldUntil(credential: Credential): number {
    const hub = this.#hubs.find((one) => one.hub === credential);
    if (hub !== undefined) return this.heldUntil(hub.parent);
    const lists = this.#listsOf(credential);
    if (lists === undefined) return Infinity;
    const reference = statusReference(claimsOf(credential));
    const newest = lists.at(-1);
    if (newest === undefined) {
      throw new VagusError("cwt/status", `expected the status list ${reference.uri}, came none`);
    }
    if (lookUpStatus(newest, reference) === STATUS.valid) return Infinity;
    const held = lists.filter((list) => holds(list, reference));
    return held.at(-1)?.iat ?? -Infinity;
  }

  /**
   * Could whoever this is have signed that then, for this device?
   * @param what for the error, such as "receipt"
   * @throws VagusError `cwt/expired`, `cwt/not-yet`, `cwt/audience`, `cwt/status`
   */
  checkSigner(kid: Uint8Array, issued: number, what: string): Credential {
    const known = this.signers.filter((one) => equal(one.kid, kid));
    const credential = known.find((one) => inTime(one, issued)) ?? known[0];
    if (credential === undefined) {
      throw new VagusError("cose/key", `expected the credential of ${toHex(kid)}, came none`);
    }
    if (!inTime(credential, issued)) {
      const { issued: from, expires: to } = credential;
      const code = issued < from ? "cwt/not-yet" : "cwt/expired";
      throw new VagusError(code, `expected a ${what} of ${from} to ${to}, came one of ${issued}`);
    }
    const [device] = this.#devices;
    const reach = [device!.subject, ...device!.audience];
    if (!credential.audience.some((one) => reach.includes(one))) {
      throw new VagusError(
        "cwt/audience",
        `expected a ${what} of a programmer for ${reach.join(" or ")}, came one for ${credential.audience.join(", ")}`,
      );
    }
    const until = this.heldUntil(credential);
    if (issued > until) {
      throw new VagusError(
        "cwt/status",
        `expected a ${what} of a programmer that holds, came one of ${issued} by one revoked: ${heldInWords(until)}`,
      );
    }
    return credential;
  }

  /** Oldest first; undefined where the credential names no list. */
  #listsOf(credential: Credential): StatusListToken[] | undefined {
    const claims = claimsOf(credential);
    if (!claims.has(CLAIM.status)) return undefined;
    const { uri } = statusReference(claims);
    return this.#lists.filter((list) => list.uri === uri).sort((a, b) => a.iat - b.iat);
  }
}

function claimsOf({ token }: Credential) {
  return parseCwtUnverified(token).claims;
}

function holds(list: StatusListToken, reference: { index: number; uri: string }): boolean {
  try {
    return lookUpStatus(list, reference) === STATUS.valid;
  } catch {
    return false; // a list from before the credential has no room for it
  }
}

function inTime({ issued: from, expires: to }: Credential, issued: number): boolean {
  return issued >= from - CLOCKS_DIFFER_S && issued < to;
}

export function heldInWords(seconds: number): string {
  return seconds === -Infinity ? "no list here had it" : `known to have held until ${seconds}`;
}
