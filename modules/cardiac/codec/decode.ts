/** A block back to its samples; format.ts draws it. */
import { VagusError } from "../../error/index.js";
import { BitReader } from "./bits.js";
import {
  ESCAPE,
  FIRST_LEVEL,
  FORM_PACKED,
  FORM_PLAIN,
  GROUP,
  MAX_CHANNELS,
  MAX_LEVEL,
  PREDICTORS,
} from "./format.js";

/**
 * The samples of a block of `channelCount` channels (1 to 8, from the stream's header), 1 to 4,096 each.
 * @throws VagusError cardiac/malformed for bytes that are no block; cardiac/parameter for a wrong channel count
 */
export function decodeBlock(bytes: Uint8Array, channelCount: number): Int16Array[] {
  if (!Number.isInteger(channelCount) || channelCount < 1 || channelCount > MAX_CHANNELS)
    throw new VagusError("cardiac/parameter", `expected 1 to ${MAX_CHANNELS} channels, came ${channelCount}`);
  const reader = new BitReader(bytes);
  const samples = reader.bits(12) + 1;
  const form = reader.bits(4);
  if (form !== FORM_PLAIN && form !== FORM_PACKED)
    throw new VagusError("cardiac/malformed", `expected form 0 or 1, came ${form}`, 1);
  // Checked before anything is allocated: a packed channel has at least its opening and a bit a group.
  const groups = Math.ceil((samples - 1) / GROUP);
  reader.need(channelCount * (form === FORM_PLAIN ? 16 * samples : 19 + groups));
  const channels: Int16Array[] = [];
  for (let channel = 0; channel < channelCount; channel++)
    channels.push(form === FORM_PLAIN ? readPlain(reader, samples) : readPacked(reader, samples));
  reader.end();
  return channels;
}

function readPlain(reader: BitReader, samples: number): Int16Array {
  const x = new Int16Array(samples);
  for (let i = 0; i < samples; i++) x[i] = reader.bits(16);
  return x;
}

function readPacked(reader: BitReader, samples: number): Int16Array {
  const x = new Int16Array(samples);
  const predictor = reader.bits(3);
  const coefficients = PREDICTORS[predictor];
  if (coefficients === undefined) throw reader.malformed(`expected predictor 0 to 6, came ${predictor}`);
  const [c0, c1, c2] = coefficients;
  x[0] = reader.bits(16);
  let a = x[0]!;
  let b = a;
  let c = a;
  let level = FIRST_LEVEL;
  for (let first = 1; first < samples; first += GROUP) {
    const end = Math.min(first + GROUP, samples);
    level = readLevel(reader, level);
    let any = 0;
    for (let i = first; i < end; i++) {
      const u = level === 0 ? 0 : readCode(reader, level - 1);
      any |= u;
      x[i] = ((c0 * a + c1 * b + c2 * c + 8) >> 4) + ((u >> 1) ^ -(u & 1));
      c = b;
      b = a;
      a = x[i]!;
    }
    if (level > 0 && any === 0) throw reader.malformed("expected level 0 for a group of zeros");
  }
  return x;
}

function readLevel(reader: BitReader, level: number): number {
  const zeros = reader.zeros(2 * MAX_LEVEL + 1);
  const next = zeros & 1 ? level + ((zeros + 1) >> 1) : level - (zeros >> 1);
  if (next < 0 || next > MAX_LEVEL)
    throw reader.malformed(`expected a level of 0 to ${MAX_LEVEL}, came ${next}`);
  return next;
}

function readCode(reader: BitReader, k: number): number {
  const quotient = reader.zeros(ESCAPE);
  const u = quotient < ESCAPE ? (quotient << k) | reader.bits(k) : reader.bits(16);
  if (quotient === ESCAPE ? u >> k < ESCAPE : u > 0xffff)
    throw reader.malformed("expected the shortest code");
  return u;
}
