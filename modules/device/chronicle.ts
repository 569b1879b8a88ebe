import { AUDIT, type AuditEvent, type AuditLog } from "../audit/index.js";
import type { CborValue } from "../cbor/index.js";
import type { VagusError } from "../error/index.js";
import { COMMAND, type Command, type CommandName } from "../session/index.js";

/** Commands that only look, or belong to the session itself: they leave no trace. */
const QUIET: readonly (CommandName | undefined)[] = ["challenge", "rekey", "fetch", "status", "close"];

/** What became of commands, sessions and buttons, written into the audit log; what it cannot write it says. */
export class Chronicle {
  readonly log: AuditLog;
  readonly #seconds: () => number;
  readonly #failed: (error: unknown) => void;

  constructor(log: AuditLog, seconds: () => number, failed: (error: unknown) => void) {
    this.log = log;
    this.#seconds = seconds;
    this.#failed = failed;
  }

  note(event: AuditEvent, who: Uint8Array | null = null, detail: CborValue = null): void {
    this.#try(() => this.log.append({ at: this.#seconds(), event: AUDIT[event], who, detail }));
  }

  /** A refusal: counted apart. */
  refused(event: AuditEvent, error: VagusError, who: Uint8Array | null = null): void {
    this.#try(() => this.log.fail({ at: this.#seconds(), event: AUDIT[event], who, detail: error.number }));
  }

  done({ id, name }: Command, who: Uint8Array | null): void {
    if (name !== undefined && !QUIET.includes(name)) this.note("commandDone", who, [id, COMMAND[name]]);
  }

  /** Counts that are open go into flash: now and then, and before the log is read. */
  settle(): void {
    this.#try(() => this.log.settle(this.#seconds()));
  }

  #try(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.#failed(error);
    }
  }
}
