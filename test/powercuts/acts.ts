/** What a device does that changes flash: each makes its tokens ready, and gives the steps in which the world hears of it. */
import { toHex } from "../../modules/bytes/index.js";
import {
  Challenge,
  issueAnchorRotation,
  issueFreshness,
  issueRevocationList,
  issueTimeReset,
  SAVE_S,
  type TrustedPeer,
  verifyTimeReset,
} from "../../modules/credential/index.js";
import { CLAIM, parseCwtUnverified } from "../../modules/cwt/index.js";
import { RATION } from "../../modules/device/ration.js";
import { Rights } from "../../modules/device/rights.js";
import { decodeCti, PREV_LENGTH, RESERVED } from "../../modules/reading/index.js";
import { GROUP } from "../modules/device/clinic.js";
import type { Bench } from "./bench.js";
import type { NorFlash } from "./nor.js";
import type { Running } from "./subject.js";
import { type Told, tokensLeft } from "./told.js";

/** Returns when the world has heard of it. */
export type Step = () => unknown;
export type Ready = (device: Running, bench: Bench, told: Told) => Promise<Step[]> | Step[];

export const provisioning: Ready = async (device, bench) => {
  const token = await bench.credential(device, { fresh: true });
  return [() => device.holder.provision(token, bench.clinic.anchorKey)];
};

/** A list of others' keys, and of `kids`. */
export async function listed(
  { holder }: Running,
  { crypto, clinic }: Bench,
  kids: Uint8Array[],
  told?: Told,
): Promise<Step[]> {
  const others = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => new Uint8Array(8).fill(n));
  const list = { epoch: holder.epoch + 1, issued: holder.floor.seconds + 60 };
  const content = { ...list, audience: GROUP, revoked: [...others, ...kids] };
  const token = await issueRevocationList(crypto, clinic.authority, content);
  if (told !== undefined) told.list = list;
  return [() => holder.takeList(token)];
}

export const rotation =
  (fresh: boolean): Ready =>
  async (device, bench) => {
    const token = await bench.credential(device, { fresh });
    return [() => device.holder.rotate(token)];
  };

export async function anchorRotation(device: Running, bench: Bench): Promise<Step[]> {
  const { holder } = device;
  const [old, next] =
    toHex(holder.anchor!.kid) === toHex(bench.clinic.anchor.kid)
      ? [bench.clinic, bench.next]
      : [bench.next, bench.clinic];
  const credential = await bench.credential(device, { fresh: false, authority: next });
  const issued = holder.floor.seconds + 120;
  const content = { next: next.anchor, audience: GROUP, issued };
  const token = await issueAnchorRotation(bench.crypto, old.authority, content);
  return [() => holder.rotateAnchor(token, credential)];
}

export async function freshness({ holder }: Running, { crypto, clinic }: Bench): Promise<Step[]> {
  const rights = new Rights({ credential: clinic.credential } as TrustedPeer);
  const token = await issueFreshness(crypto, clinic.authority, {
    nonce: rights.challenge(crypto, 0),
    device: holder.own!.credential.subject,
    issued: holder.floor.seconds + 3600,
    programmer: clinic.credential.kid,
    epoch: holder.epoch,
  });
  return [() => rights.refresh(crypto, holder, token, 0)];
}

export async function timeReset({ holder }: Running, { crypto, clinic }: Bench): Promise<Step[]> {
  const challenge = new Challenge(crypto, 0);
  const device = holder.own!.credential.subject;
  const { nonce } = challenge;
  const issued = holder.floor.seconds - 1000;
  const token = await issueTimeReset(crypto, clinic.authority, { nonce, device, issued });
  return [
    () => {
      const seconds = verifyTimeReset(crypto, token, { anchor: clinic.anchor, device, nonce });
      holder.floor.reset(seconds, challenge.ageS);
    },
  ];
}

/** Handshakes that all fail, until there is none left; then the bucket fills, and one more; and all of it again. */
export function rationing({ flash, ration }: Running, _: Bench, told: Told): Step[] {
  told.tokens = tokensLeft((flash as NorFlash).image);
  let nowMs = 0;
  const take: Step = () => {
    if (ration.take(nowMs)) told.tokens!--;
  };
  const fill: Step = () => {
    nowMs += RATION.capacity * RATION.refillMs;
    told.tokens = RATION.capacity;
  };
  const all = new Array<Step>(RATION.capacity).fill(take);
  return [...all, fill, ...all, fill, take];
}

export function uptime({ holder, clock }: Running): Step[] {
  return [
    () => {
      clock.nowMs += SAVE_S * 1000;
      holder.floor.save();
    },
  ];
}

/** Streams at once, each of which reserves sequences at its header and once under way, for the others too. */
export const streaming =
  (...streams: readonly number[]): Ready =>
  ({ recorders, turn, made }, { crypto }, told) => [
    async () => {
      const these = recorders.filter(({ stream }) => streams.includes(stream));
      for (const recorder of these) recorder.start(1000, RESERVED);
      for (let at = 0; these.some(({ running }) => running) || turn.making || made.tokens.length > 0; at++) {
        if (turn.making === undefined) these[at % these.length]!.make();
        await Promise.resolve();
        if (made.failure !== undefined) throw made.failure;
        const token = made.tokens.shift();
        if (token === undefined) continue;
        const { boot, stream, sequence } = decodeCti(parseCwtUnverified(token).claims.get(CLAIM.cti)!);
        const name = `${boot}.${stream}.${sequence}`;
        if (told.signed.has(name)) throw new Error(`cti ${name} twice`);
        told.signed.set(name, toHex(crypto.sha256(token).subarray(0, PREV_LENGTH)));
        told.last.set(stream, { boot, sequence });
      }
    },
  ];
