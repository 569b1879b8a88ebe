/** What is said of readings that were kept: fetched, declared, released; and what the audit log tells of it. */
import { AuditLog } from "../../modules/audit/index.js";
import type { Holder } from "../../modules/credential/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { Chronicle } from "../../modules/device/chronicle.js";
import { type CommandTarget, obey, type StreamTarget } from "../../modules/device/commands/index.js";
import { Rights } from "../../modules/device/rights.js";
import { Operations } from "../../modules/device/therapy/index.js";
import { VagusError } from "../../modules/error/index.js";
import { MemoryFlash } from "../../modules/flash/index.js";
import { Journal } from "../../modules/journal/index.js";
import { STREAM, signBoot, signGap } from "../../modules/reading/index.js";
import { type CommandName, decodeCommand, encodeCommand, encodeReply } from "../../modules/session/index.js";
import { type Add, NOW, type Parties } from "./made.js";
import { FORMAT } from "./stream.js";

const JOURNAL = { firstSector: 0, sectors: 6, boot: 1 };
const AUDIT = { firstSector: 6, sectors: 4, boot: 1 };
/** Any number of the programmer's own. */
const OPERATION = 117_964_800_000_008;
const UNCERTAIN = { seconds: NOW, uncertainty: null };

/** @param tokens of boot 1, from the header on */
export async function recording(
  crypto: Crypto,
  { device, programmer }: Parties,
  tokens: readonly Uint8Array[],
  add: Add,
): Promise<void> {
  const { credential } = programmer;
  const rights = new Rights({ cred: credential.token, key: credential.key, credential });
  const flash = new MemoryFlash(10);
  const journal = new Journal(crypto, flash, { ...JOURNAL, key: new Uint8Array(16) });
  for (const [sequence, token] of tokens.entries()) journal.append(STREAM.ecg, sequence, token);
  const holder = { floor: { seconds: NOW } } as Holder;
  const failed = (error: unknown) => {
    throw error;
  };
  const chronicle = new Chronicle(new AuditLog(crypto, flash, AUDIT), holder, failed);
  const target: CommandTarget = {
    crypto,
    holder,
    streams: { journal, running: () => false, follow: () => {} } as unknown as StreamTarget,
    audit: chronicle.log,
    operations: new Operations(flash, failed),
    pacing: undefined,
    nowMs: 0,
  };
  const session = { rights, rekey: () => {}, end: () => {} };
  const say = async (id: number, name: CommandName, parameters: Parameters<typeof encodeCommand>[2]) => {
    const command = add(`command ${name}`, encodeCommand(id, name, parameters));
    const result = await obey(decodeCommand(command), session, target);
    add(`reply to ${name}`, encodeReply({ id, code: 0, result }));
  };

  await say(2, "fetch", [STREAM.ecg, 1, 0]);
  await say(3, "status", STREAM.ecg);
  const hash = (token: Uint8Array) => crypto.sha256(token).slice(0, 16);
  const head = hash(tokens[2]);
  add("command release", encodeCommand(4, "release", [STREAM.ecg, 1, 2, head, OPERATION]));

  const signer = { crypto, key: device.key, kid: device.credential.kid };
  const gap = {
    stream: STREAM.ecg,
    first: { boot: 1, sequence: 0 },
    last: { boot: 1, sequence: 1 },
    lastHash: hash(tokens[1]),
    format: FORMAT,
    mixed: false,
  };
  const boot = { stream: STREAM.ecg, before: 1, ceiling: 256, last: { sequence: 2, hash: head } };
  add("boot", await signBoot(signer, { boot: 2, sequence: 0 }, UNCERTAIN, boot));
  add("gap", await signGap(signer, { boot: 2, sequence: 1 }, UNCERTAIN, gap));

  const who = credential.kid;
  chronicle.note("sessionOpened", who);
  chronicle.begin({ id: 1, name: "start", parameters: null }, who)();
  const [, entry] = chronicle.log.read("events", 1, 2);
  add("audit entry", entry);
  const refused = new VagusError("credential/freshness", "");
  for (let n = 0; n < 4; n++) chronicle.refused("commandRefused", refused, who);
  await say(5, "audit", [1, 1, 10]);
}
