/** Somebody shows a credential that is not what it should be. */

import { Authority } from "../../../host/authority/authority.js";
import { CREDENTIAL_TYP } from "../../../modules/credential/credential.js";
import { SCOPE } from "../../../modules/credential/index.js";
import { parseCwtUnverified, signCwt } from "../../../modules/cwt/index.js";
import { STREAM } from "../../../modules/reading/index.js";
import type { Attack, Family } from "../attack.js";
import type { Person } from "../hospital.js";
import type { Scene } from "../scene.js";
import { deviceSwapped } from "./impostors.js";

const HOUR_S = 3600;
const MINUTE_MS = 60_000;

/** Alice's claims, but for the key: signed by the attacker, with the Authority's name on it. */
async function forged({ hospital, crypto, alice }: Scene): Promise<Person> {
  const mallory = await hospital.person("Mallory");
  const { claims } = parseCwtUnverified(mallory.credential.token);
  const { kid } = hospital.authority.anchor;
  const token = await signCwt(crypto, mallory.key, { typ: CREDENTIAL_TYP.programmer, kid, claims });
  return { ...mallory, name: `not ${alice.name}`, credential: hospital.read(token, "programmer") };
}

/** He finds no way in with this. */
const shut =
  (code: Parameters<Scene["refused"]>[1], who: (scene: Scene) => Promise<Person>): Attack["play"] =>
  async (scene) => {
    const person = await who(scene);
    await scene.refused("a session", code, () => scene.connect(person));
    scene.clinician("nobody else was in");
  };

export const credentials: Family = {
  title: "Credentials",
  attacks: [
    {
      name: "credential-forged",
      does: "signs himself a credential with every right, in the Authority's name",
      play: shut("cose/bad-signature", forged),
    },
    {
      name: "credential-altered",
      does: "has the right to read, and changes one letter of its scope",
      play: shut("cose/bad-signature", async ({ hospital }) => {
        const mallory = await hospital.person("Mallory", [SCOPE.ecgRead]);
        const token = mallory.credential.token.slice();
        const at = new TextDecoder("latin1").decode(token).indexOf("ecg:read");
        token[at] = "x".charCodeAt(0);
        return { ...mallory, credential: { ...mallory.credential, token } };
      }),
    },
    {
      name: "credential-other-authority",
      does: "shows a credential that an Authority of his own has signed",
      play: shut("cwt/issuer", async ({ hospital, crypto }) =>
        hospital.signed("Mallory", await crypto.generate("Ed25519"), {}),
      ),
    },
    {
      name: "credential-expired",
      does: "comes back with last week's credential",
      play: shut("cwt/expired", ({ hospital }) =>
        hospital.person("Bob", undefined, {
          issued: hospital.now - 9 * 86_400,
          expires: hospital.now - 2 * 86_400,
        }),
      ),
    },
    {
      name: "credential-ends-in-session",
      does: "is in when his credential ends, and stays",
      async play(scene) {
        const { hospital, stage } = scene;
        const bob = await hospital.person("Bob", undefined, { expires: hospital.now + HOUR_S });
        const session = await scene.connect(bob);
        await session.command("status", 1);
        await stage.firmware.pass(61 * MINUTE_MS);
        await scene.refused("a command behind its end", "gatt/disconnected", () =>
          session.command("status", 1),
        );
        await scene.refused("another session", "cwt/expired", () => scene.connect(bob));
        scene.device("ended the session in the second in which the credential did");
        scene.clinician("nobody in whose right has ended");
      },
    },
    {
      name: "credential-wrong-audience",
      does: "is a programmer of another ward of the same hospital",
      play: shut("cwt/audience", ({ hospital }) =>
        hospital.person("Dave", undefined, { audience: ["ward-9"] }),
      ),
    },
    {
      name: "credential-wrong-role",
      does: "shows a device's credential, of a device that he took apart, as a programmer's",
      play: shut("cwt/typ", ({ hospital }) => hospital.signed("a device", hospital.key, { kind: "device" })),
    },
    {
      name: "credential-wrong-scope",
      does: "may read, and orders everything else: keys, the log, release, revocation",
      async play(scene) {
        const bob = await scene.hospital.person("Bob", [SCOPE.ecgRead]);
        const session = await scene.connect(bob);
        const orders = [
          ["identify", null],
          ["rotate", new Uint8Array(8)],
          ["anchor", [new Uint8Array(8), new Uint8Array(8)]],
          ["revoke", null],
          ["release", [1, 1, 0, new Uint8Array(16)]],
          ["audit", [0, 1, 9]],
          ["provision", [new Uint8Array(8), new Uint8Array(8)]],
        ] as const;
        for (const [name, parameters] of orders) {
          await scene.refused(name, "session/scope", () => session.command(name, parameters as never));
        }
        session.close();
        scene.clinician("nothing changed by one who may read");
      },
    },
    {
      name: "credential-no-right-to-read",
      does: "may read the log alone, and asks for the heart",
      async play(scene) {
        const auditor = await scene.hospital.person("an auditor", [SCOPE.auditRead]);
        const session = await scene.connect(auditor);
        for (const [name, parameters] of [
          ["start", [1, 250, 1]],
          ["fetch", [1, 1, 0]],
          ["status", 1],
          ["stop", [1]],
        ] as const) {
          await scene.refused(name, "session/scope", () => session.command(name, parameters as never));
        }
        scene.expect(session.figures.packets === 0, "telemetry went to one who may not read");
        session.close();
        scene.clinician("no sample went to him");
      },
    },
    {
      name: "credential-revoked",
      does: "has a credential that was revoked, and the list has been carried to the device",
      async play(scene) {
        const { hospital } = scene;
        const bob = await hospital.person("Bob");
        await scene.read(bob);
        await scene.commanded(scene.alice, "list", await hospital.list(1, [bob.credential]));
        await scene.refused("a session", "cwt/status", () => scene.connect(bob));
        await scene.stage.powerCycle();
        await scene.refused("a session behind a power cut", "cwt/status", () => scene.connect(bob));
        scene.clinician("Bob is out, since the list came");
      },
    },
    {
      name: "credential-revoked-in-session",
      does: "is reading when the list that revokes him comes, through his own session",
      async play(scene) {
        const { hospital, stage } = scene;
        const bob = await hospital.person("Bob", [SCOPE.ecgRead]);
        const session = await scene.connect(bob);
        await session.start(STREAM.ecg, 250, 40);
        const list = await hospital.list(1, [bob.credential]);
        await scene.refused("his session", "gatt/disconnected", () => session.command("list", list));
        await scene.refused("another one", "cwt/status", () => stage.connect(bob));
        scene.device("cut him off before the list was answered");
        scene.clinician("Bob is out, in the midst of his stream");
      },
    },
    {
      name: "credential-swapped",
      does: "shows Alice's credential, which he overheard, and signs with a key of his own",
      async play(scene) {
        const { hospital, alice } = scene;
        const mallory = await hospital.person("Mallory", [SCOPE.ecgRead]);
        const swapped = { ...mallory, credential: alice.credential };
        await scene.refused("by value", "edhoc/mac", () => scene.connect(swapped));
        await scene.read(alice); // now the device has met her
        await scene.refused("by kid", "edhoc/mac", () => scene.stage.connect(swapped, { byKid: true }));
        scene.clinician("nobody acts in Alice's name");
      },
    },
    {
      name: "credential-of-false-authority-for-device",
      does: "sells a device of his own as one of the hospital's",
      async play(scene) {
        const { crypto, stage } = scene;
        const his = new Authority(crypto, await crypto.generate("Ed25519"));
        const trust = stage.trust({ anchor: his.anchor });
        await scene.refused("a device of another Authority", "cwt/issuer", () =>
          stage.connect(scene.alice, { trust }),
        );
        scene.clinician("her programmer breaks off before she sees a sample: cwt/issuer");
      },
    },
    deviceSwapped,
  ],
};
