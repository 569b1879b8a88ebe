/** Commands that wait behind the end of their session are not done, whatever ended it (DESIGN section 5). */
import { cryptos } from "engine";
import type { CredentialContent } from "../../../modules/credential/index.js";
import { deep, same } from "../../support/assert.js";
import { watched } from "../credential/watched.js";
import { ScriptedProgrammer, settle, startDevice } from "./bench.js";
import { Clinic, DAY, MADE_AT } from "./clinic.js";
import { SlowPeripheral, SlowRadio } from "./slow-radio.js";

const MANAGE = ["device:manage", "ecg:read"];

for (const real of cryptos) {
  describe(`Nothing behind the end of a session is done, ${real.name}`, () => {
    /** A programmer that has freshness, and may revoke the device, on a link that is slow to go. */
    async function managing(but: Partial<CredentialContent> = {}) {
      const crypto = watched(real);
      const clinic = await Clinic.open(crypto);
      const flash = await clinic.provisionedFlash({ expires: MADE_AT + 1000 * DAY });
      const peripheral = new SlowPeripheral();
      const bench = await startDevice(crypto, flash, { peripheral });
      const on = async (scope: readonly string[], but: Partial<CredentialContent> = {}) => {
        const radio = new SlowRadio(peripheral);
        const programmer = new ScriptedProgrammer(bench, 247, radio);
        programmer.clinic = clinic;
        await programmer.authenticate({ cred: await clinic.issue({ scope, ...but }) });
        return { programmer, radio };
      };
      const { programmer, radio } = await on(MANAGE, but);
      same(await programmer.refresh(), 0);
      const says = (...[name, parameters]: Parameters<ScriptedProgrammer["sealed"]>) =>
        programmer.write(programmer.sealed(name, parameters));
      const stays = async () => {
        await settle();
        await settle();
        deep([bench.device.holder.state, bench.device.holder.own !== undefined], ["provisioned", true]);
      };
      return { crypto, clinic, bench, on, programmer, radio, says, stays };
    }

    it("that is how a device is revoked, when nothing ends the session", async () => {
      const { bench, says } = await managing();
      says("revoke", null);
      await settle();
      same(bench.device.holder.state, "revoked");
    });

    it("revoked: the list that names the programmer, then revoke", async () => {
      const { clinic, radio, says, stays } = await managing();
      says("list", await clinic.list(1, [clinic.credential.kid]));
      says("revoke", null);
      await stays();
      same(radio.hungUp, 1);
    });

    it("closed: close, then revoke", async () => {
      const { says, stays, programmer, bench, radio } = await managing();
      says("close", null);
      says("revoke", null);
      await stays();
      same((await programmer.reply()).code, 0);
      deep(programmer.inbox, []);
      await bench.clock.pass(1000);
      same(radio.hungUp, 1);
      await stays();
    });

    it("taken over: revoke waits behind a key that is made, as another one comes in", async () => {
      const { crypto, on, programmer, radio, says, stays } = await managing();
      const release = crypto.hold();
      says("identify", 6);
      says("revoke", null);
      await settle();
      await on(["ecg:read"]);
      same(radio.hungUp, 1);
      release();
      await stays();
      deep(programmer.inbox, []);
    });

    it("expired: revoke waits behind a key that is made, as the credential ends", async () => {
      const { crypto, bench, programmer, radio, says, stays } = await managing({ expires: MADE_AT + 60 });
      const release = crypto.hold();
      says("identify", 6);
      says("revoke", null);
      await settle();
      await bench.clock.pass(61_000);
      same(radio.hungUp, 1);
      release();
      await stays();
      deep(programmer.inbox, []);
    });

    it("expired before its timer was due: what comes then is not obeyed", async () => {
      const { bench, says, stays } = await managing({ expires: MADE_AT + 60 });
      bench.clock.now += 61_000;
      says("revoke", null);
      await stays();
    });
  });
}
