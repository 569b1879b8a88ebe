import { type Flash, MemoryFlash, SECTOR_SIZE } from "../../../modules/flash/index.js";
import { FileFlash } from "../../../modules/platform/headless/file-flash.js";
import type { FileRange } from "../../../modules/platform/headless/host.js";
import { deep, ok, same, throws } from "../../support/assert.js";

/** A file of so many bytes that grows where it is written at its end, and the length of each write. */
function fileOf(length: number): { file: FileRange; writes: number[] } {
  let bytes = new Uint8Array(length).fill(0xa5);
  const writes: number[] = [];
  const write = (offset: number, part: Uint8Array) => {
    same(offset <= bytes.length, true, "no hole");
    writes.push(part.length);
    const grown = new Uint8Array(Math.max(bytes.length, offset + part.length));
    grown.set(bytes);
    grown.set(part, offset);
    bytes = grown;
  };
  return { file: { length, read: (offset, count) => bytes.slice(offset, offset + count), write }, writes };
}

const CHIPS: [string, (sectors: number) => Flash][] = [
  ["MemoryFlash", (sectors) => new MemoryFlash(sectors)],
  ["FileFlash", (sectors) => new FileFlash(fileOf(0).file, sectors)],
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

describe("FileFlash: the length of its file", () => {
  for (const [has, writes] of [
    [0, [SECTOR_SIZE, SECTOR_SIZE, SECTOR_SIZE]],
    [SECTOR_SIZE, [SECTOR_SIZE, SECTOR_SIZE]],
    [SECTOR_SIZE + 96, [4000, SECTOR_SIZE]],
    [3 * SECTOR_SIZE, []],
    [4 * SECTOR_SIZE, []],
  ] as const) {
    it(`${has} bytes for three sectors: what is missing is erased, a sector at a time`, () => {
      const { file, writes: made } = fileOf(has);
      const flash = new FileFlash(file, 3);
      deep(made, [...writes]);
      same(flash.sectors, 3);
      const kept = Math.min(has, 3 * SECTOR_SIZE);
      ok(flash.read(0, kept).every((byte) => byte === 0xa5));
      ok(flash.read(kept, 3 * SECTOR_SIZE - kept).every((byte) => byte === 0xff));
      throws("flash/range", () => flash.read(3 * SECTOR_SIZE, 1));
    });
  }
});
