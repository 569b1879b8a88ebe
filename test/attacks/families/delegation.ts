/** A hub that wants more than it was lent. */

import { SCOPE } from "../../../modules/credential/index.js";
import { STREAM } from "../../../modules/reading/index.js";
import type { Attack, Family } from "../attack.js";
import type { But, Person } from "../hospital.js";
import type { Scene } from "../scene.js";

/** A hub's credential, signed by whoever lends. */
function lent(scene: Scene, by: Person, but: But = {}): Promise<Person> {
  return scene.hospital.signed(
    "the phone",
    by.key,
    {
      kind: "hub",
      scope: [SCOPE.ecgRead],
      issued: by.credential.issued,
      expires: by.credential.expires,
      ...but,
    },
    by,
  );
}

/** Alice is careless and signs what she is asked for: the device has to know better. */
const careless =
  (but: (alice: Person) => But): Attack["play"] =>
  async (scene) => {
    const phone = await lent(scene, scene.alice, but(scene.alice));
    await scene.refused("a session", "credential/delegation", () => scene.connect(phone));
    scene.clinician("the phone is out, whatever Alice signed");
  };

export const delegation: Family = {
  title: "Hubs",
  attacks: [
    {
      name: "hub-widens-its-scope",
      does: "a phone has Alice sign it the right to pace too",
      play: careless(() => ({ scope: [SCOPE.ecgRead, SCOPE.pacingWrite] })),
    },
    {
      name: "hub-releases-the-journal",
      does: "a phone has Alice sign it the right to release the journal",
      play: careless(() => ({ scope: [SCOPE.journalRelease] })),
    },
    {
      name: "hub-manages-the-device",
      does: "a phone has Alice sign it the right to manage the device",
      play: careless(() => ({ scope: [SCOPE.ecgRead, SCOPE.deviceManage] })),
    },
    {
      name: "hub-outlives-its-programmer",
      does: "a phone's credential ends a second after Alice's",
      play: careless(({ credential }) => ({ expires: credential.expires + 1 })),
    },
    {
      name: "hub-older-than-its-programmer",
      does: "a phone's credential begins a second before Alice's",
      play: careless(({ credential }) => ({ issued: credential.issued - 1 })),
    },
    {
      name: "hub-in-another-ward",
      does: "a phone's credential is for another ward too",
      play: careless(({ credential }) => ({ audience: [...credential.audience, "ward-9"] })),
    },
    {
      name: "hub-signs-for-itself",
      does: "a phone that may read signs itself a wider credential, and shows Alice's beside it",
      async play(scene) {
        const phone = await lent(scene, scene.alice);
        await scene.read(phone);
        const { issued, expires } = scene.alice.credential;
        const scope = [SCOPE.ecgRead, SCOPE.pacingWrite];
        const wider = { kind: "hub", scope, issued, expires } as const;
        const own = await scene.hospital.signed("the phone", phone.key, wider, scene.alice);
        await scene.refused("a session", "cwt/issuer", () => scene.connect(own));
        scene.clinician("the phone reads on with what it was lent, and no more");
      },
    },
    {
      name: "hub-without-its-programmer",
      does: "a phone shows its credential and not whose delegation it is",
      async play(scene) {
        const { ancestor: _, ...alone } = await lent(scene, scene.alice);
        await scene.refused("a session", "cwt/typ", () => scene.connect(alone));
        scene.clinician("nobody without a programmer who answers for it");
      },
    },
    {
      name: "hub-lends-on",
      does: "a phone lends what it was lent to another phone",
      async play(scene) {
        const phone = await lent(scene, scene.alice);
        const other = await lent(scene, phone);
        await scene.refused("a session", "cwt/typ", () => scene.connect(other));
        scene.clinician("two tokens in a chain, and no third");
      },
    },
    {
      name: "hub-of-one-who-may-not-lend",
      does: "Bob, who has no right to lend, lends to a phone",
      async play(scene) {
        const bob = await scene.hospital.person("Bob", [SCOPE.ecgRead]);
        const phone = await lent(scene, bob);
        await scene.refused("a session", "credential/delegation", () => scene.connect(phone));
        scene.clinician("the phone is out");
      },
    },
    {
      name: "hub-of-one-who-is-revoked",
      does: "a phone goes on when who lent to it has been revoked",
      async play(scene) {
        const { hospital } = scene;
        const bob = await hospital.person("Bob");
        const phone = await lent(scene, bob);
        const session = await scene.connect(phone);
        await session.start(STREAM.ecg, 250, 40);
        const list = await hospital.list(1, [bob.credential]);
        await scene.refused("its session", "gatt/disconnected", () => session.command("list", list));
        await scene.refused("another one", "cwt/status", () => scene.connect(phone));
        scene.clinician("Bob's phone is out with Bob");
      },
    },
    {
      name: "hub-is-revoked-itself",
      does: "a lost phone, which is on the list itself, connects",
      async play(scene) {
        const { hospital } = scene;
        const phone = await lent(scene, scene.alice);
        await scene.commanded(scene.alice, "list", await hospital.list(1, [phone.credential]));
        await scene.refused("a session", "cwt/status", () => scene.connect(phone));
        scene.clinician("the phone is out, and Alice is in");
      },
    },
    {
      name: "hub-beyond-its-scope",
      does: "a phone that may read orders what its programmer may",
      async play(scene) {
        const phone = await lent(scene, scene.alice);
        const session = await scene.connect(phone);
        for (const [name, parameters] of [
          ["identify", null],
          ["release", [1, 1, 0, new Uint8Array(16)]],
          ["audit", [0, 1, 9]],
          ["revoke", null],
        ] as const) {
          await scene.refused(name, "session/scope", () => session.command(name, parameters as never));
        }
        session.close();
        scene.clinician("the phone's scope is the phone's, not Alice's");
      },
    },
  ],
};
