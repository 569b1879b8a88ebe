import type { CborValue } from "../../cbor/index.js";
import { VagusError } from "../../error/index.js";
import type { Command, CommandName } from "../../session/index.js";
import { AUDITING } from "./audit.js";
import type { CommandSession, CommandTarget, Handlers } from "./handler.js";
import { IDENTITY } from "./identity.js";
import { PACING } from "./pacing.js";
import { SESSION } from "./session.js";
import { STREAMS } from "./streams.js";

export type { CommandSession, CommandTarget, StreamTarget } from "./handler.js";
export { releaser } from "./streams.js";

const HANDLERS: Handlers<CommandName> = { ...IDENTITY, ...SESSION, ...STREAMS, ...AUDITING, ...PACING };

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
  const { needs, withoutWord = false, run } = HANDLERS[name];
  const scopes = typeof needs === "function" ? needs(parameters) : needs;
  session.rights.demand(name, scopes, target.nowMs, withoutWord);
  return run(parameters, target, session);
}
