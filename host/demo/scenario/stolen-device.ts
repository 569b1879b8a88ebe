import { toHex } from "../../../modules/bytes/index.js";
import { type NamedKey, SCOPE } from "../../../modules/credential/index.js";
import { INFO_STATE } from "../../../modules/gatt/index.js";
import { Authority } from "../../authority/authority.js";
import { carry } from "../../programmer/manage.js";
import { believed, type Person, type Stage, trustIn } from "./stage.js";
import type { Story } from "./story.js";
import { WARD } from "./ward.js";

export const title = "a device is stolen, with the label that is printed on it";

export async function play(stage: Stage, story: Story): Promise<void> {
  const { crypto, ward } = stage;
  let device!: NamedKey;
  await story.works("The device is provisioned, and Alice reads it.", async () => {
    device = await stage.provision();
    return stage.read(await stage.person("Alice", [SCOPE.ecgRead]), 3);
  });
  const alice = await stage.person("Alice", [SCOPE.ecgRead]);

  story.tell(
    "The device is stolen. The thief has an Authority and a programmer of his own, and the device's label.",
  );
  const his = new Authority(crypto, await crypto.generate("Ed25519"));
  const thief = await thiefOf(stage, his);
  await story.refused("He connects with a credential that his own Authority signed.", "cwt/issuer", () =>
    stage.connect(thief),
  );
  await story.refused(
    "He holds the button and provisions the device anew, under his own Authority.",
    "credential/anchor",
    () => stage.provision(his),
  );

  story.tell("The theft is reported; the Authority revokes the device.");
  ward.revoke(device);
  const checker = await ward.statusChecker();
  const careful = trustIn(crypto, ward.authority, checker.isRevoked);
  await stage.firmware.press(300);
  await story.refused(
    "Alice's programmer meets it, with the status list of today: nothing that it says is believed.",
    "cwt/status",
    () => stage.connect(alice, careful),
  );
  await story.works(
    "Somebody's programmer in the street carries the list to it. The device signs that it ends, and purges its key.",
    async () => {
      const session = await stage.connect(alice);
      const farewell = await carry(session, await ward.list(), crypto);
      await stage.becomes("revoked");
      return `the farewell of ${farewell?.device}, epoch ${farewell?.epoch}`;
    },
  );
  await story.works("What it says of itself to anyone who asks:", () => state(stage));
  await story.refused("Alice connects: there is nobody any more to talk to.", "device/unprovisioned", () =>
    stage.connect(alice),
  );
  await story.refused(
    "The thief takes out the battery, holds the button, and provisions it under his own Authority.",
    "credential/anchor",
    async () => {
      await stage.powerCycle();
      await stage.provision(his);
    },
  );

  story.tell("He holds the button for ten seconds while he puts the battery in: a factory reset.");
  await stage.powerDown();
  await stage.powerUp(true);
  await stage.becomes("reset", 12_000);
  await stage.firmware.press(0); // lets go
  await story.works(
    "The device is as it left the maker. It takes his Authority, and makes another key.",
    async () => {
      const key = await stage.provision(his);
      return `its key was ${toHex(device.kid)}, and is ${toHex(key.kid)}`;
    },
  );
  await story.refused(
    "Alice connects: it believes nobody of her Authority, and she would not believe it.",
    "cwt/issuer",
    () => stage.connect(alice),
  );
}

async function thiefOf(stage: Stage, his: Authority): Promise<Person> {
  const { crypto, ward } = stage;
  const key = await crypto.generate("Ed25519");
  const scope = Object.values(SCOPE);
  const token = await his.issue({ kind: "programmer", holder: key, audience: [WARD], scope, now: ward.now });
  return { name: "the thief", key, credential: await believed(crypto, his, token) };
}

async function state(stage: Stage): Promise<string> {
  const link = await stage.link();
  const info = await link.readInfo();
  link.close();
  return (
    Object.keys(INFO_STATE).find((name) => INFO_STATE[name as keyof typeof INFO_STATE] === info[1]) ?? "?"
  );
}
