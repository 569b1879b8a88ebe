/** What a device holds outlives the power (DESIGN sections 4 and 9). */
import { equal } from "../../../modules/bytes/index.js";
import { loadIdentity } from "../../../modules/credential/identity.js";
import { verifyRequest } from "../../../modules/credential/index.js";
import { createPortableCrypto } from "../../../modules/crypto/portable/index.js";
import { deep, ok, rejects, same } from "../../support/assert.js";
import { MADE_AT } from "../device/clinic.js";
import { crypto, holds, newFlash, nextCredential, open, provisioned, stateOf } from "./holding.js";

const MESSAGE = Uint8Array.of(1, 2, 3);

describe("Who the device is", () => {
  it("at the first start a label is made, and no key; it stays, and the boot count rises", async () => {
    const flash = newFlash();
    const made = await open(flash);
    deep([made.fresh, made.boot, made.state, made.floor.seconds], [true, 1, "new", MADE_AT]);
    deep([made.label.length, made.own, made.anchor, made.epoch], [16, undefined, undefined, 0]);
    for (let boot = 2; boot < 5; boot++) {
      const again = await open(flash);
      deep([again.fresh, again.boot, again.state, again.floor.seconds], [false, boot, "new", MADE_AT]);
      deep(again.label, made.label);
    }
  });

  it("provisioned: the key, the credential and the anchor are there after a restart, and the key signs", async () => {
    const { flash, holder, clinic } = await provisioned();
    for (let boot = 2; boot < 4; boot++) {
      const again = await open(flash);
      deep([again.boot, again.state, again.label], [boot, "provisioned", holder.label]);
      deep([again.own!.kid, again.anchor!.kid], [holder.own!.kid, clinic.anchor.kid]);
      deep(again.own!.credential.token, holder.own!.credential.token);
      const signature = await crypto.sign(again.own!.key, MESSAGE);
      ok(crypto.verify("EdDSA", holder.own!.credential.key.publicKey, MESSAGE, signature));
    }
  });

  it("two devices share neither label nor key", async () => {
    const [a, b] = [await provisioned(), await provisioned()];
    ok(!equal(a.holder.label, b.holder.label));
    ok(!equal(a.holder.own!.key.publicKey, b.holder.own!.key.publicKey));
  });

  it("the boot count rises over many starts, from one sector into the other and back", async () => {
    const flash = newFlash();
    for (let boot = 1; boot <= 400; boot++) same((await open(flash)).boot, boot);
  });

  it("flash of another device, or a chip moved to another: refused, and left as it is but for the boot count", async () => {
    const { flash } = await provisioned();
    const sealer = (fill: number) =>
      createPortableCrypto({ deviceSecret: new Uint8Array(16).fill(fill), random: crypto.random });
    const identity = flash.bytes.slice(0, 2 * 4096);
    await rejects("crypto/bad-tag", () => open(flash, { now: 0 }, sealer(1)));
    deep(flash.bytes.slice(0, 2 * 4096), identity);
  });

  it("the private key is nowhere in the flash, sealed it is there once", async () => {
    const seed = new Uint8Array(32).map((_, i) => (i * 37 + 11) & 0xff);
    const key = await crypto.importKey("Ed25519", seed);
    const known = Object.assign(Object.create(crypto) as typeof crypto, {
      generate: () => Promise.resolve(key as never),
      seal: (it: typeof key) => crypto.seal(it),
      random: (length: number) => crypto.random(length),
    });
    for (const name of ["importKey", "unseal", "sign", "verify", "sha256"] as const)
      Object.assign(known, {
        [name]: (...them: never[]) => (crypto[name] as (...all: never[]) => unknown)(...them),
      });
    const flash = newFlash();
    const holder = await open(flash, { now: 0 }, known);
    const { clinic } = await provisioned();
    await clinic.provision(holder);
    deep(holder.own!.key.publicKey, key.publicKey);
    for (let at = 0; at + 8 <= 32; at++) ok(!holds(flash, seed.slice(at, at + 8)), `byte ${at}`);
    ok(holds(flash, loadIdentity(flash)!.sealed!), "sealed");
  });
});

describe("A request for a credential (DESIGN section 4)", () => {
  it("a new device makes its key then, on the curve asked for; nothing is written", async () => {
    for (const curve of ["Ed25519", "P-256"] as const) {
      const flash = newFlash();
      const holder = await open(flash);
      const before = stateOf({ holder, flash });
      const [a, b] = [await holder.request(curve, false), await holder.request(curve, true)];
      same(verifyRequest(crypto, a).curve, curve);
      ok(!equal(verifyRequest(crypto, a).kid, verifyRequest(crypto, b).kid), "another key each time");
      deep(stateOf({ holder, flash }), before);
    }
  });

  it("of the key that it has; or of a new one, which the old one vouches for", async () => {
    const { holder } = await provisioned();
    const old = holder.own!;
    deep(verifyRequest(crypto, await holder.request(undefined, true)).kid, old.kid);
    const request = await holder.request("Ed25519", true);
    await rejects("credential/request", async () => verifyRequest(crypto, request));
    ok(!equal(verifyRequest(crypto, request, { ...old.credential.key, kid: old.kid }).kid, old.kid));
    verifyRequest(crypto, await holder.request("Ed25519", false)); // over the label it vouches for itself
  });

  it("on another curve than the Authority's: credential/anchor, and what was asked for before still holds", async () => {
    const held = await provisioned();
    const token = await nextCredential(held, "new");
    await rejects("credential/anchor", () => held.holder.request("P-256", true));
    held.holder.rotate(token);
  });

  it("a key that was forgotten, or that another request took the place of, is taken no more", async () => {
    const held = await provisioned();
    const [first, second] = [await nextCredential(held, "new"), await nextCredential(held, "new")];
    await rejects("credential/holder", async () => held.holder.rotate(first));
    held.holder.forget();
    await rejects("credential/holder", async () => held.holder.rotate(second));
  });
});
