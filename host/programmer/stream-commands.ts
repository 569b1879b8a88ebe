/** What a programmer asks of a stream: each works on an open session, with a scope that the stream's class needs. */
import { asArray, asBoolean, asUint } from "../../modules/cbor/shape.js";
import type { Cursor } from "../../modules/reading/index.js";
import type { Managed } from "./manage.js";
import type { Operation } from "./operation.js";

const MALFORMED = "session/malformed";

/** How a stream stands on the device. */
export interface StreamStatus {
  readonly recording: boolean;
  /** The newest token that it has; undefined where there is none. */
  readonly last: Cursor | undefined;
  /** Of the journal, all streams together: bytes that are kept until they are released, and bytes that there are. */
  readonly usedBytes: number;
  readonly capacityBytes: number;
}

/**
 * Everything from this token on that the device has kept, in order, and then what it records, on telemetry.
 * @returns whether it records the stream now
 * @throws VagusError with the device's own code where it refuses; so all of these
 */
export async function fetchStream(session: Managed, stream: number, from: Cursor): Promise<boolean> {
  const recording = await session.command("fetch", [stream, from.boot, from.sequence]);
  return asBoolean(recording, MALFORMED, "recording");
}

/** A token that is named by its hash: whoever never had it does not know that. */
export interface NamedToken extends Cursor {
  readonly stream: number;
  /** The first 16 bytes of its SHA-256. */
  readonly hash: Uint8Array;
}

/**
 * The device gives up, for good, everything of the token's stream up to it. Asked twice it is done once.
 * @param again opens the next session, where the reply was lost with the link: then the device is asked what became of it
 * @throws VagusError `credential/freshness` without the Authority's word, `journal/release` for a token that is not there;
 *   where it was not done, what the link was lost for
 */
export async function releaseStream(
  session: Managed,
  operation: Operation,
  { stream, boot, sequence, hash }: NamedToken,
  again?: () => Promise<Managed>,
): Promise<void> {
  await operation.through(session, "release", (number) => [stream, boot, sequence, hash, number], again);
}

export async function streamStatus(session: Managed, stream: number): Promise<StreamStatus> {
  const reply = asArray(await session.command("status", stream), MALFORMED, "status", 5);
  const [boot, , used, capacity] = reply.slice(1).map((value) => (value === null ? 0 : uint(value)));
  return {
    recording: asBoolean(reply[0], MALFORMED, "recording"),
    last: reply[2] === null ? undefined : { boot, sequence: uint(reply[2]) },
    usedBytes: used,
    capacityBytes: capacity,
  };
}

const uint = (value: Parameters<typeof asUint>[0]) => asUint(value, MALFORMED, "number");
