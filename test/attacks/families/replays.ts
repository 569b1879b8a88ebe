/** Somebody in the middle sends again what he has heard: in the same session, or in another. */
import type { ProgrammerEvent } from "../../../host/programmer/programmer.js";
import { STREAM } from "../../../modules/reading/index.js";
import { countOf, genuine, readLog, tokensOf } from "../aftermath.js";
import type { Family } from "../attack.js";
import { Ambush, type Hand, type Letter } from "../middle.js";
import type { Scene } from "../scene.js";

/** message_2 is a stream cipher's: under other keys its plaintext is chance, and refused for whatever it looks like. */
const GARBLED = /^(cbor|cose|cwt|edhoc)\//;

/** An error is short; message_3 has a credential in it. */
const ERROR_MAX = 64;

/** Alice's programmer, through somebody's hands; what it told her. */
export async function through(scene: Scene, ambush: Ambush, hand: Hand) {
  ambush.hand = hand;
  const events: ProgrammerEvent[] = [];
  const session = await scene.stage.connect(scene.alice, {
    port: ambush.port,
    observe: (event) => events.push(event),
  });
  return {
    session,
    events,
    refusals: () => events.flatMap((event) => (event.kind === "refused" ? [event.error.code] : [])),
  };
}

/** One honest session with two readings, as somebody in the middle heard it. */
async function heard(scene: Scene, ambush: Ambush): Promise<readonly Letter[]> {
  const { session } = await through(scene, ambush, (letter, middle) => middle.forward(letter));
  await session.start(STREAM.ecg, 250, 2);
  await scene.stage.until(() => session.figures.verified >= 4, "two readings");
  session.close();
  return ambush.last.letters;
}

const find = (letters: readonly Letter[], from: Letter["from"], on: Letter["on"], number: number) =>
  letters.find((letter) => letter.from === from && letter.on === on && letter.number === number) as Letter;

export async function ambushed(scene: Scene, act: (ambush: Ambush) => Promise<void>): Promise<void> {
  const ambush = await Ambush.lay(scene.stage.firmware.port);
  try {
    await act(ambush);
  } finally {
    ambush.close();
  }
}

/** In a new session a message of the handshake is not the one that was sent, but the one of the session before. */
const instead =
  (from: Letter["from"], number: number, code: Parameters<Scene["refused"]>[1]) => (scene: Scene) =>
    ambushed(scene, async (ambush) => {
      const { stage } = scene;
      const letters = await heard(scene, ambush);
      const old = find(letters, from, "control", number);
      const before = stage.said.length;
      const session = through(scene, ambush, (letter, middle) => {
        const replaced = letter.from === from && letter.on === "control" && letter.number === number;
        middle.forward(replaced ? old : letter);
      });
      await scene.refused("the handshake", code, () => session.then((it) => it.session));
      const named = ambush.last.letters.some(
        (it) => it.from === "device" && it.number === 1 && it.message.length > ERROR_MAX,
      );
      scene.expect(from === "device" || !named, "the device believed yesterday's words, and named itself");
      scene.expect(
        !stage.said.slice(before).some(({ event }) => event === "authenticated"),
        "a session was opened",
      );
      scene.clinician("her programmer says that there is no session; she tries again");
    });

export const replays: Family = {
  title: "Replays",
  attacks: [
    {
      name: "message-2-replayed",
      does: "answers the device with the message_2 that Alice's programmer sent yesterday",
      play: instead("programmer", 0, GARBLED),
    },
    {
      name: "message-3-replayed",
      does: "answers Alice's programmer with the message_3 that the device sent yesterday",
      play: instead("device", 1, "edhoc/mac"),
    },
    {
      name: "message-4-replayed",
      does: "confirms to the device with yesterday's message_4",
      async play(scene) {
        await ambushed(scene, async (ambush) => {
          const letters = await heard(scene, ambush);
          const old = find(letters, "programmer", "control", 1);
          const before = scene.stage.said.length;
          const { session } = await through(scene, ambush, (letter, middle) => {
            const replaced = letter.from === "programmer" && letter.on === "control" && letter.number === 1;
            middle.forward(replaced ? old : letter);
          });
          await scene.comes(() => scene.stage.refusals(before).length > 0, "a refusal of the device");
          for (const code of scene.stage.refusals(before)) scene.met(code);
          const authenticated = scene.stage.said.slice(before).some(({ event }) => event === "authenticated");
          scene.expect(!authenticated, "the device took yesterday's message_4");
          await scene.stage.firmware.pass(2300);
          session.close();
          await scene.stage.firmware.pass(61_000);
          scene.clinician("her first command gets no answer; she tries again");
        });
      },
    },
    {
      name: "session-replayed",
      does: "plays all that Alice's programmer said yesterday to the device, word by word",
      async play(scene) {
        await ambushed(scene, async (ambush) => {
          const letters = await heard(scene, ambush);
          const hers = letters.filter(({ from }) => from === "programmer");
          const before = scene.stage.said.length;
          await scene.refused("the handshake", GARBLED, () =>
            through(scene, ambush, (letter, middle) => {
              if (letter.from === "device") return middle.forward(letter);
              for (const each of hers) middle.send("device", each.message);
            }).then(({ session }) => session),
          );
          const authenticated = scene.stage.said.slice(before).some(({ event }) => event === "authenticated");
          scene.expect(!authenticated, "yesterday's words opened a session");
          scene.clinician("nothing was done that she did not order");
        });
      },
    },
    {
      name: "reading-replayed",
      does: "sends every reading a second time, behind the others",
      async play(scene) {
        await ambushed(scene, async (ambush) => {
          const { session, events, refusals } = await through(scene, ambush, (letter, middle) =>
            middle.forward(letter),
          );
          await session.start(STREAM.ecg, 250, 4);
          await scene.stage.until(() => session.figures.verified >= 6, "four readings");
          const telemetry = ambush.last.letters.filter(({ on }) => on === "telemetry");
          for (const letter of telemetry) ambush.last.forward(letter);
          await scene.comes(() => refusals().length >= telemetry.length, "refusals of the programmer");
          const codes = refusals();
          for (const code of codes) scene.met(code);
          scene.expect(
            codes.every((code) => code === "session/replay"),
            `expected session/replay, came ${codes}`,
          );
          scene.expect(
            session.figures.verified === 6,
            `${session.figures.verified} tokens were taken, and 6 were sent`,
          );
          scene.expect(genuine(tokensOf(events)), "a sample is not the heart's");
          scene.clinician(`${telemetry.length} messages refused as replays, the trace as it was`);
          session.close();
        });
      },
    },
    {
      name: "reading-of-another-session",
      does: "sends the readings of yesterday's session into today's",
      async play(scene) {
        await ambushed(scene, async (ambush) => {
          const old = (await heard(scene, ambush)).filter(({ on }) => on === "telemetry");
          const { session, events, refusals } = await through(scene, ambush, (letter, middle) =>
            middle.forward(letter),
          );
          for (const letter of old) ambush.last.forward(letter);
          await scene.comes(() => refusals().length >= old.length, "refusals of the programmer");
          for (const code of refusals()) scene.met(code);
          const codes = [...new Set(refusals())].join(", ");
          scene.expect(codes === "cose/decrypt", `expected cose/decrypt, came ${codes}`);
          scene.expect(tokensOf(events).length === 0, "yesterday's readings were taken for today's");
          await session.start(STREAM.ecg, 250, 2);
          await scene.stage.until(() => session.figures.verified >= 4, "today's readings");
          scene.clinician(`${old.length} messages refused, today's stream whole`);
          session.close();
        });
      },
    },
    {
      name: "command-replayed",
      does: "sends Alice's start, which is done, to the device once more",
      async play(scene) {
        await ambushed(scene, async (ambush) => {
          const { session } = await through(scene, ambush, (letter, middle) => middle.forward(letter));
          await session.start(STREAM.ecg, 250, 2);
          await scene.stage.until(() => session.figures.verified >= 4, "two readings");
          const before = scene.stage.said.length;
          ambush.last.forward(find(ambush.last.letters, "programmer", "control", 2));
          await scene.comes(() => scene.stage.refusals(before).length > 0, "a refusal of the device");
          const codes = scene.stage.refusals(before);
          for (const code of codes) scene.met(code);
          scene.expect(codes.join() === "session/replay", `expected session/replay, came ${codes}`);
          const done = countOf(await readLog(scene, session), "commandDone");
          // provisioning's two, and her start
          scene.expect(done === 3, `expected one start in the log, came ${done - 2} commands`);
          scene.expect(session.figures.verified === 4, "a second stream has begun");
          scene.clinician("one stream, as she ordered");
          session.close();
        });
      },
    },
    {
      name: "command-of-another-session",
      does: "sends yesterday's start into today's session",
      async play(scene) {
        await ambushed(scene, async (ambush) => {
          const old = find(await heard(scene, ambush), "programmer", "control", 2);
          const { session } = await through(scene, ambush, (letter, middle) => middle.forward(letter));
          const before = scene.stage.said.length;
          ambush.last.forward(old);
          await scene.comes(() => scene.stage.refusals(before).length > 0, "a refusal of the device");
          const codes = scene.stage.refusals(before);
          for (const code of codes) scene.met(code);
          scene.expect(codes.join() === "cose/decrypt", `expected cose/decrypt, came ${codes}`);
          const [recording] = (await session.command("status", 1)) as unknown[];
          scene.expect(recording === false, "a stream has begun");
          scene.clinician("her session goes on, and nothing was started");
          session.close();
        });
      },
    },
  ],
};
