/** What an Xvfb shows, as a PNG: it keeps its screen in a file (`-fbdir`), in the format of xwd. */
import { readFileSync } from "node:fs";
import { crc32, deflateSync } from "node:zlib";

/**
 * The header of an XWD file, version 7, in big-endian 32-bit words: | size | 7 | 2 (Z pixmap) | depth | width | height | x offset | byte order |
 * … | bits a pixel (11) | bytes a line (12) | … | colours (19) |; then 12 bytes a colour, then the lines.
 *
 * @param {string} path Xvfb_screen0
 * @returns {{ width: number, height: number, rgb(x: number, y: number): readonly [number, number, number] }}
 */
export function readScreen(path) {
  const bytes = readFileSync(path);
  const word = (index) => bytes.readUInt32BE(4 * index);
  const [size, version, , , width, height] = [0, 1, 2, 3, 4, 5].map(word);
  if (version !== 7 || word(11) !== 32)
    throw new Error(`expected a screen of 32 bits, came ${word(11)} of version ${version}`);
  const pixels = size + 12 * word(19);
  const little = word(7) === 0;
  return {
    width,
    height,
    rgb(x, y) {
      const at = pixels + y * word(12) + 4 * x;
      return little
        ? [bytes[at + 2], bytes[at + 1], bytes[at]]
        : [bytes[at + 1], bytes[at + 2], bytes[at + 3]];
    },
  };
}

/** A part of a screen as a PNG of 8 bits a colour. */
export function encodePng(screen, { left, top, width, height }) {
  const lines = Buffer.alloc(height * (1 + 3 * width));
  for (let y = 0, at = 0; y < height; y++) {
    at++; // filter 0
    for (let x = 0; x < width; x++) for (const part of screen.rgb(left + x, top + y)) lines[at++] = part;
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(lines, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}
