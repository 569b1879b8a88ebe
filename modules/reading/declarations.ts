/**
 * What the device declares of its streams: what it no longer has, and where a boot took over from the one before. Signed
 * as a stream's tokens are, outside of every chain: their `cti` is of stream 0, with a sequence of its own in each boot.
 *
 *   gap    typ 65005   -65542: [ stream, [ boot, sequence ], [ boot, sequence ], hash, format, uncertainty ]
 *   boot   typ 65006   -65543: [ stream, [ boot, ceiling ], [ sequence, hash ], uncertainty ]
 *   tip    typ 65017   -65546: [ stream, recording, [ boot, sequence, hash ], uncertainty ]
 *
 * A gap names the first and the last token that went without ever having been released, and the first 16 bytes of the
 * last one's SHA-256, which the token behind it has as `prev`; null where nobody can say. `format` is
 * [ rateHz, nanovoltsPerStep, [ channel, … ] ] of the last token that went and of what follows it, as the stream header may be
 * among what went; with a fourth item, true, where the first of them had another format; null where nobody can say.
 *
 * A boot names the boot before it in which the stream ran, the sequence that no token of that boot has reached, and the
 * last token that it wrote down; null where it wrote none down.
 *
 * A tip names the newest token of a stream that the device has, sent or not, released or not; null where there was none yet.
 */
import type { CborValue } from "../cbor/index.js";
import { asArray, asBoolean, asBytes, asUint } from "../cbor/shape.js";
import { CLAIM, type Claims, signCwt, TYP, type Typ } from "../cwt/index.js";
import { VagusError } from "../error/index.js";
import {
  asUncertainty,
  type Cursor,
  decodeFormat,
  encodeCti,
  encodeFormat,
  PREV_LENGTH,
  PRIVATE_CLAIM,
  type StreamFormat,
  type Uncertainty,
} from "./claims.js";
import type { DeviceTime, Signer } from "./writer.js";

const MALFORMED = "reading/malformed";

/** The stream in the `cti` of what is declared. */
export const DECLARATIONS = 0;

export interface Gap {
  readonly stream: number;
  readonly first: Cursor;
  readonly last: Cursor;
  readonly lastHash: Uint8Array | undefined;
  /** Of the last token. */
  readonly format: StreamFormat | undefined;
  /** Had the first token another format than the last? */
  readonly mixed: boolean;
}

export interface Boot {
  readonly stream: number;
  /** The boot count of the boot before. */
  readonly before: number;
  /** No token of that boot has this sequence or a higher one. */
  readonly ceiling: number;
  readonly last: { readonly sequence: number; readonly hash: Uint8Array } | undefined;
}

/** How far a stream has come. */
export interface Tip {
  readonly stream: number;
  readonly recording: boolean;
  readonly last: (Cursor & { readonly hash: Uint8Array }) | undefined;
}

interface Timed {
  readonly uncertainty: Uncertainty;
}

/** @param cti this boot, and a sequence that no other declaration of this boot has */
export function signGap(signer: Signer, cti: Cursor, time: DeviceTime, gap: Gap): Promise<Uint8Array> {
  const { stream, first, last, lastHash, format, mixed } = gap;
  const said = format === undefined ? null : encodeFormat(format);
  return sign(signer, cti, time, TYP.gap, PRIVATE_CLAIM.gap, [
    stream,
    [first.boot, first.sequence],
    [last.boot, last.sequence],
    lastHash ?? null,
    said !== null && mixed ? [...said, true] : said,
    time.uncertainty,
  ]);
}

/** @param cti this boot, and a sequence that no other declaration of this boot has */
export function signBoot(signer: Signer, cti: Cursor, time: DeviceTime, boot: Boot): Promise<Uint8Array> {
  const { stream, before, ceiling, last } = boot;
  return sign(signer, cti, time, TYP.boot, PRIVATE_CLAIM.boot, [
    stream,
    [before, ceiling],
    last === undefined ? null : [last.sequence, last.hash],
    time.uncertainty,
  ]);
}

/** @param cti this boot, and a sequence that no other declaration of this boot has */
export function signTip(signer: Signer, cti: Cursor, time: DeviceTime, tip: Tip): Promise<Uint8Array> {
  const { stream, recording, last } = tip;
  return sign(signer, cti, time, TYP.tip, PRIVATE_CLAIM.tip, [
    stream,
    recording,
    last === undefined ? null : [last.boot, last.sequence, last.hash],
    time.uncertainty,
  ]);
}

function sign(
  { crypto, key, kid }: Signer,
  cti: Cursor,
  time: DeviceTime,
  typ: Typ,
  label: number,
  claim: CborValue,
): Promise<Uint8Array> {
  const claims: Claims = new Map<number, CborValue>([
    [CLAIM.iat, time.seconds],
    [CLAIM.cti, encodeCti({ ...cti, stream: DECLARATIONS })],
    [label, claim],
  ]);
  return signCwt(crypto, key, { typ, kid, claims });
}

/** @throws VagusError `reading/malformed`; so the two below */
export function decodeGap(value: CborValue): Gap & Timed {
  const [stream, from, to, hash, format, uncertainty] = asArray(value, MALFORMED, "gap", 6);
  const [first, last] = [asCursor(from, "first token"), asCursor(to, "last token")];
  if (last.boot < first.boot || (last.boot === first.boot && last.sequence < first.sequence)) {
    throw new VagusError(MALFORMED, "expected a first token and a later one, came them the other way round");
  }
  return {
    stream: asUint(stream, MALFORMED, "stream", 255),
    first,
    last,
    lastHash: hash === null ? undefined : asBytes(hash, MALFORMED, "hash", PREV_LENGTH),
    ...decodeFormats(format),
    uncertainty: asUncertainty(uncertainty),
  };
}

function decodeFormats(value: CborValue): Pick<Gap, "format" | "mixed"> {
  if (value === null) return { format: undefined, mixed: false };
  const items = asArray(value, MALFORMED, "format");
  const mixed = items.length === 4 && items[3] === true;
  return { format: decodeFormat(mixed ? items.slice(0, 3) : items), mixed };
}

export function decodeBoot(value: CborValue): Boot & Timed {
  const [stream, reserved, last, uncertainty] = asArray(value, MALFORMED, "boot", 4);
  const { boot, sequence } = asCursor(reserved, "boot before");
  return {
    stream: asUint(stream, MALFORMED, "stream", 255),
    before: boot,
    ceiling: sequence,
    last: last === null ? undefined : asLast(last, sequence),
    uncertainty: asUncertainty(uncertainty),
  };
}

export function decodeTip(value: CborValue): Tip & Timed {
  const [stream, recording, last, uncertainty] = asArray(value, MALFORMED, "tip", 4);
  return {
    stream: asUint(stream, MALFORMED, "stream", 255),
    recording: asBoolean(recording, MALFORMED, "recording"),
    last: last === null ? undefined : asNewest(last),
    uncertainty: asUncertainty(uncertainty),
  };
}

function asNewest(value: CborValue): Tip["last"] {
  const [boot, sequence, hash] = asArray(value, MALFORMED, "newest token", 3);
  return {
    ...asCursor([boot, sequence], "newest token"),
    hash: asBytes(hash, MALFORMED, "hash", PREV_LENGTH),
  };
}

function asLast(value: CborValue, ceiling: number): Boot["last"] {
  const [sequence, hash] = asArray(value, MALFORMED, "last token", 2);
  return {
    sequence: asUint(sequence, MALFORMED, "sequence below the ceiling", ceiling - 1),
    hash: asBytes(hash, MALFORMED, "hash", PREV_LENGTH),
  };
}

function asCursor(value: CborValue, field: string): Cursor {
  const [boot, sequence] = asArray(value, MALFORMED, field, 2);
  return {
    boot: asUint(boot, MALFORMED, "boot count", 0xffffffff),
    sequence: asUint(sequence, MALFORMED, "sequence", 0xffffffff),
  };
}
