/** Devices that knew one stream wrote the chain record in another shape: it is read, and written anew, wherever the power goes. */
import { engine } from "engine";
import { encode } from "../../../modules/cbor/index.js";
import { FlashRecord, MemoryFlash } from "../../../modules/flash/index.js";
import { type ChainMark, readChain, writeChain } from "../../../modules/reading/index.js";
import { Random } from "../../fuzz/random.js";
import { blank, type Call, NorFlash } from "../../powercuts/nor.js";
import { halfDone } from "../../powercuts/ways.js";
import { deep, ok, throws } from "../../support/assert.js";

const HASH = new Uint8Array(16).fill(7);
/** [ boot, stream, ceiling, sequence, hash ] */
const OLD = encode([6, 1, 512, 300, HASH]);
const BEFORE: ChainMark = { boot: 6, stream: 1, ceiling: 512, last: { sequence: 300, hash: HASH } };
const NOW: ChainMark = { boot: 7, stream: 2, ceiling: 256, last: undefined };

function old(flash: NorFlash | MemoryFlash): void {
  new FlashRecord(flash, 0).write(OLD);
}

describe("The chain record of a device that knew one stream", () => {
  it("is read as what it meant, with a last token and without", () => {
    const flash = new MemoryFlash(2);
    old(flash);
    deep(readChain(flash, 0), [BEFORE]);
    new FlashRecord(flash, 0).write(encode([6, 1, 512, null, null]));
    deep(readChain(flash, 0), [{ ...BEFORE, last: undefined }]);
  });

  it("is written anew in the shape of many", () => {
    const flash = new MemoryFlash(2);
    old(flash);
    writeChain(flash, 0, [NOW, ...readChain(flash, 0)]);
    deep(readChain(flash, 0), [NOW, BEFORE]);
    deep(
      new FlashRecord(flash, 0).value,
      encode([
        [2, 7, 256, null, null],
        [1, 6, 512, 300, HASH],
      ]),
    );
  });

  it("one that is neither is corrupt", () => {
    for (const value of [
      [6, 1, 512, 300],
      [6, 1, 512, 300, HASH, 0],
      [6, 1, 512, -1, HASH],
      [6, "1", 512, 300, HASH],
    ]) {
      const flash = new MemoryFlash(2);
      new FlashRecord(flash, 0).write(encode(value));
      throws("flash/corrupt", () => readChain(flash, 0));
    }
  });

  it("the power goes at every call of that, in every half-done way: the old meaning or the new", () => {
    const flash = new NorFlash(blank(2));
    for (let n = 0; n < 60; n++) old(flash); // the sector is nearly full: it takes the other one soon
    const calls: Call[] = [];
    flash.onCall = (call) => calls.push(call);
    let marks = readChain(flash, 0);
    for (let n = 1; n <= 40; n++) {
      marks = [{ ...NOW, ceiling: 256 * n }, BEFORE];
      writeChain(flash, 0, marks);
    }
    ok(calls.some(({ kind }) => kind === "erase"));
    const few = engine === "xs"; // there a few ways stand for all
    let points = 0;
    for (const call of calls)
      for (const { image, name } of halfDone(call, new Random(3), few)) {
        const found = readChain(new NorFlash(image), 0);
        const [first, second] = found;
        if (found.length === 1) deep(first, BEFORE, name);
        else {
          deep(second, BEFORE, name);
          ok(first!.ceiling % 256 === 0 && first!.boot === 7, name);
        }
        points++;
      }
    ok(points > (few ? 100 : 1000), `${points} points`);
  });
});
