/** Every kind of token is offered where another kind is expected, all of them signed by whoever may sign that kind. */
import { challenge } from "../../../host/programmer/manage.js";
import type { Programmer } from "../../../host/programmer/programmer.js";
import { issueAnchorRotation, requestFreshness } from "../../../modules/credential/index.js";
import { countOf, readLog, tokensOf } from "../aftermath.js";
import type { Attack, Family } from "../attack.js";
import { WARD } from "../hospital.js";
import type { Scene } from "../scene.js";

type Tokens = Record<string, Uint8Array>;

/** One of each kind, over this session's nonce where it has one. */
async function allKinds(scene: Scene, nonce: Uint8Array): Promise<Tokens> {
  const { hospital, crypto, alice } = scene;
  const { authority, key, now, device } = hospital;
  const stream = tokensOf(await scene.read(await hospital.person("Bob")));
  const of = (kind: string) => stream.find((token) => token.kind === kind)!.token;
  return {
    "a device's credential": device.token,
    "a programmer's credential": alice.credential.token,
    "a revocation list": await hospital.list(1, []),
    "a freshness token": await hospital.word(nonce, alice),
    "a time reset": await authority.timeReset({ nonce, device: device.subject, now }),
    "an anchor rotation": await issueAnchorRotation(crypto, key, {
      next: alice.key,
      audience: WARD,
      issued: now,
    }),
    "a freshness request": await requestFreshness(crypto, alice.key, authority.anchor, {
      nonce,
      device: device.subject,
      issued: now,
    }),
    "a stream header": of("header"),
    "a reading": of("reading"),
    "a head": of("head"),
  };
}

type Place = readonly [
  command: Parameters<Programmer["command"]>[0],
  meant: string,
  parameters: (token: Uint8Array, device: Uint8Array) => never,
];

const alone = (token: Uint8Array) => token as never;

/** Where the device takes a token, and the kind that it takes there. */
const PLACES: readonly Place[] = [
  ["freshness", "a freshness token", alone],
  ["list", "a revocation list", alone],
  ["time", "a time reset", alone],
  ["rotate", "a device's credential", alone],
  ["anchor", "an anchor rotation", (token, device) => [token, device] as never],
];

const confused: Attack["play"] = async (scene) => {
  const { alice, hospital } = scene;
  const nonces = await scene.connect(alice);
  nonces.close();
  const tokens = await allKinds(scene, new Uint8Array(16));
  const session = await scene.connect(alice);
  await scene.worded(session);
  let offered = 0;
  for (const [command, meant, parameters] of PLACES) {
    // what is over a nonce is over this session's: nothing but its kind is wrong with it
    const nonce = await challenge(session);
    const { device, authority, now } = hospital;
    tokens["a freshness token"] = await hospital.word(nonce, alice);
    tokens["a time reset"] = await authority.timeReset({ nonce, device: device.subject, now });
    for (const [kind, token] of Object.entries(tokens)) {
      if (kind === meant) continue;
      offered++;
      await scene.refused(`${kind} as ${meant}`, "cwt/typ", () =>
        session.command(command, parameters(token, hospital.device.token)),
      );
    }
  }
  const log = await readLog(scene, session);
  scene.expect(
    countOf(log, "timeReset") === 0 && countOf(log, "anchorRotated") === 0,
    "the log tells of a change",
  );
  session.close();
  scene.device(`${offered} tokens of the wrong kind`);
  scene.clinician("nothing was changed by any of them");
};

export const tokens: Family = {
  title: "Kinds of tokens",
  attacks: [
    {
      name: "typ-confusion",
      does: "offers every kind of token where another is expected, each signed by who may sign it, over the right nonce",
      play: confused,
    },
    {
      name: "typ-as-credential",
      does: "shows the Authority's own tokens of other kinds as his credential",
      async play(scene) {
        const { hospital, alice } = scene;
        const phone = await hospital.signed("a phone", hospital.key, { kind: "hub" });
        await scene.refused("a hub's, of the Authority itself", "cwt/typ", () => scene.connect(phone));
        const kinds = {
          "a revocation list": await hospital.list(1, []),
          "a freshness token": await hospital.word(new Uint8Array(16), alice),
          "a device's credential": hospital.device.token,
        };
        for (const [kind, token] of Object.entries(kinds)) {
          const credential = { ...alice.credential, token };
          await scene.refused(kind, "cwt/typ", () => scene.connect({ ...alice, credential }));
        }
        scene.clinician("only what says that it is a programmer's credential is one");
      },
    },
  ],
};
