/** A visit: parameters read, staged, programmed; what became of it; a test; and what is in flash behind it. */
import { NOMINAL, PacedHeart, parametersToNumbers } from "../../modules/cardiac/index.js";
import type { CborValue } from "../../modules/cbor/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { type CommandTarget, obey } from "../../modules/device/commands/index.js";
import type { DevicePorts } from "../../modules/device/index.js";
import { DEVICE_SECTOR } from "../../modules/device/layout.js";
import { Rights } from "../../modules/device/rights.js";
import { Therapy } from "../../modules/device/therapy/index.js";
import { FlashRecord, MemoryFlash } from "../../modules/flash/index.js";
import {
  type CommandName,
  decodeCommand,
  encodeCommand,
  encodeReply,
  requestHash,
} from "../../modules/session/index.js";
import type { Add, Parties } from "./made.js";

const OPERATION = 117_964_800_000_007;
const SLOWER = { ...NOMINAL, lowerRateLimitPpm: 50 };

export async function pacing(crypto: Crypto, { programmer }: Parties, add: Add): Promise<void> {
  const { credential } = programmer;
  const rights = new Rights({ cred: credential.token, key: credential.key, credential });
  rights.demand = () => {}; // the Authority's word has come
  const flash = new MemoryFlash(DEVICE_SECTOR.audit);
  const implant = new PacedHeart({ rhythm: "avb3" });
  const clock = { monotonicMs: () => 0, after: () => () => {} };
  const ports = { crypto, flash, implant, clock, sensor: { paced: true } } as unknown as DevicePorts;
  const { operations, pacing } = new Therapy(ports);
  const target = { crypto, operations, pacing, nowMs: 0 } as unknown as CommandTarget;
  const session = { rights, rekey: () => {}, end: () => {} };
  let id = 2;
  const say = async (name: CommandName, parameters: CborValue): Promise<CborValue> => {
    const command = add(`command ${name}`, encodeCommand(id, name, parameters));
    const result = await obey(decodeCommand(command), session, target);
    add(`reply to ${name}`, encodeReply({ id: id++, code: 0, result }));
    return result;
  };

  const [hash] = (await say("stage", parametersToNumbers(SLOWER))) as [Uint8Array];
  await say("parameters", null);
  const request = [OPERATION, hash, false];
  await say("program", request);
  await say("outcome", [OPERATION, requestHash(crypto, "program", request)]);
  await say("test", [0, 1]);
  implant.liveUntil(20_000);
  await say("testResult", null);
  add("pacing in flash", new FlashRecord(flash, DEVICE_SECTOR.pacing).value as Uint8Array);
  add("outcomes in flash", new FlashRecord(flash, DEVICE_SECTOR.outcomes).value as Uint8Array);
}
