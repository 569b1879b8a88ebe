import type { AuditLog } from "../../audit/index.js";
import type { CborValue } from "../../cbor/index.js";
import type { Holder } from "../../credential/index.js";
import type { Crypto } from "../../crypto/port.js";
import type { Journal } from "../../journal/index.js";
import type { Cursor } from "../../reading/index.js";
import type { StreamRequest } from "../recorder.js";
import type { Rights } from "../rights.js";
import type { Operations } from "../therapy/operations.js";
import type { Pacing } from "../therapy/pacing.js";

/** What they do to streams: see `Streams`. */
export interface StreamTarget {
  readonly journal: Journal;
  running(stream?: number): boolean;
  start(request: StreamRequest): undefined | Promise<void>;
  stop(stream: number): void;
  follow(stream: number, from: Cursor): void;
  finish(may: (stream: number) => boolean): Promise<Uint8Array[]>;
  tips(may: (stream: number) => boolean): Promise<Uint8Array[]>;
}

/** What the commands act on. */
export interface CommandTarget {
  readonly crypto: Crypto;
  readonly holder: Holder;
  readonly streams: StreamTarget;
  readonly audit: AuditLog;
  readonly operations: Operations;
  /** None where the heart is a recorded one. */
  readonly pacing: Pacing | undefined;
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

export interface Handler {
  /** Any of these scopes will do, which may depend on the parameters; none: everybody may. */
  readonly needs: readonly string[] | ((parameters: CborValue) => readonly string[]);
  /** The Authority's word is not asked for, as for an emergency. */
  readonly withoutWord?: boolean;
  run(parameters: CborValue, target: CommandTarget, session: CommandSession): CborValue | Promise<CborValue>;
}

/** Handlers of some commands, by their names. */
export type Handlers<Name extends string> = Readonly<Record<Name, Handler>>;
