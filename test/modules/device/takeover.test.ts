/** Two connections at once, on a radio whose links are slow to go (DESIGN section 5: a newer session takes over). */
import { cryptos } from "engine";
import { deep, same } from "../../support/assert.js";
import { ScriptedProgrammer, startDevice } from "./bench.js";
import { SlowPeripheral, SlowRadio } from "./slow-radio.js";

for (const crypto of cryptos) {
  describe(`A newer session takes over, ${crypto.name}`, () => {
    it("the older one is not heard any more, its stream has ended, though its link still is there", async () => {
      const peripheral = new SlowPeripheral();
      const bench = await startDevice(crypto, undefined, { peripheral });
      const radios = [new SlowRadio(peripheral), new SlowRadio(peripheral)] as const;
      const [older, newer] = radios.map((radio) => new ScriptedProgrammer(bench, 247, radio)) as [
        ScriptedProgrammer,
        ScriptedProgrammer,
      ];
      const waits = await newer.answer();
      await older.authenticate();
      same((await older.command("start", [1, 1000, 0])).code, 0);
      await bench.clock.pass(3000);
      const came = older.tokens.length;
      same(radios[1].hungUp, 1);
      await newer.finish(waits).catch(() => {});
      same(newer.session, undefined, "it was sent away when the older one came in");

      await newer.authenticate();
      same(radios[0].hungUp, 1);
      older.write(older.sealed("stop", [1]));
      same((await newer.command("start", [1, 1000, 2])).code, 0);
      await bench.clock.pass(5000);
      same(older.tokens.length, came);
      deep(older.inbox, []);
      deep(
        newer.tokens.map(({ kind }) => kind),
        ["header", "reading", "reading", "head"],
      );
    });
  });
}
