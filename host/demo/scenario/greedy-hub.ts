import { readCredential } from "../../../modules/credential/credential.js";
import { delegate, SCOPE, signCredential } from "../../../modules/credential/index.js";
import { parseCwtUnverified } from "../../../modules/cwt/index.js";
import { STREAM } from "../../../modules/reading/index.js";
import { carry } from "../../programmer/manage.js";
import type { Person, Stage } from "./stage.js";
import type { Story } from "./story.js";
import { WARD } from "./ward.js";

export const title = "a relative's phone wants more than it was lent";

const HOUR_S = 3600;

export async function play(stage: Stage, story: Story): Promise<void> {
  const { crypto, ward } = stage;
  await story.works("The device is provisioned.", async () => {
    await stage.provision();
    return "";
  });
  const alice = await stage.person("Alice", Object.values(SCOPE));
  const phone = await crypto.generate("Ed25519");
  const { issued, expires } = alice.credential;
  const content = {
    subject: crypto.random(8),
    audience: [WARD],
    holder: phone,
    issued,
    expires: issued + 12 * HOUR_S,
    scope: [SCOPE.ecgRead],
  };
  const hub = (token: Uint8Array, ancestor?: Person): Person => ({
    name: "the phone",
    key: phone,
    credential: readCredential(crypto, token, "hub", parseCwtUnverified(token).claims),
    ...(ancestor && { ancestor: ancestor.credential }),
  });
  const token = await delegate(crypto, alice.key, alice.credential, content);
  const lent = hub(token, alice);

  await story.works("Alice lends the patient's phone the right to read, for twelve hours; it reads.", () =>
    stage.read(lent, 3),
  );
  let session = await stage.connect(lent);
  await story.refused("The phone wants to manage the device.", "session/scope", () =>
    session.command("identify", null),
  );
  session.close();

  const connect = (text: string, code: Parameters<Story["refused"]>[1], person: Person) =>
    story.refused(text, code, () => stage.connect(person));
  await connect("It shows its credential without Alice's.", "cwt/typ", hub(token));
  const wider = { ...content, kind: "hub", scope: [SCOPE.ecgRead, SCOPE.pacingWrite] } as const;
  await connect(
    "It signs itself a wider one, and shows Alice's with it.",
    "cwt/issuer",
    hub(await signCredential(crypto, phone, wider), alice),
  );
  const changed = token.slice();
  changed[changed.length - 1] ^= 1;
  await connect("It changes one bit of its own.", "cose/bad-signature", {
    ...lent,
    credential: { ...lent.credential, token: changed },
  });
  await connect("It lends on, to another phone, what it was lent.", "cwt/typ", {
    ...hub(await signCredential(crypto, phone, { ...content, kind: "hub" })),
    ancestor: lent.credential,
  });
  story.tell("Now Alice is careless, and signs whatever she is asked for.");
  await stage.firmware.press(300); // the button: what follows is outside the ration
  await connect(
    "One that may pace.",
    "credential/delegation",
    hub(await signCredential(crypto, alice.key, wider), alice),
  );
  const longer = { ...content, kind: "hub", expires: expires + 1 } as const;
  await connect(
    "One that outlives her own by a second.",
    "credential/delegation",
    hub(await signCredential(crypto, alice.key, longer), alice),
  );
  const elsewhere = { ...content, kind: "hub", audience: [WARD, "ward-9"] } as const;
  await connect(
    "One for another ward too.",
    "credential/delegation",
    hub(await signCredential(crypto, alice.key, elsewhere), alice),
  );

  story.tell("Alice's credential is revoked, and what she lent goes with it.");
  ward.revoke(alice.credential);
  session = await stage.connect(lent);
  await session.start(STREAM.ecg, 250, 0);
  await story.refused(
    "The phone is streaming when the list comes, through itself: it is cut off at once.",
    "gatt/disconnected",
    async () => {
      await carry(session, await ward.list(), crypto);
    },
  );
  await connect("It connects again.", "cwt/status", lent);
}
