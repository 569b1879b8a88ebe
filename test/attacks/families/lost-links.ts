/** The link goes when the device has heard an order, and before the answer has come: the clinician does not know. */
import { Operation } from "../../../host/programmer/operation.js";
import { program, stage } from "../../../host/programmer/pacing.js";
import type { Programmer } from "../../../host/programmer/programmer.js";
import { releaseStream, streamStatus } from "../../../host/programmer/stream-commands.js";
import { NOMINAL, type PacingParameters } from "../../../modules/cardiac/index.js";
import { PREV_LENGTH, STREAM } from "../../../modules/reading/index.js";
import { tokensOf } from "../aftermath.js";
import type { Family } from "../attack.js";
import type { Ambush, Party } from "../middle.js";
import { programmed, sameSet } from "../programmed.js";
import { ambushed, through } from "./replays.js";

const WANTED: PacingParameters = { ...NOMINAL, lowerRateLimitPpm: 70 };

/** From now on the link is cut when this side has something to say. */
const cutAt = (ambush: Ambush, party: Party) => {
  ambush.last.hand = (letter, middle) =>
    letter.from === party && letter.on === "control" ? middle.cut() : middle.forward(letter);
};

export const lostLinks: Family = {
  title: "Lost links",
  attacks: [
    {
      name: "command-repeated-after-a-lost-link",
      does: "cuts the link when the device has programmed what Alice ordered, and before she hears of it; she asks, and repeats it",
      patient: true,
      async play(scene) {
        await ambushed(scene, async (ambush) => {
          const { session } = await through(scene, ambush, (letter, middle) => middle.forward(letter));
          await scene.worded(session);
          const staged = await stage(session, WANTED);
          const operation = new Operation(scene.crypto, scene.hospital.now);
          let next: Programmer | undefined;
          cutAt(ambush, "device");
          await scene.served("what became of it", () =>
            program(session, operation, staged, async () => {
              next = await scene.connect(scene.alice);
              return next;
            }),
          );
          scene.expect(next !== undefined, "the link was not cut");
          const again = next ?? (await scene.connect(scene.alice));
          const { permanent, times } = await programmed(scene, again);
          scene.expect(sameSet(permanent, WANTED) && times === 1, `programmed ${times} times`);
          await scene.worded(again);
          await stage(again, WANTED);
          await scene.served("it, once more", () =>
            again.command("program", [operation.number, staged.hash, false]),
          );
          const after = await programmed(scene, again);
          scene.expect(after.times === 1, "it was done twice");
          again.close();
          scene.device("did it once, and says so to who asks");
          scene.clinician("her programmer asks what became of it: done; the log has it once");
        });
      },
    },
    {
      name: "command-cut-on-its-way",
      does: "cuts the link when Alice programs, before the device hears of it",
      patient: true,
      async play(scene) {
        await ambushed(scene, async (ambush) => {
          const { session } = await through(scene, ambush, (letter, middle) => middle.forward(letter));
          await scene.worded(session);
          const staged = await stage(session, WANTED);
          let next: Programmer | undefined;
          cutAt(ambush, "programmer");
          const operation = new Operation(scene.crypto, scene.hospital.now);
          await scene.refused("what the device never heard of", "gatt/disconnected", () =>
            program(session, operation, staged, async () => {
              next = await scene.connect(scene.alice);
              return next;
            }),
          );
          const again = next ?? (await scene.connect(scene.alice));
          const { permanent, times } = await programmed(scene, again);
          scene.expect(sameSet(permanent, NOMINAL) && times === 0, `programmed ${times} times`);
          again.close();
          scene.device("paces on as before");
          scene.clinician("her programmer asks what became of it: not done");
        });
      },
    },
    {
      name: "release-repeated-after-a-lost-link",
      does: "cuts the link when the device has released what Alice confirmed, and before she hears of it; she asks, and repeats it",
      async play(scene) {
        await ambushed(scene, async (ambush) => {
          const tokens = tokensOf(await scene.read(scene.alice));
          const { cti, token } = tokens[tokens.length - 1]!;
          const named = { ...cti, hash: scene.crypto.sha256(token).slice(0, PREV_LENGTH) };
          const { session } = await through(scene, ambush, (letter, middle) => middle.forward(letter));
          await scene.worded(session);
          const operation = new Operation(scene.crypto, scene.hospital.now);
          let next: Programmer | undefined;
          cutAt(ambush, "device");
          await scene.served("what became of it", () =>
            releaseStream(session, operation, named, async () => {
              next = await scene.connect(scene.alice);
              return next;
            }),
          );
          scene.expect(next !== undefined, "the link was not cut");
          const again = next ?? (await scene.connect(scene.alice));
          const used = async () => (await streamStatus(again, STREAM.ecg)).usedBytes;
          scene.expect((await used()) === 0, "it was not done");
          await scene.worded(again);
          const { stream, boot, sequence, hash } = named;
          await scene.served("it, once more", () =>
            again.command("release", [stream, boot, sequence, hash, operation.number]),
          );
          await scene.refused("it, as another operation", "journal/release", () =>
            releaseStream(again, new Operation(scene.crypto, scene.hospital.now), named),
          );
          scene.expect((await used()) === 0, "there is something kept again");
          again.close();
          scene.device("did it once, and says so to who asks");
          scene.clinician("her programmer asks what became of it: done");
        });
      },
    },
  ],
};
