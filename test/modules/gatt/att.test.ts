import { concat, fromHex, toHex } from "../../../modules/bytes/index.js";
import { ATT, FrameReader, frame, readUint16le, uint16le } from "../../../modules/gatt/index.js";
import { deep, same, throws } from "../../support/assert.js";

describe("ATT over a byte stream (Core Specification 5.4, Vol 3 Part A section 3.1, Part F section 3.4)", () => {
  const FRAMES: [string, Uint8Array, string][] = [
    ["MTU request of 247", frame(ATT.mtuRequest, uint16le(247)), "0300 0400 02 f700"],
    ["read of handle 9", frame(ATT.readRequest, uint16le(9)), "0300 0400 0a 0900"],
    ["write of CCCD 4", frame(ATT.writeRequest, uint16le(4), uint16le(2)), "0500 0400 12 0400 0200"],
    ["notification", frame(ATT.notification, uint16le(6), Uint8Array.of(0xaa)), "0400 0400 1b 0600 aa"],
    ["confirmation", frame(ATT.confirmation), "0100 0400 1e"],
  ];
  for (const [name, bytes, hex] of FRAMES) it(name, () => same(toHex(bytes), hex.replaceAll(" ", "")));

  it("16-bit numbers, little-endian", () => {
    for (const value of [0, 1, 0xff, 0x100, 0x1234, 0xffff]) {
      same(readUint16le(uint16le(value), 0), value);
    }
  });

  const stream = concat(...FRAMES.map(([, bytes]) => bytes));
  const pdus = FRAMES.map(([, bytes]) => bytes.slice(4));
  for (let size = 1; size <= stream.length; size += 3) {
    it(`frames come out whole from pieces of ${size} bytes`, () => {
      const reader = new FrameReader();
      const out: Uint8Array[] = [];
      for (let at = 0; at < stream.length; at += size) out.push(...reader.push(stream.slice(at, at + size)));
      deep(out, pdus);
    });
  }

  it("what is kept is a copy", () => {
    const reader = new FrameReader();
    const piece = stream.slice(0, 6);
    reader.push(piece);
    piece.fill(0xff);
    deep(reader.push(stream.slice(6, 7)), [pdus[0]]);
  });

  it("a frame of 517 bytes", () => {
    const whole = frame(ATT.notification, new Uint8Array(516));
    deep(new FrameReader().push(whole), [whole.slice(4)]);
  });

  const BAD: [string, string][] = [
    ["another channel", "0100 0500 1e"],
    ["the signalling channel", "0100 0100 1e"],
    ["no PDU", "0000 0400"],
    ["518 bytes", "0602 0400"],
    ["65535 bytes", "ffff 0400"],
  ];
  for (const [name, hex] of BAD) {
    it(`refused: ${name}`, () =>
      throws("gatt/attribute", () => new FrameReader().push(fromHex(hex.replaceAll(" ", "")))));
  }
});
