/**
 * What the tokens of a stream claim. All are CWTs in COSE_Sign1 with `typ`, `kid` (the first 8 bytes of the device
 * key's thumbprint), `cti` and `iat`; what is a stream's own stands in one private claim, an array:
 *
 *   header   typ 65003   -65537: [ rateHz, nanovoltsPerStep, [ channel, … ], firstSample, uncertainty ]
 *   reading  typ 65004   -65538: [ firstSample, prev, block, uncertainty ]
 *   head     typ 65007   -65539: [ nextSample, prev, uncertainty ]
 *
 *   cti   | boot count (4 bytes) | stream (1) | sequence (4) |    big-endian; never repeats on one device
 *   iat   device time in whole seconds when the token was signed; the true time is at most `uncertainty`
 *         seconds later, null where nobody can say (the device was off since it last knew)
 *   prev  the first 16 bytes of the SHA-256 of the token before it in the stream (the COSE_Sign1 as sent)
 *   block the samples, packed by the codec
 *
 * The header has sequence 0, readings count from 1, the head closes the stream with the next sequence: what is
 * missing, doubled, reordered or cut off shows.
 */
import { fromUint, toUint } from "../bytes/index.js";
import type { CborValue } from "../cbor/index.js";
import { asArray, asBytes, asText, asUint } from "../cbor/shape.js";
import { VagusError } from "../error/index.js";

export const PRIVATE_CLAIM = {
  header: -65537,
  reading: -65538,
  head: -65539,
  gap: -65542,
  boot: -65543,
  tip: -65546,
} as const;
export const CTI_LENGTH = 9;
export const PREV_LENGTH = 16;
const MALFORMED = "reading/malformed";

/** Streams by scope class (DESIGN section 6); 0 is of the tokens that declare what became of them. */
export const STREAM = { ecg: 1, pacing: 2, state: 3 } as const;

export interface Cti {
  readonly boot: number;
  readonly stream: number;
  readonly sequence: number;
}

/** A token of one stream. */
export interface Cursor {
  readonly boot: number;
  readonly sequence: number;
}

export function encodeCti({ boot, stream, sequence }: Cti): Uint8Array {
  const cti = new Uint8Array(CTI_LENGTH);
  cti.set(fromUint(boot, 4), 0);
  cti[4] = stream;
  cti.set(fromUint(sequence, 4), 5);
  return cti;
}

/** @throws VagusError `reading/malformed` unless it is 9 bytes */
export function decodeCti(value: CborValue): Cti {
  const cti = asBytes(value, MALFORMED, "cti", CTI_LENGTH);
  return { boot: toUint(cti.subarray(0, 4)), stream: cti[4], sequence: toUint(cti.subarray(5)) };
}

/** Seconds that the true time may be later than `iat`; null: nobody can say. */
export type Uncertainty = number | null;

/** What a stream is made of, signed once. */
export interface StreamFormat {
  readonly rateHz: number;
  readonly nanovoltsPerStep: number;
  readonly channels: readonly string[];
}

export interface HeaderClaim extends StreamFormat {
  /** Index of the first sample that the stream's first reading will hold. */
  readonly firstSample: number;
  readonly uncertainty: Uncertainty;
}

export interface ReadingClaim {
  readonly firstSample: number;
  readonly prev: Uint8Array;
  readonly block: Uint8Array;
  readonly uncertainty: Uncertainty;
}

export interface HeadClaim {
  readonly nextSample: number;
  readonly prev: Uint8Array;
  readonly uncertainty: Uncertainty;
}

/** [ rateHz, nanovoltsPerStep, [ channel, … ] ] */
export function encodeFormat({ rateHz, nanovoltsPerStep, channels }: StreamFormat): CborValue[] {
  return [rateHz, nanovoltsPerStep, [...channels]];
}

export function encodeHeader(claim: HeaderClaim): CborValue {
  return [...encodeFormat(claim), claim.firstSample, claim.uncertainty];
}

export function encodeReading(claim: ReadingClaim): CborValue {
  return [claim.firstSample, claim.prev, claim.block, claim.uncertainty];
}

export function encodeHead(claim: HeadClaim): CborValue {
  return [claim.nextSample, claim.prev, claim.uncertainty];
}

/** @throws VagusError `reading/malformed` */
export function asUncertainty(value: CborValue): Uncertainty {
  return value === null ? null : asUint(value, MALFORMED, "uncertainty");
}

/** A uint from 1 to `max`. */
function asCount(value: CborValue, field: string, max: number): number {
  const count = asUint(value, MALFORMED, field, max);
  if (count === 0) throw new VagusError(MALFORMED, `expected ${field} from 1 to ${max}, came 0`);
  return count;
}

/** @throws VagusError `reading/malformed`; so the three below */
export function decodeFormat(value: CborValue): StreamFormat {
  const [rate, scale, names] = asArray(value, MALFORMED, "stream format", 3);
  const channels = asArray(names, MALFORMED, "channels").map((name) => asText(name, MALFORMED, "channel"));
  asCount(channels.length, "number of channels", 8);
  return {
    rateHz: asCount(rate, "rate in Hz", 4096),
    nanovoltsPerStep: asCount(scale, "nanovolts a step", 1_000_000),
    channels,
  };
}

export function decodeHeader(value: CborValue): HeaderClaim {
  const [rate, scale, names, first, uncertainty] = asArray(value, MALFORMED, "stream header", 5);
  return {
    ...decodeFormat([rate, scale, names]),
    firstSample: asUint(first, MALFORMED, "first sample"),
    uncertainty: asUncertainty(uncertainty),
  };
}

export function decodeReading(value: CborValue): ReadingClaim {
  const [first, prev, block, uncertainty] = asArray(value, MALFORMED, "reading", 4);
  return {
    firstSample: asUint(first, MALFORMED, "first sample"),
    prev: asBytes(prev, MALFORMED, "prev", PREV_LENGTH),
    block: asBytes(block, MALFORMED, "block"),
    uncertainty: asUncertainty(uncertainty),
  };
}

export function decodeHead(value: CborValue): HeadClaim {
  const [next, prev, uncertainty] = asArray(value, MALFORMED, "head", 3);
  return {
    nextSample: asUint(next, MALFORMED, "next sample"),
    prev: asBytes(prev, MALFORMED, "prev", PREV_LENGTH),
    uncertainty: asUncertainty(uncertainty),
  };
}
