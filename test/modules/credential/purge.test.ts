/** A device that is revoked purges its key and says so; its Authority alone has it back (DESIGN section 4). */

import { loadIdentity } from "../../../modules/credential/identity.js";
import { verifyRequest, verifySelfRevocation } from "../../../modules/credential/index.js";
import { deep, ok, rejects, same } from "../../support/assert.js";
import { Clinic, DEVICE, MADE_AT } from "../device/clinic.js";
import { PowerCut } from "../flash/failing.js";
import {
  crypto,
  flipped,
  type Held,
  holds,
  nextCredential,
  open,
  provisioned,
  unchanged,
} from "./holding.js";

const END: [string, (held: Held) => Promise<Uint8Array | undefined>, number][] = [
  ["on the list", async ({ holder, clinic }) => holder.takeList(await clinic.list(4, [holder.own!.kid])), 4],
  ["told to", ({ holder }) => holder.revoke(), 0],
];

for (const [name, end, epoch] of END) {
  describe(`A device that is ${name} ends (DESIGN section 4)`, () => {
    it("its last word verifies; sealed key and credential are in no byte of flash; it stays so over restarts", async () => {
      const held = await provisioned();
      const { holder, flash, clinic } = held;
      const { key, credential } = holder.own!;
      const before = loadIdentity(flash)!;
      const farewell = (await end(held))!;
      const said = verifySelfRevocation(crypto, farewell, credential.key);
      deep(said, { device: DEVICE, issued: MADE_AT, epoch });
      await rejects("cose/bad-signature", async () =>
        verifySelfRevocation(crypto, flipped(farewell, farewell.length - 1), credential.key),
      );
      for (const blob of [before.sealed!, before.credential!]) ok(!holds(flash, blob));
      await rejects("crypto/closed", async () => crypto.sign(key, new Uint8Array(1)));
      for (const it of [holder, await open(flash), await open(flash)])
        deep([it.state, it.own, it.anchor!.kid, it.epoch], ["revoked", undefined, clinic.anchor.kid, epoch]);
    });

    it("it is provisioned again only under the same anchor, with a new key", async () => {
      const held = await provisioned();
      const before = held.holder.own!.credential;
      await end(held);
      const holder = await open(held.flash);
      const again = { ...held, holder };
      const other = await Clinic.open(crypto, 0x40);
      await unchanged(again, "credential/holder", () =>
        holder.provision(before.token, held.clinic.anchorKey),
      );
      await unchanged(again, "credential/holder", () => holder.rotate(before.token));
      const token = await other.issueDevice(verifyRequest(crypto, await holder.request("Ed25519")));
      await unchanged(again, "credential/anchor", () => holder.provision(token, other.anchorKey));
      await held.clinic.provision(holder);
      deep([holder.state, holder.epoch], ["provisioned", epoch]);
      ok(holder.own!.kid.join() !== before.kid.join());
    });

    it("factory reset: new, with its label and its floor; any Authority may have it", async () => {
      const held = await provisioned();
      await end(held);
      held.holder.factoryReset();
      for (const it of [held.holder, await open(held.flash)])
        deep([it.state, it.label, it.epoch, it.anchor], ["new", held.holder.label, 0, undefined]);
      await (await Clinic.open(crypto, 0x40)).provision(held.holder);
      same(held.holder.state, "provisioned");
    });
  });
}

describe("A factory reset leaves nothing of the Authority (DESIGN section 4)", () => {
  it("a provisioned device: key, credential, anchor and list are gone from RAM and flash; the floor stays", async () => {
    const held = await provisioned();
    const { holder, flash, clinic } = held;
    await holder.takeList(await clinic.list(9, [new Uint8Array(8).fill(3)], { issued: MADE_AT + 77 }));
    const [before, { key }] = [loadIdentity(flash)!, holder.own!];
    holder.factoryReset();
    for (const blob of [before.sealed!, before.credential!, before.anchor!]) ok(!holds(flash, blob));
    await rejects("crypto/closed", async () => crypto.sign(key, new Uint8Array(1)));
    for (const it of [holder, await open(flash)]) {
      deep([it.state, it.own, it.anchor, it.epoch], ["new", undefined, undefined, 0]);
      deep([it.label, it.floor.seconds], [before.label, MADE_AT + 77]);
      same(it.isRevoked(new Uint8Array(8).fill(3)), false);
    }
  });
});

describe("The power goes in the midst of an end: the old state or the new one, and never again a revoked key", () => {
  for (const torn of ["untouched", "half", "done"] as const) {
    it(`a list with the device on it, the byte under the cut ${torn}`, async () => {
      const whole = await provisioned();
      const token = await whole.clinic.list(1, [whole.holder.own!.kid]);
      const { sealed } = loadIdentity(whole.flash)!;
      const seen: string[] = [];
      for (let left = 0; seen.at(-1) !== "taken"; left += left < 60 ? 12 : 811) {
        const flash = whole.flash.restart();
        const holder = await open(flash);
        [flash.left, flash.torn] = [left, torn];
        const taken = await holder.takeList(token).then(
          () => "taken",
          (error: unknown) => (error instanceof PowerCut ? "cut" : String(error)),
        );
        const after = flash.restart();
        const again = await open(after);
        deep(again.state, again.epoch === 1 ? "revoked" : "provisioned", `${left} ${taken}`);
        same(holds(after, sealed!), again.epoch === 0);
        same((await open(after)).state, again.state);
        seen.push(taken);
      }
      ok(seen.length > 8 && seen.slice(0, -1).every((it) => it === "cut"), seen.join());
    });
  }

  it("rotation to a new key, cut in the midst: one of the two, and only its sealed key once the next start is over", async () => {
    const states = new Set<boolean>();
    for (let left = 10, over = false; !over; left += left < 600 ? 149 : 1500) {
      const held = await provisioned();
      const old = loadIdentity(held.flash)!;
      const token = await nextCredential(held, "new");
      held.flash.left = left;
      try {
        held.holder.rotate(token);
        over = true;
      } catch (error) {
        ok(error instanceof PowerCut);
      }
      const after = held.flash.restart();
      const { own } = await open(after);
      const isNew = own!.credential.token.join() === token.join();
      same(holds(after, old.credential!), !isNew);
      same(holds(after, old.sealed!), !isNew);
      states.add(isNew);
    }
    deep([...states].sort(), [false, true]);
  });
});
