/** Somebody is the device to Alice's programmer: he has overheard who it says it is, and has no key of its. */
import { Trust } from "../../../modules/credential/index.js";
import { EdhocHandshake } from "../../../modules/device/handshake.js";
import type { Attack } from "../attack.js";
import { ambushed } from "./replays.js";

export const deviceSwapped: Attack = {
  name: "device-swapped",
  does: "sits in between, shows Alice's programmer the device's credential, which he overheard, and signs with a key of his own",
  async play(scene) {
    const { crypto, hospital, stage, alice } = scene;
    const { device: credential, authority } = hospital;
    const own = { key: await crypto.generate("Ed25519"), kid: credential.kid, credential };
    const time = () => ({ floor: hospital.now });
    const trust = new Trust(crypto, { anchor: authority.anchor, kinds: ["programmer"], time });
    const his = new EdhocHandshake(crypto, own, trust);
    let answered = 0;
    const broke = (error: unknown) => scene.problems.push(`his handshake: ${error}`);
    await ambushed(scene, async (ambush) => {
      ambush.hand = ({ from, number, message }, middle) => {
        const say = (answer: Uint8Array | undefined) => {
          if (answer !== undefined) middle.send("programmer", answer);
          if (answer !== undefined) answered++;
        };
        if (from === "programmer") his.receive(message).then(({ answer }) => say(answer), broke);
        else if (number === 0) his.begin().then(say, broke);
      };
      await scene.refused("a session with him", "edhoc/mac", () =>
        stage.connect(alice, { port: ambush.port }),
      );
    });
    his.close();
    scene.expect(answered === 2, `he said ${answered} messages of 2`);
    scene.device("heard nothing of it");
    scene.clinician("her programmer breaks off: edhoc/mac. He has learned who she is, and no more");
  },
};
