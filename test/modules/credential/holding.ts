/** Holders of the tests: on flash that shows its bytes, with a clock that stands until it is moved. */
import { cryptos } from "engine";
import type { CredentialContent } from "../../../modules/credential/index.js";
import { CREDENTIAL_SECTORS, Holder, verifyRequest } from "../../../modules/credential/index.js";
import type { Crypto } from "../../../modules/crypto/port.js";
import type { ErrorCode } from "../../../modules/error/index.js";
import { deep, ok, rejects } from "../../support/assert.js";
import { Clinic, MADE_AT } from "../device/clinic.js";
import { FailingFlash } from "../flash/failing.js";

export const crypto = cryptos[0]!;

export interface Held {
  readonly clinic: Clinic;
  readonly flash: FailingFlash;
  readonly holder: Holder;
  /** Milliseconds of the device's clock. */
  readonly clock: { now: number };
}

export function newFlash(): FailingFlash {
  return new FailingFlash(CREDENTIAL_SECTORS);
}

/** Starts a device on this flash. */
export function open(flash: FailingFlash, clock = { now: 0 }, by: Crypto = crypto): Promise<Holder> {
  return Holder.open(by, flash, { clockMs: () => clock.now, madeAt: MADE_AT });
}

/** A device that a clinic has provisioned. */
export async function provisioned(but: Partial<CredentialContent> = {}, given?: Clinic): Promise<Held> {
  const clinic = given ?? (await Clinic.open(crypto));
  const flash = newFlash();
  const clock = { now: 0 };
  const holder = await open(flash, clock);
  await clinic.provision(holder, but);
  return { clinic, flash, holder, clock };
}

/** The device's next credential: for a key that it makes now, or for the one that it has. */
export async function nextCredential(
  { clinic, holder }: Pick<Held, "clinic" | "holder">,
  key: "new" | "same",
  but: Partial<CredentialContent> = {},
): Promise<Uint8Array> {
  const request = await holder.request(key === "new" ? clinic.anchor.curve : undefined, true);
  const { own } = holder;
  const vouching = own && { ...own.credential.key, kid: own.kid };
  return clinic.issueDevice(verifyRequest(crypto, request, vouching), but);
}

/** All that can be told of a holder, in RAM and in flash. */
export function stateOf({ holder, flash }: Pick<Held, "holder" | "flash">): unknown[] {
  const { own, anchor, state, epoch, floor } = holder;
  const { seconds, uncertainty } = floor;
  return [
    state,
    own?.kid,
    own?.credential.token,
    anchor?.kid,
    epoch,
    seconds,
    uncertainty,
    flash.bytes.slice(),
  ];
}

/** The action is refused with this code, and neither RAM nor flash is changed: byte for byte. */
export async function unchanged(
  held: Pick<Held, "holder" | "flash">,
  code: ErrorCode,
  action: () => unknown,
): Promise<void> {
  const before = stateOf(held);
  await rejects(code, async () => action());
  deep(stateOf(held), before);
}

/** Is this somewhere in flash? */
export function holds(flash: Pick<FailingFlash, "bytes">, sought: Uint8Array): boolean {
  const { bytes } = flash;
  ok(sought.length >= 8, "too short to be sought");
  const first = sought[0]!;
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    let n = 1;
    while (n < sought.length && bytes[at + n] === sought[n]) n++;
    if (n === sought.length) return true;
  }
  return false;
}

export function flipped(token: Uint8Array, byte: number, bit = 0): Uint8Array {
  const other = token.slice();
  other[byte]! ^= 1 << bit;
  return other;
}
