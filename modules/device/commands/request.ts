/** Who asks, and for what: commands that are done once. */
import type { CborValue } from "../../cbor/index.js";
import { VagusError } from "../../error/index.js";
import { type CommandName, requestHash } from "../../session/index.js";
import type { Request } from "../therapy/operations.js";
import type { CommandSession, CommandTarget } from "./handler.js";
import { uint } from "./parameters.js";

/** @throws VagusError `session/scope` in a session of the label, where nobody knows who asks */
export function kidOf({ rights }: CommandSession): Uint8Array {
  if (rights.peer === undefined)
    throw new VagusError("session/scope", "expected a programmer, came a session of the label");
  return rights.peer.credential.kid;
}

export function requestOf(
  name: CommandName,
  operation: CborValue,
  parameters: CborValue,
  { crypto }: CommandTarget,
  session: CommandSession,
): Request {
  const hash = requestHash(crypto, name, parameters);
  return { who: kidOf(session), operation: uint(operation, "operation"), hash };
}
