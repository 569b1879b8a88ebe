/**
 * The wire format of a block of samples: lossless, each block readable alone. Bits run from each byte's most
 * significant end. In the manner of Shorten (Robinson, 1994) and FLAC (RFC 9639): a linear prediction from the
 * samples before, and Rice codes (Rice and Plaunt, 1971) of what it missed.
 *
 *   block    +------------------+----------+------------------+-- … --+-------------------+
 *            | samples - 1 (12) | form (4) | channel 0        |       | channel c - 1     |
 *            +------------------+----------+------------------+-- … --+-------------------+
 *            form 0: plain; form 1: packed, and zero bits fill the last byte; others are refused
 *
 *   plain    sample (16, two's complement) × samples
 *
 *   packed   +---------------+-------------------+----------+-- … --+---------------+
 *            | predictor (3) | first sample (16) | group 0  |       | the last group|
 *            +---------------+-------------------+----------+-- … --+---------------+
 *            24 samples after the first a group; the last group has what is left
 *
 *   group    step (unary) code × 24              level = the level before + step; the first comes from 5
 *            step +n: 2n - 1 zeros and a one; step -n: 2n zeros and a one; so an unchanged level is a single one
 *            level 0: every residual is 0, no code follows; level 1…13: Rice parameter k = level - 1
 *
 *   code     u = 2r, or -2r - 1 for r < 0: a residual as an unsigned number of 16 bits
 *            u >> k < 24:  (u >> k) zeros, a one, the low k bits of u
 *            otherwise:    24 zeros, u (16)
 *
 * The residual is r = sample - prediction, both taken modulo 65,536, so every r gives a sample. The prediction is
 * (c0 a + c1 b + c2 c + 8) >> 4 from the last three samples a, b, c, and those before the first are as the first.
 */
export const MAX_SAMPLES = 4096;
export const MAX_CHANNELS = 8;
export const GROUP = 24;
export const FORM_PLAIN = 0;
export const FORM_PACKED = 1;
export const FIRST_LEVEL = 5;
export const MAX_LEVEL = 13;
export const ESCAPE = 24;

/**
 * Coefficients in sixteenths. 0 to 3 are the polynomials of Shorten; an ADC's noise, which they amplify 2, 6 and
 * 20 times in power, is why 4 to 6 exist: the least-error filters of three samples for ECG at some 250, 360 and 500 Hz.
 */
export const PREDICTORS: readonly (readonly [number, number, number])[] = [
  [0, 0, 0],
  [16, 0, 0],
  [32, -16, 0],
  [48, -48, 16],
  [34, -24, 6],
  [24, -8, 0],
  [40, -32, 8],
];
