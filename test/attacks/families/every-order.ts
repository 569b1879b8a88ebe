/**
 * Every message by which Alice programs a pacemaker, one after the other, meets somebody in the middle: challenge, the
 * Authority's word, stage, program, and the replies. Whatever becomes of a message, what she is told in the end is what
 * the pacemaker does, and nothing is done twice.
 */
import { setTimeout } from "node:timers/promises";
import { Operation } from "../../../host/programmer/operation.js";
import { program, stage as staging } from "../../../host/programmer/pacing.js";
import type { ProgrammerEvent } from "../../../host/programmer/programmer.js";
import { NOMINAL, type PacingParameters } from "../../../modules/cardiac/index.js";
import { VagusError } from "../../../modules/error/index.js";
import type { Attack } from "../attack.js";
import { type End, HARMS, type Harm } from "../harms.js";
import { Ambush, type Party } from "../middle.js";
import { programmed, sameSet } from "../programmed.js";
import type { Scene } from "../scene.js";

/** Behind the handshake, each on control, a command and its reply. */
const ORDERS = ["challenge", "freshness", "stage", "program"] as const;
const MESSAGES = ORDERS.flatMap((order, i): [from: Party, number: number, name: string][] => [
  ["programmer", i + 2, order],
  ["device", i + 2, `reply to ${order}`],
]);
/** One command waits for the reply to the one before: there is nothing that could be reordered. */
const PLAYED = ["cut", "doubled", "dropped", "delayed", "altered", "reflected"];
const QUICK = ["cut", "doubled"];
const SHORT_MS = { atLeast: 300, unharmed: 8 } as const;
const LONG_MS = 10_000;
const LONGER = 4;
const REFILL_MS = 61_000;

/** Alice programs. @returns what she knows then: done, or not; and how the session ended */
async function orders(scene: Scene, wanted: PacingParameters, port: number, timeoutMs: number) {
  const { stage, alice, crypto, hospital } = scene;
  const operation = new Operation(crypto, hospital.now);
  const events: ProgrammerEvent[] = [];
  const before = stage.said.length;
  let broken: unknown;
  try {
    const observe = (event: ProgrammerEvent) => events.push(event);
    const session = await stage.connect(alice, { port, timeoutMs, observe });
    try {
      await scene.worded(session);
      await program(session, operation, await staging(session, wanted));
      await setTimeout(10); // what comes behind it
    } finally {
      session.close();
    }
  } catch (error) {
    if (!(error instanceof VagusError)) throw error;
    broken = error;
  }
  const refused = stage.refusals(before).length + events.filter(({ kind }) => kind === "refused").length;
  const end: End = broken !== undefined ? "lost" : refused > 0 ? "noted" : "whole";
  return { operation, end, broken };
}

/** Alice programs, and one message of it is harmed. */
async function harmed(scene: Scene, ambush: Ambush, harm: Harm, index: number, patienceMs: number) {
  const [from, number] = MESSAGES[index]!;
  let met = false;
  ambush.hand = (letter, middle) => {
    const meant = letter.from === from && letter.on === "control" && letter.number === number;
    met ||= meant;
    if (meant) harm.hand(letter, middle, scene);
    else middle.forward(letter);
  };
  const before = await known(scene);
  const wanted = { ...NOMINAL, lowerRateLimitPpm: 61 + index };
  const ordered = await orders(scene, wanted, ambush.port, patienceMs);
  ambush.last.cut();
  await scene.stage.firmware.pass(REFILL_MS);
  return { ...ordered, met, before, wanted };
}

async function harmedAt(scene: Scene, ambush: Ambush, harm: Harm, index: number, shortMs: number) {
  const [, , name] = MESSAGES[index]!;
  const may = harm.may(name, index === MESSAGES.length - 1);
  let patienceMs = may.join() === "lost" ? shortMs : LONG_MS;
  let tried = await harmed(scene, ambush, harm, index, patienceMs);
  // a machine that is busier now than it was: she gave up before it came by
  while (!tried.met && patienceMs < LONG_MS) {
    patienceMs = Math.min(LONG_MS, patienceMs * LONGER);
    tried = await harmed(scene, ambush, harm, index, patienceMs);
  }
  const { operation, end, broken, met, before, wanted } = tried;
  scene.expect(met, `${name}: never came by`);
  scene.expect(
    may.includes(end),
    `${name}: expected a session that is ${may.join(" or ")}, came ${end}${broken === undefined ? "" : `: ${broken}`}`,
  );
  const session = await scene.connect(scene.alice);
  const done = broken === undefined || (operation.open && (await operation.outcome(session)) !== undefined);
  session.close();
  const after = await known(scene);
  const told = done ? "done" : "not done";
  scene.expect(
    sameSet(after.permanent, done ? wanted : before.permanent),
    `${name}: she is told ${told}, and it is not so`,
  );
  scene.expect(
    after.times === before.times + (done ? 1 : 0),
    `${name}: ${told}, and done ${after.times - before.times} times`,
  );
  return { end, done };
}

async function known(scene: Scene) {
  const session = await scene.connect(scene.alice);
  try {
    return await programmed(scene, session);
  } finally {
    session.close();
  }
}

const attack = (harm: Harm): Attack => ({
  name: `every-order-${harm.name}`,
  does: `takes the messages by which Alice programs one by one, a session for each, and ${harm.does}`,
  patient: true,
  slow: !QUICK.includes(harm.name),
  async play(scene) {
    const ambush = await Ambush.lay(scene.stage.firmware.port);
    const began = Date.now();
    await orders(scene, { ...NOMINAL, lowerRateLimitPpm: 59 }, scene.stage.firmware.port, LONG_MS);
    const shortMs = Math.max(SHORT_MS.atLeast, SHORT_MS.unharmed * (Date.now() - began));
    const ends: Record<End, number> = { whole: 0, noted: 0, lost: 0 };
    let times = 0;
    try {
      for (let index = 0; index < MESSAGES.length; index++) {
        const { end, done } = await harmedAt(scene, ambush, harm, index, shortMs);
        ends[end]++;
        if (done) times++;
      }
    } finally {
      ambush.close();
    }
    const { whole, noted, lost } = ends;
    scene.device(
      `${MESSAGES.length} sessions: ${whole} went on as if nothing were, ${noted} went on and refused something, ${lost} were lost; programmed ${times} times`,
    );
    scene.clinician("each time she is told what the pacemaker does");
  },
});

export const everyOrder: readonly Attack[] = HARMS.filter(({ name }) => PLAYED.includes(name)).map(attack);
