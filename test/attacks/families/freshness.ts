/** Somebody wants to do what needs the Authority's word, and has none, or another's. */
import { Authority } from "../../../host/authority/authority.js";
import { challenge } from "../../../host/programmer/manage.js";
import type { Programmer } from "../../../host/programmer/programmer.js";
import type { ErrorCode } from "../../../modules/error/index.js";
import type { Attack, Family } from "../attack.js";
import type { Person } from "../hospital.js";
import type { Scene } from "../scene.js";

/** What needs the word: its holder asks the device for a new key. */
const harm = (session: Programmer) => session.command("identify", 6);

/** Bob has every right by his credential; he offers this word, and then wants to do harm. */
const offers =
  (
    code: ErrorCode,
    word: (scene: Scene, session: Programmer, bob: Person) => Promise<Uint8Array>,
  ): Attack["play"] =>
  async (scene) => {
    const bob = await scene.hospital.person("Bob");
    const session = await scene.connect(bob);
    const token = await word(scene, session, bob);
    await scene.refused("the word", code, () => session.command("freshness", token));
    await scene.refused("what needs it", "credential/freshness", () => harm(session));
    session.close();
    scene.clinician("nothing was changed");
  };

export const freshness: Family = {
  title: "The Authority's word",
  attacks: [
    {
      name: "word-none",
      does: "has stolen a programmer with every right, and orders at once",
      async play(scene) {
        const bob = await scene.hospital.person("Bob");
        const session = await scene.connect(bob);
        const orders = [
          ["identify", 6],
          ["rotate", bob.credential.token],
          ["anchor", [new Uint8Array(8), new Uint8Array(8)]],
          ["release", [1, 1, 0, new Uint8Array(16)]],
          ["revoke", null],
        ] as const;
        for (const [name, parameters] of orders) {
          await scene.refused(name, "credential/freshness", () => session.command(name, parameters as never));
        }
        session.close();
        scene.clinician("he reads until he is revoked, and changes nothing");
      },
    },
    {
      name: "word-stale",
      does: "gets the Authority's word, and keeps it for a minute and a second",
      play: offers("credential/freshness", async (scene, session, bob) => {
        const token = await scene.hospital.word(await challenge(session), bob);
        await scene.stage.firmware.pass(61_000);
        return token;
      }),
    },
    {
      name: "word-twice",
      does: "offers the same word a second time, half an hour later",
      async play(scene) {
        const bob = await scene.hospital.person("Bob");
        const session = await scene.connect(bob);
        const token = await scene.hospital.word(await challenge(session), bob);
        await session.command("freshness", token);
        await scene.refused("the same word", "credential/freshness", () =>
          session.command("freshness", token),
        );
        await scene.stage.firmware.pass(30 * 60_000 + 1000);
        await scene.refused("it, later", "credential/freshness", () => session.command("freshness", token));
        await scene.refused("what needs it", "credential/freshness", () => harm(session));
        session.close();
        scene.device("let the rights end behind half an hour");
        scene.clinician("a word is good once, and for half an hour");
      },
    },
    {
      name: "word-of-another-session",
      does: "offers a word that he was given in the session before",
      play: offers("credential/freshness", async (scene, session, bob) => {
        const token = await scene.hospital.word(await challenge(session), bob);
        session.close();
        const next = await scene.connect(bob);
        await challenge(next);
        Object.assign(session, { command: next.command.bind(next), close: next.close.bind(next) });
        return token;
      }),
    },
    {
      name: "word-before-it-was-asked-for",
      does: "offers a word over a nonce of his own",
      play: offers("credential/freshness", (scene, _, bob) => scene.hospital.word(new Uint8Array(16), bob)),
    },
    {
      name: "word-over-another-nonce",
      does: "asks for two nonces, and offers the word over the first",
      play: offers("credential/freshness", async (scene, session, bob) => {
        const first = await challenge(session);
        await challenge(session);
        return scene.hospital.word(first, bob);
      }),
    },
    {
      name: "word-for-another-device",
      does: "offers a word that the Authority gave for another device, over this session's nonce",
      play: offers("cwt/audience", async (scene, session, bob) =>
        scene.hospital.word(await challenge(session), bob, { device: "AAAAAAAAAAA" }),
      ),
    },
    {
      name: "word-for-another-programmer",
      does: "offers the word that was given to Alice, over this session's nonce",
      play: offers("credential/freshness", async (scene, session) =>
        scene.hospital.word(await challenge(session), scene.alice),
      ),
    },
    {
      name: "word-of-another-authority",
      does: "offers a word that an Authority of his own has signed",
      play: offers("cwt/issuer", async ({ crypto, hospital }, session, bob) => {
        const his = new Authority(crypto, await crypto.generate("Ed25519"));
        const nonce = await challenge(session);
        const programmer = bob.credential.kid;
        return his.freshness({
          nonce,
          device: hospital.device.subject,
          programmer,
          epoch: 0,
          now: hospital.now,
        });
      }),
    },
    {
      name: "word-altered",
      does: "changes a bit of the signature of a word that was given to him",
      play: offers("cose/bad-signature", async (scene, session, bob) => {
        const token = (await scene.hospital.word(await challenge(session), bob)).slice();
        token[token.length - 1]! ^= 1;
        return token;
      }),
    },
    {
      name: "word-without-the-list",
      does: "keeps back the newer list that the word speaks of",
      play: offers("credential/epoch", async (scene, session, bob) =>
        scene.hospital.word(await challenge(session), bob, { epoch: 7 }),
      ),
    },
    {
      name: "word-carried-over-a-link",
      does: "has had the word, loses the link, and goes on in a new session",
      async play(scene) {
        const bob = await scene.hospital.person("Bob");
        const session = await scene.connect(bob);
        await scene.worded(session, bob);
        await harm(session);
        session.close();
        const next = await scene.connect(bob);
        await scene.refused("what needs it", "credential/freshness", () => harm(next));
        next.close();
        scene.clinician("rights end with their session");
      },
    },
  ],
};
