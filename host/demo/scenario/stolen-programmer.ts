import { SCOPE } from "../../../modules/credential/index.js";
import { challenge, freshen } from "../../programmer/manage.js";
import type { Programmer } from "../../programmer/programmer.js";
import type { Person, Stage } from "./stage.js";
import type { Story } from "./story.js";

export const title = "a clinician's tablet is stolen, unlocked, with its key";

const CLINICIAN = [SCOPE.ecgRead, SCOPE.pacingRead, SCOPE.pacingWrite, SCOPE.deviceManage];

export async function play(stage: Stage, story: Story): Promise<void> {
  const { crypto, ward } = stage;
  const ask = (person: Person) => ({
    crypto,
    key: person.key,
    anchor: ward.authority.anchor,
    now: ward.now,
    ask: (request: Uint8Array) => ward.answer(request),
  });

  story.tell("A ward has an Authority, a new device, and two clinicians, Alice and Bob.");
  await story.works("A nurse holds the device's button, scans its label and provisions it.", async () => {
    await stage.provision();
    return "the device has its credential";
  });
  const alice = await stage.person("Alice", CLINICIAN);
  const bob = await stage.person("Bob", CLINICIAN);
  await story.works("Bob reads the heart on his tablet.", () => stage.read(bob, 3));

  story.tell("Bob's tablet is stolen. Nobody has noticed yet.");
  await story.works(
    "The thief reads the heart: until the theft is known, this cannot be told from Bob.",
    () => stage.read(bob, 3),
  );
  let thief = await stage.connect(bob);
  await story.refused(
    "He orders the device to give up its key. That needs the Authority's word.",
    "credential/freshness",
    () => thief.command("revoke", null),
  );
  thief.close();

  story.tell(
    "Bob reports the theft, and the Authority revokes his credential. The device has no internet: it does not know yet.",
  );
  ward.revoke(bob.credential);
  thief = await stage.connect(bob);
  await story.refused("The thief asks the Authority for its word.", "credential/revoked", () =>
    freshen(thief, ask(bob)),
  );
  const eavesdropped = async () => {
    // the word that Alice would get, asked for with the nonce of the thief's own session
    const nonce = await challenge(thief);
    return ward.authority.freshness({
      nonce,
      device: thief.device.subject,
      programmer: alice.credential.kid,
      epoch: 0,
      now: ward.now,
    });
  };
  await story.refused("He presents a word that was given to Alice.", "credential/freshness", async () =>
    thief.command("freshness", await eavesdropped()),
  );
  thief.close();

  let session: Programmer | undefined;
  await story.works(
    "Alice comes by and asks for its word; the list that revokes Bob comes with it, and goes first.",
    async () => {
      session = await stage.connect(alice);
      const seconds = await freshen(session, ask(alice));
      return `list of epoch ${ward.epoch} stored; Alice may program for ${seconds / 60} minutes`;
    },
  );
  session?.close();
  await story.refused("The thief connects.", "cwt/status", () => stage.connect(bob));
  await story.refused("He takes out the battery, puts it in again, and connects.", "cwt/status", async () => {
    await stage.powerCycle();
    await stage.connect(bob);
  });
  await story.works("Alice reads on.", () => stage.read(alice, 3));
}
