import { type Flash, MemoryFlash, SECTOR_SIZE } from "../../../modules/flash/index.js";
import { FileFlash } from "../../../modules/platform/headless/file-flash.js";
import type { FileRange } from "../../../modules/platform/headless/host.js";
import { deep, ok, same, throws } from "../../support/assert.js";

function fileOf(sectors: number): FileRange {
  const bytes = new Uint8Array(sectors * SECTOR_SIZE).fill(0xff);
  return {
    length: bytes.length,
    read: (offset, length) => bytes.slice(offset, offset + length),
    write: (offset, part) => bytes.set(part, offset),
  };
}

const CHIPS: [string, (sectors: number) => Flash][] = [
  ["MemoryFlash", (sectors) => new MemoryFlash(sectors)],
  ["FileFlash", (sectors) => new FileFlash(fileOf(sectors))],
];

for (const [name, chip] of CHIPS) {
  describe(`${name}: NOR flash`, () => {
    it("is erased at first", () => {
      const flash = chip(2);
      same(flash.sectors, 2);
      ok(flash.read(0, 2 * SECTOR_SIZE).every((byte) => byte === 0xff));
    });

    it("programming only clears bits", () => {
      const flash = chip(1);
      flash.program(5, Uint8Array.of(0xf0, 0x0f));
      flash.program(5, Uint8Array.of(0x3c, 0xff));
      deep(flash.read(4, 4), Uint8Array.of(0xff, 0x30, 0x0f, 0xff));
    });

    it("erasing sets one sector", () => {
      const flash = chip(3);
      flash.program(SECTOR_SIZE - 1, Uint8Array.of(0, 0));
      flash.program(2 * SECTOR_SIZE - 1, Uint8Array.of(0, 0));
      flash.erase(1);
      deep(flash.read(SECTOR_SIZE - 1, 2), Uint8Array.of(0, 0xff));
      deep(flash.read(2 * SECTOR_SIZE - 1, 2), Uint8Array.of(0xff, 0));
    });

    it("what is read is a copy", () => {
      const flash = chip(1);
      flash.read(0, 4).fill(0);
      deep(flash.read(0, 1), Uint8Array.of(0xff));
    });

    for (const [offset, length] of [
      [-1, 1],
      [0, 8193],
      [8192, 1],
      [8190, 3],
      [Number.NaN, 1],
    ] as const) {
      it(`outside: ${offset} + ${length}`, () => {
        const flash = chip(2);
        throws("flash/range", () => flash.read(offset, length));
        throws("flash/range", () => flash.program(offset, new Uint8Array(length)));
      });
    }

    it("sectors outside", () => {
      for (const sector of [-1, 2, Number.NaN]) throws("flash/range", () => chip(2).erase(sector));
    });
  });
}
