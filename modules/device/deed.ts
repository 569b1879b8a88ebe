import type { AuditEvent } from "../audit/index.js";
import type { CborValue } from "../cbor/index.js";
import { asArray } from "../cbor/shape.js";
import type { Holder } from "../credential/index.js";
import { COMMAND, type Command, type CommandName } from "../session/index.js";

/** Commands that only look or belong to the session itself; and those of the pacer, which are told where they are done. */
const QUIET: readonly CommandName[] = [
  ...["challenge", "rekey", "fetch", "status", "heads", "close"],
  ...["parameters", "stage", "program", "paceNow", "cancel", "outcome", "testResult"],
] as CommandName[];

/** What the audit log tells of a command. */
export interface Deed {
  readonly event: AuditEvent;
  readonly detail: CborValue;
}

/**
 * What a command that is done has been; undefined for one that leaves no trace.
 * @param before the floor of time when it came
 */
export function deedOf({ id, name, parameters }: Command, holder: Holder, before: number): Deed | undefined {
  if (name === undefined || QUIET.includes(name)) return undefined;
  switch (name) {
    case "rotate":
      return { event: "credentialRotated", detail: null };
    case "anchor":
      return { event: "anchorRotated", detail: holder.anchor?.kid ?? null };
    case "list":
      return { event: "listTaken", detail: holder.epoch };
    case "time":
      return { event: "timeReset", detail: [before, holder.floor.seconds] };
    case "audit":
      return { event: "logRead", detail: null };
    case "release": {
      const [stream, , sequence] = asArray(parameters, "device/parameter", "parameters");
      return { event: "journalReleased", detail: [stream, sequence] };
    }
    default:
      return { event: "commandDone", detail: [id, COMMAND[name]] };
  }
}
