/** Samples to a block; format.ts draws it. Byte codes of XS are counted here, so the loops are plain and long. */
import { VagusError } from "../../error/index.js";
import { choosePredictor } from "./choose.js";
import {
  ESCAPE,
  FIRST_LEVEL,
  FORM_PACKED,
  FORM_PLAIN,
  GROUP,
  MAX_CHANNELS,
  MAX_LEVEL,
  MAX_SAMPLES,
  PREDICTORS,
} from "./format.js";

/** Bytes that a channel's opening (19 bits) and a group (a step of 27, 24 escapes of 40) can need beyond the limit. */
const LONGEST_GROUP = 128;

/**
 * One block of 1 to 8 channels with 1 to 4,096 samples each: never more than 2 + 2 bytes a sample and channel.
 * @throws VagusError cardiac/parameter where channels are missing, too many, too long or not equally long
 */
export function encodeBlock(channels: readonly Int16Array[]): Uint8Array {
  const samples = checkedLength(channels);
  const plain = 2 + 2 * samples * channels.length;
  const out = new Uint8Array(plain + LONGEST_GROUP);
  const header = (samples - 1) << 4;
  out[0] = header >> 8;
  let bit = 16;
  for (const channel of channels) {
    bit = packChannel(channel, out, bit, plain);
    if (bit < 0) return encodePlain(channels, header | FORM_PLAIN, plain);
  }
  out[1] = header | FORM_PACKED;
  return out.slice(0, (bit + 7) >> 3);
}

function checkedLength(channels: readonly Int16Array[]): number {
  if (channels.length < 1 || channels.length > MAX_CHANNELS)
    throw new VagusError(
      "cardiac/parameter",
      `expected 1 to ${MAX_CHANNELS} channels, came ${channels.length}`,
    );
  const samples = channels[0]!.length;
  if (samples < 1 || samples > MAX_SAMPLES)
    throw new VagusError("cardiac/parameter", `expected 1 to ${MAX_SAMPLES} samples, came ${samples}`);
  for (const channel of channels)
    if (channel.length !== samples)
      throw new VagusError(
        "cardiac/parameter",
        `expected ${samples} samples a channel, came ${channel.length}`,
      );
  return samples;
}

function encodePlain(channels: readonly Int16Array[], header: number, length: number): Uint8Array {
  const out = new Uint8Array(length);
  out[0] = header >> 8;
  out[1] = header;
  let at = 2;
  for (const channel of channels)
    for (const sample of channel) {
      out[at++] = sample >> 8;
      out[at++] = sample;
    }
  return out;
}

/** Packs a channel from bit `bit` of `out` on; the bit after it, or -1 where that is not shorter than `limit` bytes. */
function packChannel(x: Int16Array, out: Uint8Array, bit: number, limit: number): number {
  const count = x.length;
  const predictor = choosePredictor(x);
  const [c0, c1, c2] = PREDICTORS[predictor]!;
  const group = new Uint16Array(GROUP);
  let a = x[0]!;
  let b = a;
  let c = a;
  let level = FIRST_LEVEL;
  // `acc` holds, in its low bits, the `n` bits that do not fill a byte yet; what is above them is spent.
  let at = bit >> 3;
  let n = bit & 7;
  let acc = (n > 0 ? out[at]! >> (8 - n) : 0) << 19;
  acc |= (predictor << 16) | (a & 0xffff);
  n += 19;
  while (n >= 8) {
    n -= 8;
    out[at++] = acc >> n;
  }

  for (let first = 1; first < count; first += GROUP) {
    const size = Math.min(GROUP, count - first);
    let sum = 0;
    for (let i = 0; i < size; i++) {
      const s = x[first + i]!;
      const r = ((s - ((c0 * a + c1 * b + c2 * c + 8) >> 4)) << 16) >> 15;
      const u = r < 0 ? ~r : r;
      group[i] = u;
      sum += u;
      c = b;
      b = a;
      a = s;
    }

    // For a mean of m the code of k + 1 is shorter than that of k from m + 1/2 = 2.08 × 2^k on (golden ratio).
    let next = 0;
    if (sum > 0) {
      next = 1;
      sum += size >> 1;
      let bound = (size * 133) >> 6;
      while (sum > bound && next < MAX_LEVEL) {
        next++;
        bound += bound;
      }
    }
    let zeros = next > level ? 2 * (next - level) - 1 : 2 * (level - next);
    level = next;
    if (zeros > 16) {
      acc <<= 8;
      out[at++] = acc >> n;
      zeros -= 8;
    }
    acc = (acc << (zeros + 1)) | 1;
    n += zeros + 1;
    while (n >= 8) {
      n -= 8;
      out[at++] = acc >> n;
    }
    if (level === 0) continue;

    const k = level - 1;
    const one = 1 << k;
    const mask = one - 1;
    for (let i = 0; i < size; i++) {
      const u = group[i]!;
      let q = u >> k;
      if (q + k > 23) {
        const escaped = q >= ESCAPE;
        if (escaped) q = ESCAPE;
        for (; q > 0; q--) {
          acc <<= 1;
          if (++n === 8) {
            n = 0;
            out[at++] = acc;
          }
        }
        if (escaped) {
          acc = (acc << 16) | u;
          n += 16;
        } else {
          acc = (acc << (k + 1)) | one | (u & mask);
          n += k + 1;
        }
      } else {
        q += k + 1;
        acc = (acc << q) | one | (u & mask);
        n += q;
      }
      while (n >= 8) {
        n -= 8;
        out[at++] = acc >> n;
      }
    }
    if (at >= limit) return -1;
  }
  if (n > 0) out[at] = acc << (8 - n);
  return at + (n > 0 ? 1 : 0) < limit ? 8 * at + n : -1;
}
