/** A key that was asked for waits for its credential, and for whoever asked; it goes with them (DESIGN section 4). */
import { cryptos } from "engine";
import { CREDENTIAL_SECTORS, Holder, verifyRequest } from "../../../modules/credential/index.js";
import { MemoryFlash } from "../../../modules/flash/index.js";
import { deep, rejects, same, throws } from "../../support/assert.js";
import { ScriptedProgrammer, startDevice } from "../device/bench.js";
import { Clinic, DAY, MADE_AT } from "../device/clinic.js";
import { SlowPeripheral, SlowRadio } from "../device/slow-radio.js";
import { crypto, nextCredential, open, provisioned } from "./holding.js";
import { watched } from "./watched.js";

const LATER = { expires: MADE_AT + 1000 * DAY };

for (const real of cryptos) {
  describe(`A key that was asked for, ${real.name}`, () => {
    async function newDevice() {
      const crypto = watched(real);
      const flash = new MemoryFlash(CREDENTIAL_SECTORS);
      const holder = await Holder.open(crypto, flash, { clockMs: () => 0, madeAt: MADE_AT });
      return { crypto, holder, clinic: await Clinic.open(crypto) };
    }

    it("asked for twice at once: only the last is made a request of, and no other key stays open", async () => {
      const { crypto, holder, clinic } = await newDevice();
      const first = holder.request("Ed25519");
      const last = holder.request("Ed25519");
      await rejects("credential/request", () => first);
      deep(crypto.open, ["Ed25519"]);
      const key = verifyRequest(crypto, await last);
      holder.provision(await clinic.issueDevice(key), clinic.anchorKey);
      same(holder.state, "provisioned");
      deep(crypto.open, ["Ed25519"]);
    });

    it("given up while it is made: refused, and not kept", async () => {
      const { crypto, holder } = await newDevice();
      const release = crypto.hold();
      const request = holder.request("Ed25519");
      holder.forget();
      release();
      await rejects("credential/request", () => request);
      deep(crypto.open, []);
    });

    it("given up when it was made: its credential is refused", async () => {
      const { crypto, holder, clinic } = await newDevice();
      const key = verifyRequest(crypto, await holder.request("Ed25519"));
      holder.forget();
      deep(crypto.open, []);
      const token = await clinic.issueDevice(key);
      throws("credential/holder", () => holder.provision(token, clinic.anchorKey));
    });

    for (const slow of [false, true]) {
      it(`asked for in a session that is taken over${slow ? ", while it is made" : ""}: not there for the next`, async () => {
        const crypto = watched(real);
        const clinic = await Clinic.open(crypto);
        const peripheral = new SlowPeripheral();
        const bench = await startDevice(crypto, await clinic.provisionedFlash(LATER), { peripheral });
        const manager = async () => {
          const programmer = new ScriptedProgrammer(bench, 247, new SlowRadio(peripheral));
          programmer.clinic = clinic;
          await programmer.authenticate({
            cred: await clinic.issue({ scope: ["device:manage", "ecg:read"] }),
          });
          same(await programmer.refresh(), 0);
          return programmer;
        };
        const older = await manager();
        const { length } = crypto.open; // the device's own
        const release = slow ? crypto.hold() : () => {};
        let result: unknown;
        if (slow) older.write(older.sealed("identify", 6));
        else ({ result } = await older.command("identify", 6));
        const newer = await manager();
        release();
        same(await newer.code("stop", [1]), undefined);
        same(crypto.open.length, length);
        if (slow) return deep(older.inbox, []);
        const own = bench.device.holder.own!;
        const key = verifyRequest(crypto, result as Uint8Array, { ...own.credential.key, kid: own.kid });
        same(await newer.code("rotate", await clinic.issueDevice(key, LATER)), "credential/holder");
      });
    }
  });
}

describe("A key that changes while the device signs that it ends (DESIGN section 4)", () => {
  for (const key of ["new", "same"] as const) {
    for (const how of ["revoke", "list"] as const) {
      it(`${how}, and a credential for ${key === "new" ? "a new" : "the same"} key comes: nothing is purged`, async () => {
        const held = await provisioned();
        const { holder, clinic, flash } = held;
        const list = await clinic.list(1, [holder.own!.kid]);
        const token = await nextCredential(held, key, { expires: MADE_AT + 2 * DAY });
        const farewell = how === "revoke" ? holder.revoke() : holder.takeList(list);
        holder.rotate(token);
        await rejects("credential/revoked", () => farewell);
        for (const it of [holder, await open(flash)])
          deep([it.state, it.own!.credential.token, it.epoch], ["provisioned", token, 0]);
        await crypto.sign(holder.own!.key, token);
      });
    }
  }
});
