/** Is a floating-point number in its shortest form (RFC 8949 section 4.1 and 4.2.1)? */

//  31 30       23 22                    0      single: s eeeeeeee mmmmmmmmmmmmmmmmmmmmmmm, bias 127
//  s  e e e e e  m m m m m m m m m m          half:   s eeeee    mmmmmmmmmm,              bias 15
/** Would this single-precision number (as its 32 bits) lose nothing as a half? A NaN or infinity never does. */
function fitsHalf(bits: number): boolean {
  const exponent = (bits >>> 23) & 0xff;
  const mantissa = bits & 0x7fffff;
  if (exponent === 0xff) return true;
  if (exponent === 0) return mantissa === 0;
  if (exponent > 142 || exponent < 103) return false;
  if (exponent >= 113) return (mantissa & 0x1fff) === 0;
  const lost = 126 - exponent; // a half's subnormal: 14 to 23 bits of the significand go
  return ((mantissa | 0x800000) & ((1 << lost) - 1)) === 0;
}

/**
 * Is the float with `size` bytes (2, 4, 8) at `at` shortest? The one NaN is the half 0x7e00.
 * The caller has checked that the bytes are there.
 */
export function isShortestFloat(bytes: Uint8Array, at: number, size: number): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, size);
  if (size === 2) {
    const bits = view.getUint16(0);
    return (bits & 0x7c00) !== 0x7c00 || (bits & 0x3ff) === 0 || bits === 0x7e00;
  }
  if (size === 4) return !fitsHalf(view.getUint32(0));
  const value = view.getFloat64(0);
  return !Number.isNaN(value) && Math.fround(value) !== value;
}
