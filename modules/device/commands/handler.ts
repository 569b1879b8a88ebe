import type { AuditLog } from "../../audit/index.js";
import type { CborValue } from "../../cbor/index.js";
import type { Holder } from "../../credential/index.js";
import type { Crypto } from "../../crypto/port.js";
import type { Journal } from "../../journal/index.js";
import type { Cursor } from "../../reading/index.js";
import type { Recorder } from "../recorder.js";
import type { Rights } from "../rights.js";

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

export interface Handler {
  /** Any of these scopes will do; none: everybody may. */
  readonly needs: readonly string[];
  run(parameters: CborValue, target: CommandTarget, session: CommandSession): CborValue | Promise<CborValue>;
}

/** Handlers of some commands, by their names. */
export type Handlers<Name extends string> = Readonly<Record<Name, Handler>>;
