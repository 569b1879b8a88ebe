/** The kept corpus: every input, in every decoder, is refused with the code that was kept, on both engines. */
import { cryptos, readText } from "engine";
import { fromHex } from "../../../modules/bytes/index.js";
import { ok, same } from "../../support/assert.js";
import { type Decoder, decoders, outcome } from "./decoders.js";

type Kept = readonly (readonly [name: string, hex: string, code: string])[];
const corpus = JSON.parse(readText("test/corpus/corpus.json")) as Record<string, Kept>;

for (const crypto of cryptos) {
  describe(`The kept corpus, ${crypto.name}`, () => {
    let known: Record<string, Decoder>;
    before(async () => {
      known = await decoders(crypto);
    });

    for (const [decoder, kept] of Object.entries(corpus)) {
      it(`${decoder}: ${kept.length} inputs`, async () => {
        const it = known[decoder];
        ok(it !== undefined, `a decoder named ${decoder}`);
        for (const [name, hex, code] of kept)
          same(await outcome(it, fromHex(hex)), code, `${decoder}, ${name}:`);
      });
    }

    it("no decoder without inputs", () => {
      for (const name of Object.keys(known)) ok((corpus[name]?.length ?? 0) >= 5, `inputs for ${name}`);
    });
  });
}
