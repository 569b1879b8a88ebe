/** Somebody carries revocation lists that are old, false or another's, and sets the time. */

import { Authority } from "../../../host/authority/authority.js";
import { challenge } from "../../../host/programmer/manage.js";
import type { ErrorCode } from "../../../modules/error/index.js";
import { STREAM } from "../../../modules/reading/index.js";
import type { Attack, Family } from "../attack.js";
import { WARD } from "../hospital.js";
import type { Scene } from "../scene.js";

const DAY_S = 86_400;

/** The device has the list of epoch 2, with Bob on it. Mallory carries another one. */
const carries =
  (code: ErrorCode, other: (scene: Scene) => Promise<Uint8Array>): Attack["play"] =>
  async (scene) => {
    const { hospital, alice } = scene;
    const bob = await hospital.person("Bob");
    await scene.commanded(alice, "list", await hospital.list(2, [bob.credential]));
    const mallory = await hospital.person("Mallory", ["ecg:read"]);
    const list = await other(scene);
    await scene.refused("the list", code, () => scene.commanded(mallory, "list", list));
    await scene.refused("Bob", "cwt/status", () => scene.connect(bob));
    scene.clinician("who was revoked stays so");
  };

export const lists: Family = {
  title: "Revocation lists",
  attacks: [
    {
      name: "list-older",
      does: "carries the list of epoch 1, from before Bob was revoked",
      play: carries("credential/epoch", ({ hospital }) => hospital.list(1, [])),
    },
    {
      name: "list-same-epoch",
      does: "carries another list of the same epoch, without Bob on it",
      play: carries("credential/epoch", ({ hospital }) => hospital.list(2, [])),
    },
    {
      name: "list-older-behind-a-power-cut",
      does: "takes the battery out, puts it in, and carries the list of epoch 1",
      play: carries("credential/epoch", async (scene) => {
        await scene.stage.powerCycle();
        return scene.hospital.list(1, []);
      }),
    },
    {
      name: "list-of-another-authority",
      does: "carries an empty list of epoch 99 that he has signed himself",
      play: carries("cwt/issuer", async ({ crypto, hospital }) => {
        const his = new Authority(crypto, await crypto.generate("Ed25519"));
        return his.revocationList({ audience: WARD, epoch: 99, revoked: [], now: hospital.now });
      }),
    },
    {
      name: "list-for-another-ward",
      does: "carries the Authority's own list of epoch 99 for another ward",
      play: carries("cwt/audience", ({ hospital }) => hospital.list(99, [], "ward-9")),
    },
    {
      name: "list-for-another-device",
      does: "carries the Authority's own list of epoch 99 for one other device",
      play: carries("cwt/audience", ({ hospital }) => hospital.list(99, [], "AAAAAAAAAAA")),
    },
    {
      name: "list-altered",
      does: "takes Bob's key out of the list of epoch 3",
      play: carries("cose/bad-signature", async ({ hospital, alice }) => {
        const list = (await hospital.list(3, [alice.credential])).slice();
        list[list.length - 70]! ^= 1;
        return list;
      }),
    },
    {
      name: "device-revoked-in-mid-stream",
      does: "a stolen device is streaming when the list that it is on comes, through whoever reads it",
      leaves: "revoked",
      async play(scene) {
        const { hospital, stage, alice } = scene;
        const session = await scene.connect(alice);
        await session.start(STREAM.ecg, 250, 0);
        await stage.until(() => session.figures.verified >= 3, "a stream");
        const farewell = await session.command("list", await hospital.list(1, [hospital.device]));
        scene.expect(
          farewell instanceof Uint8Array,
          "expected a farewell that the device has signed, came none",
        );
        await scene.comes(
          () => stage.said.some(({ event }) => event === "revoked"),
          "a device that is revoked",
        );
        const at = session.figures.packets;
        await stage.firmware.pass(10_000);
        scene.expect(session.figures.packets === at, "it streams on without a key");
        session.close();
        await scene.refused("another session", "device/unprovisioned", () => scene.connect(alice));
        await stage.powerCycle();
        scene.expect(stage.firmware.state === "revoked", `behind a power cut it is ${stage.firmware.state}`);
        await scene.refused("one behind a power cut", "device/unprovisioned", () => scene.connect(alice));
        scene.device("signed its farewell, purged its key, ended the stream");
        scene.clinician("her programmer is told that the device is revoked; what came before stays verified");
      },
    },
    {
      name: "device-revoked-and-believed",
      does: "a stolen device that no list has reached is read with a status list that names it",
      async play(scene) {
        const { alice, stage, hospital } = scene;
        const revoked = (_: Uint8Array, { subject }: { subject: string }) =>
          subject === hospital.device.subject;
        await scene.refused("its word", "cwt/status", () =>
          stage.connect(alice, { trust: stage.trust({ revoked }) }),
        );
        scene.clinician("cwt/status: not a sample of it is believed");
      },
    },
  ],
};

/** Bob's credential ends in an hour; two hours go by. */
async function ended(scene: Scene) {
  const { hospital, stage } = scene;
  const bob = await hospital.person("Bob", undefined, { expires: hospital.now + 3600 });
  await scene.read(bob);
  await stage.firmware.pass(2 * 3600_000);
  await scene.refused("Bob, behind the end", "cwt/expired", () => scene.connect(bob));
  return bob;
}

const out = async (scene: Scene, bob: Awaited<ReturnType<typeof ended>>) => {
  await scene.refused("Bob", "cwt/expired", () => scene.connect(bob));
  scene.clinician("what has ended stays so");
};

export const time: Family = {
  title: "Time",
  attacks: [
    {
      name: "time-turned-back-by-power-cuts",
      does: "takes the battery out and puts it in, to make the device young again",
      async play(scene) {
        const bob = await ended(scene);
        for (let i = 0; i < 3; i++) await scene.stage.powerCycle();
        await out(scene, bob);
      },
    },
    {
      name: "time-reset-replayed",
      does: "replays a time reset that the Authority gave in another session",
      async play(scene) {
        const { hospital, alice } = scene;
        const session = await scene.connect(alice);
        const nonce = await challenge(session);
        const reset = await hospital.authority.timeReset({
          nonce,
          device: hospital.device.subject,
          now: hospital.now,
        });
        await session.command("time", reset);
        session.close();
        const bob = await ended(scene);
        const mallory = await scene.connect(await hospital.person("Mallory", ["ecg:read"]));
        await challenge(mallory);
        await scene.refused("the reset", "credential/freshness", () => mallory.command("time", reset));
        mallory.close();
        await out(scene, bob);
      },
    },
    {
      name: "time-reset-forged",
      does: "signs a time reset himself, and one for another device",
      async play(scene) {
        const { hospital, crypto } = scene;
        const bob = await ended(scene);
        const session = await scene.connect(await hospital.person("Mallory", ["ecg:read"]));
        const nonce = await challenge(session);
        const his = new Authority(crypto, await crypto.generate("Ed25519"));
        const device = hospital.device.subject;
        const forged = await his.timeReset({ nonce, device, now: hospital.now - DAY_S });
        await scene.refused("his own", "cwt/issuer", () => session.command("time", forged));
        const others = await hospital.authority.timeReset({
          nonce,
          device: "AAAAAAAAAAA",
          now: hospital.now,
        });
        await scene.refused("another device's", "cwt/audience", () => session.command("time", others));
        session.close();
        await out(scene, bob);
      },
    },
    {
      name: "time-driven-forward-by-a-hub",
      does: "lends to a phone, with a date ten years ahead, so that everybody's credential ends",
      async play(scene) {
        const { hospital } = scene;
        const mallory = await hospital.person("Mallory");
        const { expires, issued } = mallory.credential;
        const scope = ["ecg:read"];
        const ahead = issued + DAY_S / 2;
        const phone = await hospital.signed(
          "a phone",
          mallory.key,
          { kind: "hub", scope, issued: ahead, expires },
          mallory,
        );
        await scene.read(phone);
        const bob = await hospital.person("Bob", scope, { expires: hospital.now + 3600 });
        await scene.served("Bob, before his time is over", () => scene.read(bob));
        const far = await hospital.signed(
          "a phone",
          mallory.key,
          { kind: "hub", scope, issued: hospital.now + 3650 * DAY_S, expires },
          mallory,
        );
        await scene.connect(far).then(
          (session) => session.close(),
          (error) => scene.met(error.code),
        );
        await scene.served("Bob, behind the phone", () => scene.read(bob));
        scene.device("no hub's date moves its time");
        scene.clinician("nobody ends before his time");
      },
    },
    {
      name: "time-driven-forward-by-a-word",
      does: "offers words and lists with dates of the far future that he signs himself, and one of the Authority's beyond 2242",
      async play(scene) {
        const { hospital, crypto } = scene;
        const mallory = await hospital.person("Mallory");
        const session = await scene.connect(mallory);
        const his = new Authority(crypto, await crypto.generate("Ed25519"));
        const far = hospital.now + 3650 * DAY_S;
        const nonce = await challenge(session);
        const device = hospital.device.subject;
        const programmer = mallory.credential.kid;
        const word = await his.freshness({ nonce, device, programmer, epoch: 0, now: far });
        await scene.refused("his word", "cwt/issuer", () => session.command("freshness", word));
        const list = await his.revocationList({ audience: WARD, epoch: 1, revoked: [], now: far });
        await scene.refused("his list", "cwt/issuer", () => session.command("list", list));
        const beyond = await hospital.word(nonce, mallory, { now: 2 ** 33 + 1 });
        await scene.refused("beyond 2242", "cwt/claim", () => session.command("freshness", beyond));
        session.close();
        await scene.read(await hospital.person("Bob", undefined, { expires: hospital.now + 3600 }));
        scene.clinician("credentials hold as long as they say");
      },
    },
  ],
};
