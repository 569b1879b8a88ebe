/** The device's credential and its anchor are replaced, each in one step; old keys leave flash (DESIGN section 4). */

import { loadIdentity } from "../../../modules/credential/identity.js";
import { anchorOf, verifyCredential } from "../../../modules/credential/index.js";
import type { ErrorCode } from "../../../modules/error/index.js";
import { deep, ok, rejects, same } from "../../support/assert.js";
import { Clinic, DAY, GROUP, MADE_AT } from "../device/clinic.js";
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

const NEXT = 0x40;
const MESSAGE = Uint8Array.of(7);

describe("The credential rotates (DESIGN section 4)", () => {
  for (const key of ["same", "new"] as const) {
    it(`${key} key: the new credential is there, after a restart too; the old sealed key and credential are not in flash`, async () => {
      const held = await provisioned();
      const { holder, flash } = held;
      const [old, before] = [holder.own!, loadIdentity(flash)!];
      ok(holds(flash, before.sealed!) && holds(flash, before.credential!));
      const token = await nextCredential(held, key, { expires: MADE_AT + 9 * DAY });
      holder.rotate(token);
      for (const blob of [before.sealed!, before.credential!]) ok(!holds(flash, blob), "the old is gone");
      ok(holds(flash, token));
      for (const it of [holder, await open(flash)]) {
        deep([it.state, it.own!.credential.token], ["provisioned", token]);
        const signature = await crypto.sign(it.own!.key, MESSAGE);
        const holder = it.own!.credential.key.publicKey;
        ok(crypto.verify("EdDSA", holder, MESSAGE, signature));
        same(crypto.verify("EdDSA", old.credential.key.publicKey, MESSAGE, signature), key === "same");
      }
      if (key === "new") await rejects("crypto/closed", async () => crypto.sign(old.key, MESSAGE));
    });
  }

  it("many times over: flash holds one sealed key at a time", async () => {
    const held = await provisioned();
    const blobs: Uint8Array[] = [];
    for (let n = 0; n < 8; n++) {
      held.holder.rotate(await nextCredential(held, n % 2 === 0 ? "new" : "same"));
      blobs.push(loadIdentity(held.flash)!.sealed!);
      deep(
        blobs.map((blob) => holds(held.flash, blob)),
        blobs.map((_, it) => it === n),
      );
    }
  });

  const REFUSED: [string, ErrorCode, (held: Held) => Promise<Uint8Array>][] = [
    ["for a key that is nobody's", "credential/holder", ({ clinic }) => clinic.issueDevice(clinic.key)],
    [
      "for a key that was not asked for",
      "credential/holder",
      async ({ clinic }) => clinic.issueDevice(await crypto.generate("Ed25519")),
    ],
    [
      "of another Authority",
      "cwt/issuer",
      async ({ holder }) => (await Clinic.open(crypto, NEXT)).issueDevice(holder.own!.key),
    ],
    [
      "one bit of its signature flipped",
      "cose/bad-signature",
      async (held) => lastFlipped(await nextCredential(held, "same")),
    ],
    [
      "a programmer's, for its key",
      "cwt/typ",
      ({ clinic, holder }) => clinic.issue({ holder: holder.own!.credential.key }),
    ],
    [
      "a key that is revoked",
      "cwt/status",
      async (held) => {
        const token = await nextCredential(held, "new");
        const options = { kind: "device", anchor: held.clinic.anchor, time: { floor: 0 } } as const;
        const { kid } = verifyCredential(crypto, token, options);
        await held.holder.takeList(await held.clinic.list(1, [kid]));
        return token;
      },
    ],
  ];
  for (const [name, code, make] of REFUSED) {
    it(`${name}: ${code}`, async () => {
      const held = await provisioned();
      const token = await make(held);
      await unchanged(held, code, () => held.holder.rotate(token));
      held.holder.rotate(await nextCredential(held, "new"));
    });
  }
});

function lastFlipped(token: Uint8Array): Uint8Array {
  return flipped(token, token.length - 1);
}

/** The other Authority of a hand-over, its token, and the device's credential under it. */
async function handOver(held: Held, issued = MADE_AT + 10) {
  const next = await Clinic.open(crypto, NEXT);
  const rotation = await held.clinic.handOver(next.anchor, issued);
  return { next, rotation, token: await nextCredential({ clinic: next, holder: held.holder }, "same") };
}

describe("The anchor rotates by a token that the old one signed (DESIGN section 4)", () => {
  it("anchor and credential change together; the old Authority is believed no more; a restart keeps it", async () => {
    const held = await provisioned();
    const { next, rotation, token } = await handOver(held);
    held.holder.rotateAnchor(rotation, token);
    for (const holder of [held.holder, await open(held.flash)]) {
      deep([holder.anchor!.kid, holder.own!.credential.token], [next.anchor.kid, token]);
      same(holder.floor.seconds, MADE_AT + 10);
      const old = await held.clinic.list(1, []);
      await unchanged({ holder, flash: held.flash }, "cwt/issuer", () => holder.takeList(old));
    }
    await held.holder.takeList(await next.list(1, []));
  });

  it("the same token again, and one from before the last: refused, over a restart too", async () => {
    const held = await provisioned();
    const first = await handOver(held);
    held.holder.rotateAnchor(first.rotation, first.token);
    await unchanged(held, "cwt/issuer", () => held.holder.rotateAnchor(first.rotation, first.token));
    const { anchor } = held.clinic;
    const back = await first.next.handOver(anchor, MADE_AT + 20);
    const own = await nextCredential(held, "same");
    held.holder.rotateAnchor(back, own);
    const holder = await open(held.flash);
    for (const issued of [MADE_AT + 20, MADE_AT + 19, MADE_AT + 10]) {
      const again = await held.clinic.handOver(first.next.anchor, issued);
      await unchanged({ holder, flash: held.flash }, "credential/anchor", () =>
        holder.rotateAnchor(again, first.token),
      );
    }
    await unchanged({ holder, flash: held.flash }, "credential/anchor", () =>
      holder.rotateAnchor(first.rotation, first.token),
    );
    holder.rotateAnchor(await held.clinic.handOver(first.next.anchor, MADE_AT + 21), first.token);
  });

  type Given = (held: Held) => Promise<[Uint8Array, Uint8Array]>;
  const REFUSED: [string, ErrorCode, Given][] = [
    [
      "a credential of the old anchor",
      "cwt/issuer",
      async (held) => [(await handOver(held)).rotation, await nextCredential(held, "same")],
    ],
    [
      "the credential that it has",
      "cwt/issuer",
      async (held) => [(await handOver(held)).rotation, held.holder.own!.credential.token],
    ],
    [
      "another key's credential",
      "credential/holder",
      async (held) => {
        const { next, rotation } = await handOver(held);
        return [rotation, await next.issueDevice(next.key)];
      },
    ],
    [
      "signed by the new anchor itself",
      "cwt/issuer",
      async (held) => {
        const { next, token } = await handOver(held);
        return [await next.handOver(next.anchor, MADE_AT + 10), token];
      },
    ],
    [
      "for another group",
      "cwt/audience",
      async (held) => {
        const { next, token } = await handOver(held);
        return [await held.clinic.handOver(next.anchor, MADE_AT + 10, "other"), token];
      },
    ],
    [
      "onto another curve",
      "credential/anchor",
      async (held) => {
        const next = await Clinic.open(crypto, NEXT, "P-256");
        return [await held.clinic.handOver(next.anchor, MADE_AT + 10), held.holder.own!.credential.token];
      },
    ],
    [
      "one bit of the rotation flipped",
      "cose/bad-signature",
      async (held) => {
        const { rotation, token } = await handOver(held);
        return [lastFlipped(rotation), token];
      },
    ],
    [
      "one bit of the credential flipped",
      "cose/bad-signature",
      async (held) => {
        const { rotation, token } = await handOver(held);
        return [rotation, lastFlipped(token)];
      },
    ],
    [
      "a rotation of iat 0",
      "credential/anchor",
      async (held) => {
        const { rotation, token } = await handOver(held, 0);
        return [rotation, token];
      },
    ],
  ];
  for (const [name, code, given] of REFUSED) {
    it(`${name}: ${code}`, async () => {
      const held = await provisioned();
      const [rotation, token] = await given(held);
      await unchanged(held, code, () => held.holder.rotateAnchor(rotation, token));
    });
  }

  it("provisioning by the old Authority, after it handed over: credential/anchor", async () => {
    const held = await provisioned();
    const { rotation, token, next } = await handOver(held);
    held.holder.rotateAnchor(rotation, token);
    const old = await held.clinic.issueDevice(held.holder.own!.credential.key);
    await unchanged(held, "credential/anchor", () => held.holder.provision(old, held.clinic.anchorKey));
    held.holder.provision(token, next.anchorKey);
    deep(anchorOf(crypto, next.authority).kid, held.holder.anchor!.kid);
    same(held.holder.own!.credential.audience[0], GROUP);
  });
});
