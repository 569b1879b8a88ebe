import type { CborValue } from "../cbor/index.js";
import { asArray, asBytes, asUint } from "../cbor/shape.js";
import { SCOPE } from "../credential/index.js";
import { CLAIM, type Claims, cnfOf, signCwt, TYP } from "../cwt/index.js";
import { VagusError } from "../error/index.js";
import { type Signer, STREAM } from "../reading/index.js";
import type { Command, CommandName } from "../session/index.js";
import { PROVISION } from "./handshake.js";
import type { Streamer } from "./streamer.js";

/** What a session needs for a command; every session may end itself and renew its keys. */
const NEEDS: Record<CommandName, string | undefined> = {
  identify: PROVISION,
  provision: PROVISION,
  start: SCOPE.ecgRead,
  stop: SCOPE.ecgRead,
  rekey: undefined,
  close: undefined,
};

/** What the commands act on. */
export interface CommandTarget {
  readonly signer: Signer;
  readonly streamer: Streamer;
  /** Keeps the device's credential and its anchor. @throws VagusError `credential/…`, `cwt/…` */
  provision(credential: Uint8Array, anchor: Uint8Array): void;
}

/** The session that a command came in. */
export interface CommandSession {
  readonly scope: readonly string[];
  /** Goes to new keys once the reply is sealed. */
  rekey(nonce: Uint8Array): void;
  /** The connection ends once the reply is out. */
  end(): void;
}

export const REKEY_NONCE_LENGTH = 16;
const PARAMETER = "device/parameter";

/**
 * Carries out a command. What is refused changes nothing.
 * @throws VagusError `session/scope`, `device/command`, `device/parameter`, `device/busy`, `credential/…`: what the
 *   reply then says
 */
export async function obey(
  { name, parameters }: Command,
  session: CommandSession,
  target: CommandTarget,
): Promise<CborValue> {
  if (name === undefined) {
    throw new VagusError(
      "device/command",
      "expected a command of this version, came one that it does not know",
    );
  }
  const needed = NEEDS[name];
  if (needed !== undefined && !session.scope.includes(needed)) {
    throw new VagusError(
      "session/scope",
      `${name}: expected a session with ${needed}, came one with ${session.scope.join(" ")}`,
    );
  }
  switch (name) {
    case "identify":
      return request(target.signer);
    case "provision": {
      const [credential, anchor] = asArray(parameters, PARAMETER, "parameters", 2);
      target.provision(asBytes(credential, PARAMETER, "credential"), asBytes(anchor, PARAMETER, "anchor"));
      return null;
    }
    case "start": {
      const [stream, readingMs, readings] = numbers(parameters, 3);
      checkStream(stream);
      target.streamer.start({ stream, readingMs, readings });
      return null;
    }
    case "stop":
      checkStream(numbers(parameters, 1)[0]);
      target.streamer.stop();
      return null;
    case "rekey":
      session.rekey(asBytes(parameters, PARAMETER, "nonce", REKEY_NONCE_LENGTH));
      return null;
    case "close":
      session.end();
      return (await target.streamer.finish()) ?? null;
  }
}

function numbers(parameters: CborValue, count: number): number[] {
  return asArray(parameters, PARAMETER, "parameters", count).map((value) =>
    asUint(value, PARAMETER, "parameter"),
  );
}

function checkStream(stream: number): void {
  if (stream !== STREAM.ecg) throw new VagusError(PARAMETER, `expected stream ${STREAM.ecg}, came ${stream}`);
}

/**
 * The device's request: a CWT of typ 65013 that carries its public key in `cnf` (RFC 8747) and is signed with that
 * key, so that whoever holds the label learns which key the device holds.
 */
export function request({ crypto, key, kid }: Signer): Promise<Uint8Array> {
  const claims: Claims = new Map<number, CborValue>([
    [CLAIM.cti, crypto.random(8)],
    [CLAIM.cnf, cnfOf({ curve: key.curve, publicKey: key.publicKey })],
  ]);
  return signCwt(crypto, key, { typ: TYP.request, kid, claims });
}
