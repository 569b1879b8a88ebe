/**
 * What a programmer does to what a device holds: the Authority's word, lists, credentials, anchors, time. Each works on
 * an open session; who answers for the Authority, and how it is reached, is the caller's.
 */
import type { CborValue } from "../../modules/cbor/index.js";
import { asBytes, asUint } from "../../modules/cbor/shape.js";
import { CRV } from "../../modules/cose/index.js";
import {
  type Anchor,
  type Credential,
  type NamedKey,
  requestFreshness,
  type SelfRevocation,
  verifyRequest,
  verifySelfRevocation,
} from "../../modules/credential/index.js";
import type { Crypto, PrivateKey, SigningCurve } from "../../modules/crypto/port.js";
import { VagusError } from "../../modules/error/index.js";
import type { CommandName } from "../../modules/session/index.js";

const MALFORMED = "session/malformed";

/** Commands that leave the session as it is: `rekey` and `close` are the programmer's own. */
export type PlainCommand = Exclude<CommandName, "rekey" | "close">;

/** A session with a device: a `Programmer`. */
export interface Managed {
  /** Whom it is with. */
  readonly device: Credential;
  command(name: PlainCommand, parameters: CborValue): Promise<CborValue>;
}

/** A device's self-revocation (typ 65012), verified with the key of its session, and as it came. */
export interface Farewell extends SelfRevocation {
  readonly token: Uint8Array;
}

/** A nonce of this session: 16 bytes, good once, for 60 s of the device's uptime. */
export async function challenge(session: Managed): Promise<Uint8Array> {
  return asBytes(await session.command("challenge", null), MALFORMED, "nonce");
}

/** The Authority's answer to a freshness request. */
export interface FreshnessAnswer {
  readonly token: Uint8Array;
  /** The newest revocation list for the device: handed over where the device has an older one. */
  readonly list?: Uint8Array;
}

export interface Asking {
  readonly crypto: Crypto;
  /** The session's own. */
  readonly key: PrivateKey<SigningCurve>;
  readonly anchor: Pick<Anchor, "kid">;
  /** Seconds since 1970. */
  readonly now: number;
  ask(request: Uint8Array): Promise<FreshnessAnswer>;
}

/** A freshness request: who asks the Authority, for this device, over a nonce of the session with it. */
export function signedRequest(
  session: Managed,
  { crypto, key, anchor, now }: Omit<Asking, "ask">,
  nonce: Uint8Array,
): Promise<Uint8Array> {
  return requestFreshness(crypto, key, anchor, { nonce, device: session.device.subject, issued: now });
}

/**
 * Gets this session the Authority's word. Where that is newer than the device's revocation list, the list goes first.
 * @returns for how many seconds the rights hold
 * @throws VagusError `credential/epoch` where the list is needed and the answer has none, `credential/freshness`, `cwt/…`
 */
export async function freshen(session: Managed, asking: Asking): Promise<number> {
  const { token, list } = await asking.ask(await signedRequest(session, asking, await challenge(session)));
  const present = async () => asUint(await session.command("freshness", token), MALFORMED, "seconds");
  try {
    return await present();
  } catch (error) {
    const older = error instanceof VagusError && error.code === "credential/epoch";
    if (!older || list === undefined) throw error;
    await carry(session, list, asking.crypto);
    return present();
  }
}

/**
 * Hands over a revocation list. A session that rests on a key of it ends at once, and the answer may be lost with it.
 * @returns the device's self-revocation, where it was itself on the list
 * @throws VagusError `credential/epoch` for a list that is not newer, `gatt/disconnected`, `cwt/…`
 */
export async function carry(
  session: Managed,
  list: Uint8Array,
  crypto: Crypto,
): Promise<Farewell | undefined> {
  const farewell = await session.command("list", list);
  return farewell === null ? undefined : verifyFarewell(session, farewell, crypto);
}

/** The device purges its key, and signs that it did. @throws VagusError `credential/freshness`, `session/scope` */
export async function revoke(session: Managed, crypto: Crypto): Promise<Farewell> {
  return verifyFarewell(session, await session.command("revoke", null), crypto);
}

/**
 * Gives the device a new credential: for the key that it has or, where a curve is named, for a new one. What the device
 * signs after that is the new key's: open another session to rotate again, or to believe its farewell.
 * @param issue the Authority's part: a device's credential for this key, which this request (typ 65013) names
 * @throws VagusError `credential/request`, `credential/holder`, `credential/freshness`, `device/busy`, `cwt/…`
 */
export async function rotate(
  session: Managed,
  options: {
    readonly crypto: Crypto;
    readonly newKeyOn?: SigningCurve;
    issue(holder: NamedKey, request: Uint8Array): Promise<Uint8Array>;
  },
): Promise<void> {
  const { crypto, newKeyOn, issue } = options;
  const { holder, request } = await identify(session, crypto, newKeyOn);
  await session.command("rotate", await issue(holder, request));
}

/**
 * The device's own request for a credential (typ 65013): of the key that it has or, where a curve is named, of a new one.
 * @throws VagusError `credential/request`, `credential/freshness`, `session/scope`
 */
export async function identify(
  session: Managed,
  crypto: Crypto,
  newKeyOn?: SigningCurve,
): Promise<{ readonly holder: NamedKey; readonly request: Uint8Array }> {
  const reply = await session.command("identify", newKeyOn === undefined ? null : CRV[newKeyOn]);
  const request = asBytes(reply, MALFORMED, "request").slice();
  return { holder: verifyRequest(crypto, request, deviceKey(session)), request };
}

/**
 * The device goes over to the next Authority, and ends the session.
 * @param rotation signed by the old anchor
 * @param credential the new Authority's, for the key that the device has
 * @throws VagusError `credential/anchor`, `credential/holder`, `credential/freshness`, `device/busy`, `cwt/…`
 */
export async function rotateAnchor(
  session: Managed,
  rotation: Uint8Array,
  credential: Uint8Array,
): Promise<void> {
  await session.command("anchor", [rotation, credential]);
}

/** Sets the device's floor of time. @param ask the Authority's part: a reset token over this nonce */
export async function resetTime(
  session: Managed,
  ask: (nonce: Uint8Array) => Promise<Uint8Array>,
): Promise<void> {
  await session.command("time", await ask(await challenge(session)));
}

function verifyFarewell(session: Managed, farewell: CborValue, crypto: Crypto): Farewell {
  const token = asBytes(farewell, MALFORMED, "self-revocation");
  const said = verifySelfRevocation(crypto, token, deviceKey(session));
  if (said.device === session.device.subject) return { ...said, token: token.slice() };
  throw new VagusError(
    MALFORMED,
    `expected the self-revocation of ${session.device.subject}, came that of ${said.device}`,
  );
}

function deviceKey({ device: { key, kid } }: Managed): NamedKey {
  return { ...key, kid };
}
