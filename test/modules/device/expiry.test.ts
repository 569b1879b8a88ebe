/** Every session ends at the `exp` of the credential that it rests on, on the device's own clock (DESIGN section 4). */
import { cryptos } from "engine";
import { SAVE_S } from "../../../modules/credential/index.js";
import { deep, ok, same } from "../../support/assert.js";
import { RESTING, ScriptedProgrammer, startDevice } from "./bench.js";
import { Clinic, DAY, MADE_AT } from "./clinic.js";

const crypto = cryptos[0]!;
/** Where a timer of 32 bits in milliseconds runs over: 24.8 days. */
const OVERFLOW_DAYS = 2 ** 31 / (DAY * 1000);

describe("A session ends with its credential (DESIGN section 4)", () => {
  for (const [name, seconds] of [
    ["a minute", 60],
    ["seven days", 7 * DAY],
    ["40 days, longer than timers count", 40 * DAY],
    ["ten years", 3652 * DAY],
  ] as const) {
    it(`after ${name}: to the second, and the device rests until then`, async () => {
      const clinic = await Clinic.open(crypto);
      const bench = await startDevice(
        crypto,
        await clinic.provisionedFlash({ expires: MADE_AT + 4000 * DAY }),
      );
      const { clock, peripheral } = bench;
      const waits: number[] = [];
      const { after } = clock;
      clock.after = (ms, callback) => {
        if (ms === SAVE_S * 1000) return () => {}; // writing the uptime down is not what is looked at here
        waits.push(ms);
        return after.call(clock, ms, callback);
      };
      const programmer = new ScriptedProgrammer(bench);
      const began = clock.now;
      await programmer.authenticate({ cred: await clinic.issue({ expires: MADE_AT + seconds }) });
      await clock.pass(began + seconds * 1000 - 1 - clock.now);
      same(peripheral.disconnects, 0);
      same((await programmer.command("stop", [1])).code, 0);
      await clock.pass(1);
      same(peripheral.disconnects, 1);
      same(clock.timers, seconds < SAVE_S ? RESTING : 0);
      ok(Math.max(...waits) < 2 ** 31, "no timer runs over");
      const most = 9 + (2 * seconds) / (DAY * OVERFLOW_DAYS);
      ok(waits.length <= most, `expected at most ${most} timers, came ${waits.length}`);
      deep(bench.refusals(), []);
    });
  }
});
