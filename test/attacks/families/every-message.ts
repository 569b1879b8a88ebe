/**
 * Every message of a session, one after the other, meets somebody in the middle: a session for each of them and each way
 * to harm it. What the programmer took has to be the heart's; what the device did has to be what was ordered; and what
 * was recorded has to be there for the next one who asks.
 */

import { setTimeout } from "node:timers/promises";
import type { ProgrammerEvent } from "../../../host/programmer/programmer.js";
import { VagusError } from "../../../modules/error/index.js";
import { STREAM } from "../../../modules/reading/index.js";
import { genuine, tokensOf } from "../aftermath.js";
import type { Attack, Family } from "../attack.js";
import { type End, HARMS, type Harm, inHandshake } from "../harms.js";
import { Ambush, type Letter } from "../middle.js";
import type { Scene } from "../scene.js";
import { everyOrder } from "./every-order.js";

/** The messages of the session that is harmed, by side, characteristic and number. */
const MESSAGES: readonly (readonly [Letter["from"], Letter["on"], number, string])[] = [
  ["device", "control", 0, "message_1"],
  ["programmer", "control", 0, "message_2"],
  ["device", "control", 1, "message_3"],
  ["programmer", "control", 1, "message_4"],
  ["programmer", "control", 2, "start"],
  ["device", "control", 2, "reply to start"],
  ["device", "telemetry", 0, "stream header"],
  ["device", "telemetry", 1, "reading"],
  ["device", "telemetry", 2, "last reading"],
  ["device", "telemetry", 3, "head"],
  ["programmer", "control", 3, "status"],
  ["device", "control", 3, "reply to status"],
];
const TOKENS = 4;
/** What a programmer's patience is here, in real milliseconds and in unharmed sessions; who is to lose nothing has more. */
const SHORT_MS = { atLeast: 300, unharmed: 8 } as const;
const LONG_MS = 10_000;
const LONGER = 4;
const REFILL_MS = 61_000;

/** One session, harmed at one message. */
async function harmed(
  scene: Scene,
  ambush: Ambush,
  harm: Harm,
  [from, on, number]: (typeof MESSAGES)[number],
  patienceMs: number,
) {
  const { stage } = scene;
  const events: ProgrammerEvent[] = [];
  let met = false;
  ambush.hand = (letter, middle) => {
    const meant = letter.from === from && letter.on === on && letter.number === number;
    met ||= meant;
    if (meant) harm.hand(letter, middle, scene);
    else middle.forward(letter);
  };
  const before = stage.said.length;
  let broken: unknown;
  try {
    const session = await stage.connect(scene.alice, {
      port: ambush.port,
      timeoutMs: patienceMs,
      observe: (event) => events.push(event),
    });
    try {
      await session.start(STREAM.ecg, 250, 2);
      await stage.until(
        () => session.figures.verified >= TOKENS || !ambush.last.open,
        "the stream",
        patienceMs,
      );
      await session.command("status", 1);
      await setTimeout(10); // what comes behind it
    } finally {
      session.close();
    }
  } catch (error) {
    broken = error;
  }
  await setTimeout(5); // what is still on its way
  ambush.last.cut();
  const refused = stage.refusals(before).length + events.filter(({ kind }) => kind === "refused").length;
  const tokens = tokensOf(events);
  const end: End = broken !== undefined || tokens.length < TOKENS ? "lost" : refused > 0 ? "noted" : "whole";
  return { met, end, tokens, broken };
}

/** What became of the recording: all of it is there, or it was never begun. */
async function recovered(scene: Scene): Promise<readonly string[]> {
  const events: ProgrammerEvent[] = [];
  const session = await scene.stage.connect(scene.alice, { observe: (event) => events.push(event) });
  try {
    const status = () =>
      session.command("status", 1) as Promise<[boolean, number, number | null, number, number]>;
    await scene.stage.until(async () => !(await status())[0], "a recording that has ended");
    const [, boot, sequence] = await status();
    if (sequence === null) return [];
    await session.command("fetch", [1, boot, 0]);
    await scene.stage.until(
      () => tokensOf(events).some(({ cti }) => cti.sequence === sequence),
      "what was recorded",
    );
    scene.expect(genuine(tokensOf(events)), "what was recorded is not the heart's");
    return tokensOf(events).map(({ kind, cti }) => `${kind} ${cti.sequence}`);
  } finally {
    session.close();
  }
}

const streamsOf = (kept: readonly string[]) => kept.filter((token) => token.startsWith("header")).length;

const attack = (harm: Harm): Attack => ({
  name: `every-message-${harm.name}`,
  does: `takes the messages of a session one by one, a session for each, and ${harm.does}`,
  async play(scene) {
    const { stage } = scene;
    const ambush = await Ambush.lay(stage.firmware.port);
    const ends: Record<End, number> = { whole: 0, noted: 0, lost: 0 };
    const began = Date.now();
    await scene.read(scene.alice);
    const shortMs = Math.max(SHORT_MS.atLeast, SHORT_MS.unharmed * (Date.now() - began));
    let recordings = 1;
    try {
      for (const message of MESSAGES) {
        const [, , , name] = message;
        const may = harm.may(name, message === MESSAGES[MESSAGES.length - 1]);
        const patienceMs = may.join() === "lost" ? shortMs : LONG_MS;
        let tried = await harmed(scene, ambush, harm, message, patienceMs);
        // a machine that is busier now than it was: she gave up before it came by
        for (let longer = patienceMs; !tried.met && longer < LONG_MS; ) {
          await stage.firmware.pass(REFILL_MS);
          recordings = streamsOf(await recovered(scene));
          await stage.firmware.pass(REFILL_MS);
          longer = Math.min(LONG_MS, longer * LONGER);
          tried = await harmed(scene, ambush, harm, message, longer);
        }
        const { met, end, tokens, broken } = tried;
        ends[end]++;
        scene.expect(met, `${name}: never came by`);
        scene.expect(
          may.includes(end),
          `${name}: expected a session that is ${may.join(" or ")}, came ${end}${broken === undefined ? "" : `: ${broken}`}`,
        );
        scene.expect(
          broken === undefined || broken instanceof VagusError || /expected the stream/.test(String(broken)),
          `${name}: ${broken}`,
        );
        scene.expect(genuine(tokens), `${name}: a sample was taken that the heart never had`);
        const inOrder = tokens.every(
          ({ cti }, i) => i === 0 || cti.sequence === (tokens[i - 1]?.cti.sequence ?? 0) + 1,
        );
        scene.expect(inOrder, `${name}: a token was taken behind one that never came, and nobody said so`);
        await stage.firmware.pass(REFILL_MS);
        const kept = await recovered(scene);
        // one stream for each start that came through, each whole: a header, two readings, a head
        const streams = streamsOf(kept);
        scene.expect(
          kept.length === TOKENS * streams,
          `${name}: ${kept.length} tokens are kept of ${streams} streams`,
        );
        const begun = inHandshake(name)
          ? end !== "lost"
          : name !== "start" || end !== "lost" || streams > recordings;
        scene.expect(
          streams === recordings + (begun ? 1 : 0),
          `${name}: ${streams - recordings} streams were begun`,
        );
        recordings = streams;
        await stage.firmware.pass(REFILL_MS);
      }
    } finally {
      ambush.close();
    }
    const { whole, noted, lost } = ends;
    scene.device(
      `${MESSAGES.length} sessions: ${whole} went on as if nothing were, ${noted} went on and refused something, ${lost} were lost`,
    );
    scene.device("no command was done twice");
    scene.clinician(`no sample that was not the heart's; all ${recordings} recordings are there, whole`);
  },
});

export const everyMessage: Family = {
  title: "Every message of a session",
  attacks: [...HARMS.map(attack), ...everyOrder],
};
