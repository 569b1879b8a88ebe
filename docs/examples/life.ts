/** The life of a device that made its key itself: what is said to it, what it answers and what it holds. */
import { keyId } from "../../modules/cose/index.js";
import {
  ancestorItem,
  CREDENTIAL_SECTORS,
  delegate,
  Holder,
  type NamedKey,
  requestFreshness,
  SCOPE,
  SECTOR,
  verifyRequest,
} from "../../modules/credential/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { Rights } from "../../modules/device/rights.js";
import { encodeEad } from "../../modules/edhoc/ead.js";
import { VagusError } from "../../modules/error/index.js";
import { FlashRecord, MemoryFlash, SECTOR_SIZE } from "../../modules/flash/index.js";
import { chooseVersion, encodeCommand, encodeReply, offerVersions } from "../../modules/session/index.js";
import { type Add, fixedKey, GROUP, ISSUED, NOW, type Parties } from "./made.js";

const HOUR_S = 3600;

/** A programmer lets a hub in. @returns the hub's kid */
async function lending(crypto: Crypto, { programmer }: Parties, add: Add): Promise<Uint8Array> {
  const { key, credential: parent } = programmer;
  const hub = await fixedKey(crypto, 4);
  const token = await delegate(crypto, key, parent, {
    subject: crypto.random(8),
    audience: [GROUP],
    holder: hub,
    issued: NOW,
    expires: NOW + 12 * HOUR_S,
    scope: [SCOPE.ecgRead],
  });
  add("hub credential", token);
  add("EAD_2 of a hub", encodeEad([...chooseVersion(offerVersions()), ancestorItem(parent)]));
  return keyId(crypto, hub);
}

export async function life(crypto: Crypto, all: Parties, add: Add): Promise<void> {
  const { authority, programmer } = all;
  const hub = await lending(crypto, all, add);
  const flash = new MemoryFlash(CREDENTIAL_SECTORS);
  const holder = await Holder.open(crypto, flash, { clockMs: () => 0, madeAt: NOW });
  add("boot count in flash", flash.read(SECTOR.boot * SECTOR_SIZE, 20));
  const issue = (key: NamedKey) => authority.issue({ kind: "device", holder: key, ...ISSUED });
  const key = verifyRequest(crypto, await holder.request("Ed25519"));
  holder.provision(await issue(key), authority.anchorKey);
  const device = holder.own?.credential.subject as string;

  const { credential } = programmer;
  const rights = new Rights({ cred: credential.token, key: credential.key, credential });
  add("command challenge", encodeCommand(3, "challenge", null));
  const nonce = rights.challenge(crypto, 0);
  add("reply to challenge", encodeReply({ id: 3, code: 0, result: nonce }));
  const content = { nonce, device, issued: NOW };
  add("freshness request", await requestFreshness(crypto, programmer.key, authority.anchor, content));
  const token = await authority.freshness({ nonce, device, programmer: credential.kid, epoch: 1, now: NOW });
  add("freshness token", token);
  const listed = { audience: GROUP, epoch: 1, revoked: [hub], now: NOW };
  const list = add("revocation list", await authority.revocationList(listed));
  add(
    "reply to freshness, before the list",
    encodeReply(refusal(4, () => rights.refresh(crypto, holder, token, 0))),
  );
  add("command list", encodeCommand(5, "list", list));
  await holder.takeList(list);
  add("revocation list in flash", new FlashRecord(flash, SECTOR.revocation).value as Uint8Array);
  rights.refresh(crypto, holder, token, 0);
  add("reply to freshness", encodeReply({ id: 6, code: 0, result: 1800 }));

  const again = { nonce: rights.challenge(crypto, 0), device, now: NOW };
  add("time reset", await authority.timeReset(again));
  const request = add("request for a new key", await holder.request("Ed25519", true));
  const next = verifyRequest(crypto, request, key);
  holder.rotate(await issue(next));
  add("anchor rotation", await authority.handOver(await fixedKey(crypto, 5), GROUP, NOW));
  const last = await authority.revocationList({ ...listed, epoch: 2, revoked: [hub, next.kid] });
  add("self-revocation", (await holder.takeList(last)) as Uint8Array);
}

/** What a device answers where it refuses. */
function refusal(id: number, action: () => void) {
  try {
    action();
  } catch (error) {
    if (error instanceof VagusError) return { id, code: error.number, result: error.message };
    throw error;
  }
  throw new Error("expected a refusal");
}
