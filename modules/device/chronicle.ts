import { AUDIT, type AuditEvent, type AuditLog } from "../audit/index.js";
import type { CborValue } from "../cbor/index.js";
import type { Holder } from "../credential/index.js";
import type { VagusError } from "../error/index.js";
import type { Command } from "../session/index.js";
import { deedOf } from "./deed.js";

/** What became of commands, sessions and buttons, written into the audit log; what it cannot write it says. */
export class Chronicle {
  readonly log: AuditLog;
  readonly #holder: Holder;
  readonly #failed: (error: unknown) => void;
  /** Has the session read the log? */
  #read = false;

  constructor(log: AuditLog, holder: Holder, failed: (error: unknown) => void) {
    this.log = log;
    this.#holder = holder;
    this.#failed = failed;
  }

  note(event: AuditEvent, who: Uint8Array | null = null, detail: CborValue = null): void {
    this.try(() => this.log.append({ at: this.seconds, event: AUDIT[event], who, detail }));
  }

  /** A refusal: counted apart. */
  refused(event: AuditEvent, error: VagusError, who: Uint8Array | null = null): void {
    this.try(() => this.log.fail({ at: this.seconds, event: AUDIT[event], who, detail: error.number }));
  }

  opened(who: Uint8Array | null): void {
    this.#read = false;
    this.note("sessionOpened", who);
  }

  /** A command is begun. @returns what to call when it is done */
  begin(command: Command, who: Uint8Array | null): () => void {
    const before = this.seconds;
    return () => {
      const deed = deedOf(command, this.#holder, before);
      if (deed === undefined || (this.#read && deed.event === "logRead")) return;
      this.#read ||= deed.event === "logRead"; // once a session, as reading it makes it longer
      this.note(deed.event, who, deed.detail);
    };
  }

  /** Counts that are open go into flash: now and then, and before the log is read. */
  settle(): void {
    this.try(() => this.log.settle(this.seconds));
  }

  private get seconds(): number {
    return this.#holder.floor.seconds;
  }

  private try(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.#failed(error);
    }
  }
}
