/** UTF-8 (RFC 3629), checked in place. */

const BOM = 0xfeff;

// 0xxxxxxx | 110xxxxx 10xxxxxx | 1110xxxx 10xxxxxx 10xxxxxx | 11110xxx 10xxxxxx 10xxxxxx 10xxxxxx
/**
 * The offset of the first byte that is not well-formed UTF-8 between `at` and `end`, or -1. Overlong forms, surrogates
 * and code points beyond U+10FFFF are not. Neither is a leading byte order mark: decoders differ on whether they drop
 * it, so two parties would read different text.
 */
export function findBadUtf8(bytes: Uint8Array, at: number, end: number): number {
  if (end - at >= 3 && bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf) return at;
  while (at < end) {
    const lead = bytes[at];
    if (lead < 0x80) {
      at++;
      continue;
    }
    let more = 1;
    let low = 0x80; // bounds of the first continuation byte (RFC 3629 section 4)
    let high = 0xbf;
    if (lead >= 0xc2 && lead <= 0xdf) more = 1;
    else if (lead >= 0xe0 && lead <= 0xef) {
      more = 2;
      if (lead === 0xe0) low = 0xa0;
      if (lead === 0xed) high = 0x9f;
    } else if (lead >= 0xf0 && lead <= 0xf4) {
      more = 3;
      if (lead === 0xf0) low = 0x90;
      if (lead === 0xf4) high = 0x8f;
    } else return at;
    if (at + more >= end) return at;
    if (bytes[at + 1] < low || bytes[at + 1] > high) return at;
    for (let i = 2; i <= more; i++) if ((bytes[at + i] & 0xc0) !== 0x80) return at;
    at += more + 1;
  }
  return -1;
}

/**
 * Can cbor-x write this text as UTF-8 that `findBadUtf8` accepts: no lone surrogate, no leading byte order mark? XS counts
 * text in code points, cbor-x writes those beyond U+FFFF wrongly there, so on XS they are refused too (reading is right).
 */
export function isEncodable(text: string): boolean {
  if (text.charCodeAt(0) === BOM) return false;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0xd800 || (unit > 0xdfff && unit <= 0xffff)) continue;
    if (unit > 0xdbff) return false;
    const next = text.charCodeAt(++i);
    if (!(next >= 0xdc00 && next <= 0xdfff)) return false;
  }
  return true;
}
