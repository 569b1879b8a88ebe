/** Bundles made from an Authority, a device and a programmer of the tests. */
import { Authority } from "../../../host/authority/authority.js";
import { type Verified, verifyBundle } from "../../../host/bundle/verify.js";
import { writeBundle } from "../../../host/bundle/write.js";
import { nodeZlib } from "../../../host/cose/zlib.js";
import { ReceiptBook } from "../../../host/receipt/receipt.js";
import { readSequence } from "../../../host/store/sequence.js";
import { concat, toHex } from "../../../modules/bytes/index.js";
import { encodeBlock } from "../../../modules/cardiac/index.js";
import type { VerificationKey } from "../../../modules/cose/index.js";
import {
  type Credential,
  type CredentialKind,
  delegate,
  verifyCredential,
  verifyDelegated,
} from "../../../modules/credential/index.js";
import type { Crypto, PrivateKey, SigningCurve } from "../../../modules/crypto/port.js";
import { createPortableCrypto } from "../../../modules/crypto/portable/index.js";
import { CLAIM, parseCwtUnverified, STATUS, StatusList } from "../../../modules/cwt/index.js";
import { type Cti, decodeCti, type StreamOptions, StreamWriter } from "../../../modules/reading/index.js";
import { FORMAT, samples } from "../../modules/reading/stream.js";

/** What was verified once is not verified again: of thousands of bundles that differ in a byte each. */
function remembering(crypto: Crypto): Crypto {
  const known = new Map<string, boolean>();
  const verify: Crypto["verify"] = (algorithm, publicKey, message, signature) => {
    const lengths = `${algorithm} ${publicKey.length} ${message.length}`;
    const name = `${lengths} ${toHex(crypto.sha256(concat(publicKey, message, signature)))}`;
    const good = known.get(name) ?? crypto.verify(algorithm, publicKey, message, signature);
    known.set(name, good);
    return good;
  };
  return Object.assign(Object.create(crypto) as Crypto, { verify });
}

export const crypto = remembering(createPortableCrypto({ deviceSecret: new Uint8Array(16).fill(1) }));
export const T0 = 1_700_000_000;
const URI = "https://clinic.example/s";
const GROUP = "ward";
const INDEX = { device: 0, programmer: 1, other: 2 };
export type Who = keyof typeof INDEX;

export interface Party {
  readonly key: PrivateKey<SigningCurve>;
  readonly credential: Credential;
}

function key(curve: SigningCurve, byte: number): Promise<PrivateKey<SigningCurve>> {
  return crypto.importKey(curve, new Uint8Array(32).fill(byte));
}

export function ctiOf(token: Uint8Array): Cti {
  return decodeCti(parseCwtUnverified(token).claims.get(CLAIM.cti));
}

export class World {
  readonly authority: Authority;
  readonly device: Party;
  readonly other: Party;
  readonly programmer: Party;

  private constructor(authority: Authority, device: Party, other: Party, programmer: Party) {
    this.authority = authority;
    this.device = device;
    this.other = other;
    this.programmer = programmer;
  }

  /** @param issued when its credentials were: seconds since 1970 */
  static async make(curve: SigningCurve = "Ed25519", issued = T0 - 1000): Promise<World> {
    const authority = new Authority(crypto, await key(curve, 1));
    const party = async (kind: Exclude<CredentialKind, "hub">, who: Who, byte: number): Promise<Party> => {
      const holder = await key(curve, byte);
      const token = await authority.issue({
        ...{ kind, holder, audience: [GROUP], now: issued },
        ...(kind === "programmer" ? { scope: ["ecg:read", "delegate"] } : {}),
        status: { index: INDEX[who], uri: URI },
      });
      const options = { kind, anchor: authority.anchor, time: { floor: 0 } };
      return { key: holder, credential: verifyCredential(crypto, token, options) };
    };
    return new World(
      authority,
      await party("device", "device", 2),
      await party("device", "other", 4),
      await party("programmer", "programmer", 3),
    );
  }

  /** Of another programmer, by its key. */
  credentialFor(holder: VerificationKey, now: number): Promise<Uint8Array> {
    return this.authority.issue({
      ...{ kind: "programmer", holder, audience: [GROUP], now, scope: ["ecg:read"] },
      status: { index: 3, uri: URI },
    });
  }

  /** A hub that the programmer let in. */
  async hub(): Promise<Party> {
    const holder = await key(this.authority.anchor.curve, 5);
    const { credential, key: parent } = this.programmer;
    const token = await delegate(crypto, parent, credential, {
      ...{ subject: new Uint8Array(8).fill(5), audience: [GROUP], holder, issued: T0, expires: T0 + 5000 },
      scope: ["ecg:read"],
    });
    return { key: holder, credential: verifyDelegated(crypto, token, credential, { time: { floor: 0 } }) };
  }

  list(issued: number, ...revoked: Who[]): Promise<Uint8Array> {
    const list = StatusList.empty(1, 16);
    for (const who of revoked) list.set(INDEX[who], STATUS.invalid);
    return this.authority.statusList({ uri: URI, iat: issued, list }, nodeZlib);
  }

  /** A stream: header, readings of ten samples, head. */
  async stream(
    readings: number,
    by: Party = this.device,
    options: Partial<StreamOptions> = {},
  ): Promise<Uint8Array[]> {
    const { key: signing, credential } = by;
    let seconds = T0;
    const writer = new StreamWriter({ crypto, key: signing, kid: credential.kid }, {
      ...{ boot: 1, stream: 1, firstSequence: 0, format: FORMAT, firstSample: 0 },
      ...{ time: () => ({ seconds: seconds++, uncertainty: 0 }), ...options },
    } as StreamOptions);
    const first = options.firstSample ?? 0;
    const tokens = [await writer.header()];
    for (let n = 0; n < readings; n++) {
      const at = first + 10 * n;
      tokens.push(await writer.reading(encodeBlock([samples(at, 10)]), at + 10));
    }
    tokens.push(await writer.head());
    return tokens;
  }

  async receipt(
    tokens: readonly Uint8Array[],
    issued: number,
    by: Party = this.programmer,
  ): Promise<Uint8Array> {
    const book = new ReceiptBook(crypto);
    for (const token of tokens) book.take(1, token, ctiOf(token));
    return (await book.sign(by.key, this.device.credential.subject, issued))[0]!;
  }
}

export interface Parts {
  devices: Uint8Array[];
  signers: Uint8Array[];
  statusLists: Uint8Array[];
  receipts: Uint8Array[];
  tokens: Uint8Array[];
}

/** What a good bundle of three readings has. */
export async function parts(world: World, readings = 3): Promise<Parts> {
  const tokens = await world.stream(readings);
  const half = Math.ceil(tokens.length / 2);
  return {
    devices: [world.device.credential.token],
    signers: [world.programmer.credential.token],
    statusLists: [await world.list(T0 + 50), await world.list(T0 + 200)],
    receipts: [
      await world.receipt(tokens.slice(0, half), T0 + 20),
      await world.receipt(tokens.slice(half), T0 + 100),
    ],
    tokens,
  };
}

export async function bundle(made: Parts, by: Party, issued = T0 + 300): Promise<Uint8Array> {
  const items: Uint8Array[] = [];
  for await (const item of writeBundle(crypto, by.key, issued, made)) items.push(item);
  return concat(...items);
}

export function itemsOf(bytes: Uint8Array, maxItem?: number): Uint8Array[] {
  const file = {
    length: bytes.length,
    read: (at: number, length: number) => bytes.subarray(at, at + length),
  };
  return [...readSequence(file, maxItem)].map((item) => item.bytes);
}

export function verify(bytes: Uint8Array, world: World, statusLists: Uint8Array[] = []): Verified {
  const file = {
    length: bytes.length,
    read: (at: number, length: number) => bytes.subarray(at, at + length),
  };
  const { anchor } = world.authority;
  return verifyBundle(crypto, readSequence(file), { anchor, zlib: nodeZlib, statusLists });
}
