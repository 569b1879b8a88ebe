import { SCOPE } from "../../../modules/credential/index.js";
import { Authority } from "../../authority/authority.js";
import { carry } from "../../programmer/manage.js";
import type { Stage } from "./stage.js";
import type { Story } from "./story.js";
import { WARD } from "./ward.js";

export const title = "someone carries old and false revocation lists to a device";

export async function play(stage: Stage, story: Story): Promise<void> {
  const { crypto, ward } = stage;
  story.tell(
    "Bob's and Carol's credentials were revoked, one after the other; Mallory may read, and has kept every list she saw.",
  );
  await story.works("The device is provisioned.", async () => {
    await stage.provision();
    return "";
  });
  const [bob, carol] = [
    await stage.person("Bob", [SCOPE.ecgRead]),
    await stage.person("Carol", [SCOPE.ecgRead]),
  ];
  const mallory = await stage.person("Mallory", [SCOPE.ecgRead]);
  ward.revoke(bob.credential);
  const first = await ward.list();
  ward.revoke(carol.credential);
  const second = await ward.list();

  let session = await stage.connect(mallory);
  await story.works("The list of epoch 2 comes to the device.", async () => {
    await carry(session, second, crypto);
    return `${second.length} bytes, stored in one step`;
  });
  const offer = (
    text: string,
    code: "credential/epoch" | "cwt/issuer" | "cwt/audience" | "cose/bad-signature",
    list: Uint8Array,
  ) => story.refused(text, code, () => carry(session, list, crypto));
  await offer(
    "Mallory carries the list of epoch 1, from before Carol was revoked.",
    "credential/epoch",
    first,
  );
  await offer("She carries epoch 2 once more.", "credential/epoch", second);
  const false_ = new Authority(crypto, await crypto.generate("Ed25519"));
  const content = { audience: WARD, epoch: 99, revoked: [], now: ward.now };
  await offer(
    "She signs an empty list of epoch 99 herself.",
    "cwt/issuer",
    await false_.revocationList(content),
  );
  const elsewhere = await ward.authority.revocationList({ ...content, audience: "ward-9" });
  await offer("She carries the Authority's own list for another ward.", "cwt/audience", elsewhere);
  const forged = second.slice();
  forged[forged.length - 70] ^= 1;
  await offer("She changes one bit of the list of epoch 2.", "cose/bad-signature", forged);
  session.close();

  for (const person of [bob, carol]) {
    await story.refused(`${person.name} connects.`, "cwt/status", () => stage.connect(person));
  }
  story.tell("Mallory takes out the battery and puts it in again.");
  await stage.powerCycle();
  session = await stage.connect(mallory);
  await offer("She carries the list of epoch 1.", "credential/epoch", first);
  session.close();
  await story.refused("Carol connects.", "cwt/status", () => stage.connect(carol));
}
