/**
 * What taking credentials back costs: the lists for as many devices as were recalled in 2017, with one in a thousand
 * revoked, and the list that a device keeps.
 */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AuthorityFolder } from "../host/authority/folder.js";
import { encodeEvents, type IssuedEvent } from "../host/authority/ledger.js";
import { Office } from "../host/authority/office.js";
import { StatusChecker } from "../host/authority/status.js";
import { nodeZlib } from "../host/cose/zlib.js";
import { verifyRevocationList } from "../modules/credential/index.js";
import { createPortableCrypto } from "../modules/crypto/portable/index.js";
import { CLAIM, lookUpStatus, parseCwtUnverified, STATUS } from "../modules/cwt/index.js";

const CREDENTIALS = 465_000;
const REVOKED = 465;
const LISTED = 47;
const LOOK_UPS = 1_000_000;
const NOW = 1_800_000_000;
const DAY_S = 86_400;
const GROUP = "ward-3";

export interface RevocationFigures {
  readonly credentials: number;
  readonly revoked: number;
  /** The list as it is compressed, and the whole token, with its claims and signature. */
  readonly statusListBytes: number;
  readonly statusListTokenBytes: number;
  /** Of indices in the list, on this machine. */
  readonly lookUpsPerSecond: number;
  /** How long the ledger of so many takes to load, on this machine. */
  readonly ledgerLoadMs: number;
  readonly ledgerBytes: number;
  readonly deviceListKeys: number;
  /** The token for a device of a group with so many keys revoked. */
  readonly deviceListBytes: number;
}

/** @throws Error where a list does not say what was put into it */
export async function revocationFigures(): Promise<RevocationFigures> {
  const folder = mkdtempSync(join(tmpdir(), "vagus-bench-"));
  try {
    const devices = await authority(join(folder, "devices"), ledgerOfDevices());
    const wanted = drawn(REVOKED, CREDENTIALS);
    devices.office.revoke([...wanted].map((index) => devices.office.registry.at(index) as IssuedEvent));
    const token = await devices.office.statusList();
    const group = await authority(join(folder, "group"), ledgerOfGroup());
    group.office.revoke(Array.from({ length: LISTED }, (_, i) => group.office.registry.at(i) as IssuedEvent));
    const list = (await group.office.list(GROUP)) as Uint8Array;
    const { anchor } = group.office.authority;
    const { revoked } = verifyRevocationList(createPortableCrypto(), list, anchor, [GROUP]);
    if (revoked.length !== 8 * LISTED) throw new Error(`expected ${LISTED} keys, came ${revoked.length / 8}`);
    return {
      credentials: CREDENTIALS,
      revoked: REVOKED,
      statusListBytes: compressed(token),
      statusListTokenBytes: token.length,
      lookUpsPerSecond: lookUps(devices.office, token, wanted),
      ledgerLoadMs: devices.loadMs,
      ledgerBytes: devices.bytes,
      deviceListKeys: LISTED,
      deviceListBytes: list.length,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** An Authority with this ledger, opened as the command line opens it. */
async function authority(path: string, events: readonly IssuedEvent[]) {
  const crypto = createPortableCrypto();
  const facts = {
    name: "bench",
    curve: "Ed25519",
    statusUri: "https://status.invalid/vagus",
    created: "",
  } as const;
  const made = await AuthorityFolder.create(crypto, path, facts, "insecure");
  const text = encodeEvents(events);
  writeFileSync(made.file("ledger"), text);
  const started = performance.now();
  const folder = AuthorityFolder.open(crypto, path);
  const loadMs = Math.round(performance.now() - started);
  const { key } = await folder.unlock(crypto, async () => "");
  return { office: new Office(crypto, folder, key, () => NOW), loadMs, bytes: text.length };
}

/** `lst` of the token (draft-ietf-oauth-status-list section 4.3). */
function compressed(token: Uint8Array): number {
  const list = parseCwtUnverified(token).claims.get(CLAIM.statusList) as Map<string, Uint8Array>;
  return (list.get("lst") as Uint8Array).length;
}

/** All of them are looked up, then as many as make a million, and each answer is held against what was revoked. */
function lookUps(office: Office, token: Uint8Array, revoked: ReadonlySet<number>): number {
  const { anchor } = office.authority;
  const checker = new StatusChecker(createPortableCrypto(), { anchor, zlib: nodeZlib, now: () => NOW });
  const list = checker.take(token);
  const uri = list.uri;
  let invalid = 0;
  const started = performance.now();
  for (let i = 0; i < LOOK_UPS; i++) {
    if (lookUpStatus(list, { index: i % CREDENTIALS, uri }) !== STATUS.valid) invalid++;
  }
  const seconds = (performance.now() - started) / 1000;
  let expected = 0;
  for (let i = 0; i < LOOK_UPS; i++) if (revoked.has(i % CREDENTIALS)) expected++;
  if (invalid !== expected) throw new Error(`expected ${expected} revoked of ${LOOK_UPS}, came ${invalid}`);
  return Math.round(LOOK_UPS / seconds);
}

function ledgerOfDevices(): IssuedEvent[] {
  return Array.from({ length: CREDENTIALS }, (_, issued) => ({
    ...{ issued, kind: "device" as const, sub: name("sub", issued), kid: name("kid", issued) },
    ...{ aud: [`clinic-${issued % 1000}`], iat: NOW - DAY_S, exp: NOW + 3652 * DAY_S },
  }));
}

function ledgerOfGroup(): IssuedEvent[] {
  return Array.from({ length: LISTED + 1 }, (_, issued) => ({
    ...{ issued, kind: "programmer" as const, sub: name("sub", issued), kid: name("kid", issued) },
    ...{ aud: [GROUP], iat: NOW - DAY_S, exp: NOW + DAY_S },
  }));
}

function name(what: string, index: number): string {
  return createHash("sha256").update(`${what} ${index}`).digest().subarray(0, 8).toString("base64url");
}

/** So many different numbers below `below`, the same on every run. */
function drawn(count: number, below: number): Set<number> {
  const found = new Set<number>();
  for (let i = 0; found.size < count; i++) {
    found.add(createHash("sha256").update(`revoked ${i}`).digest().readUInt32BE(0) % below);
  }
  return found;
}
