import type { AuditLog } from "../audit/index.js";
import type { CborValue } from "../cbor/index.js";
import { asArray, asBytes, asUint } from "../cbor/shape.js";
import { CRV } from "../cose/index.js";
import { FRESH_MS, type Holder, SCOPE, verifyTimeReset } from "../credential/index.js";
import type { Crypto, SigningCurve } from "../crypto/port.js";
import { VagusError } from "../error/index.js";
import type { Journal } from "../journal/index.js";
import { type Cursor, PREV_LENGTH, STREAM } from "../reading/index.js";
import type { Command, CommandName } from "../session/index.js";
import type { Recorder, StreamRequest } from "./recorder.js";
import { PROVISION, type Rights } from "./rights.js";

/** What the commands act on. */
export interface CommandTarget {
  readonly crypto: Crypto;
  readonly holder: Holder;
  readonly recorder: Recorder;
  readonly journal: Journal;
  readonly audit: AuditLog;
  /** Does the session hear a stream? */
  readonly following: boolean;
  /** It hears this one from here on. */
  follow(stream: number, from: Cursor): void;
  /** Monotonic milliseconds. */
  readonly nowMs: number;
}

/** The session that a command came in. */
export interface CommandSession {
  readonly rights: Rights;
  /** Goes to new keys once the reply is sealed. */
  rekey(nonce: Uint8Array): void;
  /** The connection ends once the reply is out. */
  end(): void;
}

export const REKEY_NONCE_LENGTH = 16;
const PARAMETER = "device/parameter";
const MANAGE = [SCOPE.deviceManage];
const NOBODY_IN_PARTICULAR: readonly string[] = [];

interface Handler {
  /** Any of these scopes will do. */
  readonly needs: readonly string[];
  run(parameters: CborValue, target: CommandTarget, session: CommandSession): CborValue | Promise<CborValue>;
}

const HANDLERS: Record<CommandName, Handler> = {
  identify: {
    needs: [PROVISION, SCOPE.deviceManage],
    // the label vouches for what comes in its session, elsewhere the key that the device has
    run: (parameters, { holder }, { rights }) => holder.request(curve(parameters), rights.peer !== undefined),
  },
  provision: {
    needs: [PROVISION],
    run: (parameters, target) => {
      const [credential, anchor] = two(parameters, "credential", "anchor");
      const take = () => {
        target.holder.provision(credential, anchor);
        return null;
      };
      return target.recorder.running ? target.recorder.finish().then(take) : take(); // signed by the key before
    },
  },
  start: {
    needs: [SCOPE.ecgRead],
    run: (parameters, target) => {
      const [stream, readingMs, readings] = numbers(parameters, 3);
      checkStream(stream);
      return start({ stream, readingMs, readings }, target);
    },
  },
  stop: {
    needs: [SCOPE.ecgRead],
    run: (parameters, { recorder }) => {
      checkStream(numbers(parameters, 1)[0]);
      recorder.stop();
      return null;
    },
  },
  rekey: {
    needs: NOBODY_IN_PARTICULAR,
    run: (parameters, _, session) => {
      session.rekey(asBytes(parameters, PARAMETER, "nonce", REKEY_NONCE_LENGTH));
      return null;
    },
  },
  close: {
    needs: NOBODY_IN_PARTICULAR,
    run: (_, { recorder }, session) => {
      session.end();
      return session.rights.scope.includes(SCOPE.ecgRead) ? recorder.finish() : null;
    },
  },
  challenge: {
    needs: NOBODY_IN_PARTICULAR,
    run: (_, { crypto, nowMs }, { rights }) => rights.challenge(crypto, nowMs),
  },
  freshness: {
    needs: NOBODY_IN_PARTICULAR,
    run: (parameters, { crypto, holder, nowMs }, { rights }) => {
      rights.refresh(crypto, holder, asBytes(parameters, PARAMETER, "token"), nowMs);
      return FRESH_MS / 1000;
    },
  },
  list: {
    needs: NOBODY_IN_PARTICULAR,
    run: (parameters, { holder }, session) =>
      holder.takeList(asBytes(parameters, PARAMETER, "token")).then((farewell) => ended(session, farewell)),
  },
  rotate: {
    needs: MANAGE,
    run: (parameters, target) => {
      checkIdle(target.recorder);
      target.holder.rotate(asBytes(parameters, PARAMETER, "credential"));
      return null;
    },
  },
  anchor: {
    needs: MANAGE,
    run: (parameters, target, session) => {
      checkIdle(target.recorder);
      const [rotation, credential] = two(parameters, "token", "credential");
      target.holder.rotateAnchor(rotation, credential);
      session.end(); // its rights were the old Authority's
      return null;
    },
  },
  time: {
    needs: NOBODY_IN_PARTICULAR,
    run: (parameters, target, { rights }) => {
      resetTime(asBytes(parameters, PARAMETER, "token"), target, rights);
      return null;
    },
  },
  fetch: {
    needs: [SCOPE.ecgRead],
    run: (parameters, target) => {
      const [stream, boot, sequence] = numbers(parameters, 3);
      checkStream(stream);
      target.follow(stream, { boot, sequence });
      return target.recorder.running;
    },
  },
  release: {
    needs: [SCOPE.journalRelease],
    run: (parameters, { journal }) => {
      const [stream, boot, sequence, hash] = asArray(parameters, PARAMETER, "parameters", 4);
      const upTo = {
        boot: asUint(boot, PARAMETER, "boot"),
        sequence: asUint(sequence, PARAMETER, "sequence"),
      };
      const of = asUint(stream, PARAMETER, "stream");
      checkStream(of);
      journal.release(of, upTo, asBytes(hash, PARAMETER, "hash", PREV_LENGTH));
      journal.told(of, upTo);
      return null;
    },
  },
  status: {
    needs: [SCOPE.ecgRead],
    run: (parameters, { recorder, journal }) => {
      const stream = asUint(parameters, PARAMETER, "stream");
      checkStream(stream);
      const last = journal.last(stream);
      const { usedBytes, capacityBytes } = journal;
      return [recorder.running, last?.boot ?? 0, last?.sequence ?? null, usedBytes, capacityBytes];
    },
  },
  audit: {
    needs: [SCOPE.auditRead],
    run: (parameters, { audit, holder }) => {
      const [which, from, count] = numbers(parameters, 3);
      if (which > 1) throw new VagusError(PARAMETER, `expected events 0 or failures 1, came ${which}`);
      const kind = which === 0 ? "events" : "failures";
      audit.settle(holder.floor.seconds);
      const { number, hash } = audit.head(kind);
      return [audit.read(kind, from, count), number, hash];
    },
  },
  revoke: {
    needs: MANAGE,
    run: (_, { holder }, session) => holder.revoke().then((farewell) => ended(session, farewell)),
  },
};

/**
 * Carries out a command. What is refused changes nothing.
 * @throws VagusError `session/scope`, `device/command`, `device/parameter`, `device/busy`, `credential/…`, and what the
 *   tokens in it are refused for: what the reply then says
 */
export function obey(
  { name, parameters }: Command,
  session: CommandSession,
  target: CommandTarget,
): CborValue | Promise<CborValue> {
  if (name === undefined) {
    throw new VagusError(
      "device/command",
      "expected a command of this version, came one that it does not know",
    );
  }
  const { needs, run } = HANDLERS[name];
  session.rights.demand(name, needs, target.nowMs);
  return run(parameters, target, session);
}

/** A device that has just revoked itself says so, and that is the last of the session. */
function ended(session: CommandSession, farewell: Uint8Array | undefined): CborValue {
  if (farewell !== undefined) session.end();
  return farewell ?? null;
}

/** In any session: the token is the Authority's, over a nonce of this one. */
function resetTime(token: Uint8Array, { crypto, holder, nowMs }: CommandTarget, rights: Rights): void {
  const challenge = rights.outstanding(nowMs);
  const { own, anchor } = holder;
  if (own === undefined || anchor === undefined) {
    throw new VagusError(
      "device/unprovisioned",
      `expected a device with a credential, came one that is ${holder.state}`,
    );
  }
  const device = own.credential.subject;
  const seconds = verifyTimeReset(crypto, token, { anchor, device, nonce: challenge.nonce });
  challenge.use();
  holder.floor.reset(seconds, challenge.ageS);
}

/** A recording of an earlier session ends first, with its head; one of this session has to be stopped. */
function start(request: StreamRequest, target: CommandTarget): CborValue | Promise<CborValue> {
  const { recorder, following } = target;
  const begin = () => {
    target.follow(request.stream, recorder.start(request));
    return null;
  };
  return recorder.running && !following ? recorder.finish().then(begin) : begin();
}

/** A stream is signed by one key from its header to its head. */
function checkIdle(recorder: Recorder): void {
  if (recorder.running)
    throw new VagusError("device/busy", "expected no stream to be running, came a change of credential");
}

const CURVES: readonly SigningCurve[] = ["Ed25519", "P-256"];

function curve(parameters: CborValue): SigningCurve | undefined {
  if (parameters === null) return undefined;
  const crv = asUint(parameters, PARAMETER, "curve");
  const found = CURVES.find((name) => CRV[name] === crv);
  if (found !== undefined) return found;
  throw new VagusError(
    PARAMETER,
    `expected curve ${CURVES.map((name) => CRV[name]).join(" or ")}, came ${crv}`,
  );
}

function two(parameters: CborValue, first: string, second: string): [Uint8Array, Uint8Array] {
  const [a, b] = asArray(parameters, PARAMETER, "parameters", 2);
  return [asBytes(a, PARAMETER, first), asBytes(b, PARAMETER, second)];
}

function numbers(parameters: CborValue, count: number): number[] {
  return asArray(parameters, PARAMETER, "parameters", count).map((value) =>
    asUint(value, PARAMETER, "parameter"),
  );
}

function checkStream(stream: number): void {
  if (stream !== STREAM.ecg) throw new VagusError(PARAMETER, `expected stream ${STREAM.ecg}, came ${stream}`);
}
