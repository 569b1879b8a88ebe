/**
 * What goes through the two control flows once a session stands: commands and their replies.
 *
 *   command  [ id, command, parameters ]      id rises by one for each command of a session
 *   reply    [ id, 0, result ]                done
 *            [ id, code, detail ]             refused: an error's number and its text
 *
 *   1 identify   curve (6 Ed25519, 1 P-256) or null   a request (CWT, typ 65013): of a new key, or of the device's own
 *   2 start      [ stream, readingMs, readings ]    null; readings 0: until stop
 *   3 stop       [ stream ]                         null; the stream's head follows on telemetry
 *   4 provision  [ credential, anchor ]             null; the device's CWT, the Authority's encoded COSE_Key
 *   5 rekey      nonce (16 bytes)                   null; both sides go to new keys (EDHOC_KeyUpdate with the nonce):
 *                                                   the reply is the last message under the old ones
 *   6 close      null                               [ head, … ]: of the streams that ran and may be read; the session is over
 *   7 challenge  null                               a nonce of this session (16 bytes), good once, for 60 s
 *   8 freshness  token (CWT, typ 65009)             for how many seconds the rights hold
 *   9 list       token (CWT, typ 65008)             null, or the device's self-revocation (CWT, typ 65012)
 *  10 rotate     credential                         null; for the device's key, or the one last asked for by identify
 *  11 anchor     [ token (CWT, typ 65011), credential ]   null; the credential is the new Authority's
 *  12 time       token (CWT, typ 65010)             null; the floor of time is what it says
 *  13 revoke     null                               the self-revocation; the device's key is gone, the session over
 *  14 fetch      [ stream, boot, sequence ]         is the stream being recorded? From this token on, all that is kept and
 *                                                   all that comes, on telemetry
 *  15 release    [ stream, boot, sequence, hash ]   null; what is kept of the stream up to this token is given up; hash: the
 *                or [ …, operation ]                first 16 bytes of its SHA-256
 *  16 status     stream                             [ recording?, boot, sequence or null, bytes kept, bytes there are ]
 *  17 audit      [ 0 events | 1 failures, from, count ]   [ [ entry, … ], number, hash ]: the log's end
 *  18 parameters null                               [ in force, permanent, staged or null, flags, battery ], each set 21 numbers;
 *                                                   flags: 1 temporary, 2 Pace-Now, 4 a magnet; battery 0 BOL, 1 ERN, 2 ERT, 3 ERP
 *  19 stage      21 numbers                         [ hash, the 21 numbers ]: kept for this session, nothing has changed yet
 *  20 program    [ operation, hash, temporary? ]    null; the set of that hash is in force from the next cycle on
 *  21 paceNow    null                               null; the specification's fixed values, also when the session ends
 *  22 cancel     null                               null; Pace-Now and whatever is temporary are over
 *  23 outcome    [ operation, request ]             null: not done; true: under way; [ 0, result ]: done
 *  24 test       [ 0 impedance | 1 wave | 2 threshold, 0 atrium | 1 ventricle ]   null; it has begun
 *  25 testResult null                               null while it runs; then what `device/therapy/follow-up.ts` says
 *  26 heads      null                               [ token (CWT, typ 65017), … ]: how far each stream has come that may be read
 *
 *   operation  a number that the programmer chooses, of its key's own: the same command under the same number is done once
 *   request    the first 16 bytes of the SHA-256 of [ number, parameters ] of the command, encoded
 */
import { type CborValue, decode, encode } from "../cbor/index.js";
import { asArray, asText, asUint } from "../cbor/shape.js";
import type { Crypto } from "../crypto/port.js";

/** What an error says may name claims of the token that it refuses. */
const DETAIL_MAX = 1024;

export const COMMAND = {
  identify: 1,
  start: 2,
  stop: 3,
  provision: 4,
  rekey: 5,
  close: 6,
  challenge: 7,
  freshness: 8,
  list: 9,
  rotate: 10,
  anchor: 11,
  time: 12,
  revoke: 13,
  fetch: 14,
  release: 15,
  status: 16,
  audit: 17,
  parameters: 18,
  stage: 19,
  program: 20,
  paceNow: 21,
  cancel: 22,
  outcome: 23,
  test: 24,
  testResult: 25,
  heads: 26,
} as const;
export type CommandName = keyof typeof COMMAND;

export interface Command {
  readonly id: number;
  /** Undefined for a number that we do not know: a newer programmer's, to be refused by its id. */
  readonly name: CommandName | undefined;
  readonly parameters: CborValue;
}

export interface Reply {
  readonly id: number;
  /** 0, or the number of the error that refused the command. */
  readonly code: number;
  readonly result: CborValue;
}

export function encodeCommand(id: number, name: CommandName, parameters: CborValue): Uint8Array {
  return encode([id, COMMAND[name], parameters]);
}

export const REQUEST_HASH = 16;

/** What names a request when its outcome is asked for. */
export function requestHash(crypto: Crypto, name: CommandName, parameters: CborValue): Uint8Array {
  return crypto.sha256(encode([COMMAND[name], parameters])).slice(0, REQUEST_HASH);
}

/** @throws VagusError `session/malformed`, `cbor/…` */
export function decodeCommand(message: Uint8Array): Command {
  const [id, number, parameters] = asArray(decode(message), "session/malformed", "command", 3);
  const wanted = asUint(number, "session/malformed", "command number");
  const name = (Object.keys(COMMAND) as CommandName[]).find((known) => COMMAND[known] === wanted);
  return { id: asUint(id, "session/malformed", "command id"), name, parameters };
}

export function encodeReply(reply: Reply): Uint8Array {
  return encode([reply.id, reply.code, reply.result]);
}

/** @throws VagusError `session/malformed` */
export function decodeReply(message: Uint8Array): Reply {
  const [id, code, result] = asArray(
    decode(message, { maxText: DETAIL_MAX }),
    "session/malformed",
    "reply",
    3,
  );
  const number = asUint(code, "session/malformed", "reply code");
  if (number !== 0) asText(result, "session/malformed", "reply detail");
  return { id: asUint(id, "session/malformed", "reply id"), code: number, result };
}
