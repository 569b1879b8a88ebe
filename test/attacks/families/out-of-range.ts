/** Nobody attacks: the patient is out of range. The readings of that time have to be there afterwards, all of them. */
import type { ProgrammerEvent } from "../../../host/programmer/programmer.js";
import { type AcceptedToken, STREAM } from "../../../modules/reading/index.js";
import { genuine, tokensOf } from "../aftermath.js";
import type { Attack, Family } from "../attack.js";
import type { Scene } from "../scene.js";

const READING_MS = 1000;
const RATE_HZ = 360;
const TOLD_MS = 300_000;
const PATIENCE_MS = 600_000;

/** Samples from the first to the last of these readings, if each follows the one before; what is missing otherwise. */
function samplesOf(tokens: readonly AcceptedToken[]): number | string {
  let next: number | undefined;
  let samples = 0;
  for (const token of tokens) {
    if (token.kind === "gap" || token.kind === "boot") return `a ${token.kind} was declared`;
    if (token.kind !== "reading" || !("channels" in token)) continue;
    if (next !== undefined && token.firstSample !== next) return `sample ${next} is missing`;
    const count = token.channels[0]?.length ?? 0;
    next = token.firstSample + count;
    samples += count;
  }
  return samples;
}

const away =
  (seconds: number): Attack["play"] =>
  async (scene: Scene) => {
    const { stage, alice } = scene;
    const { firmware } = stage;
    const events: ProgrammerEvent[] = [];
    const observe = (event: ProgrammerEvent) => events.push(event);
    const session = await stage.connect(alice, { observe });
    await session.start(STREAM.ecg, READING_MS);
    await firmware.pass(3 * READING_MS);
    await stage.until(() => session.figures.verified >= 4, "three readings");
    const { verifier } = session;
    session.close(); // the link is lost
    await stage.until(
      () => stage.said.some(({ event }) => event === "disconnected"),
      "a device that notices",
    );

    for (let left = seconds * 1000; left > 0; left -= TOLD_MS) await firmware.pass(Math.min(left, TOLD_MS));
    const before = await firmware.measure();

    const back = await stage.connect(alice, {
      observe,
      timeoutMs: 60_000,
      verifier: () => verifier,
    });
    const came = () => tokensOf(events).filter(({ kind }) => kind === "reading").length;
    const recording = await back.follow(STREAM.ecg);
    scene.expect(recording, "the recording has ended with the link");
    if (recording) await stage.until(() => came() >= seconds, "the readings of that time", PATIENCE_MS);
    const { airBytes, packets, refused } = back.figures;
    const after = await firmware.measure();
    const samples = samplesOf(tokensOf(events));
    const expected = came() * RATE_HZ;
    scene.expect(samples === expected, `expected ${expected} samples, came ${samples}`);
    scene.expect(refused === 0, `${refused} messages were refused`);
    scene.expect(genuine(tokensOf(events)), "a sample is not the heart's");
    back.close();
    const spent = (after.meter ?? 0) - (before.meter ?? 0);
    const meter =
      before.meter === undefined
        ? ""
        : `; its meter: ${spent.toLocaleString("en")} byte codes for the way back, ${Math.round(spent / seconds).toLocaleString("en")} a reading`;
    scene.device(
      `recorded ${seconds} s alone, then gave them: ${airBytes} bytes on air in ${packets} packets${meter}`,
    );
    scene.clinician(`gets ${came()} readings, ${samples} samples, one behind the other, none missing`);
  };

export const outOfRange: Family = {
  title: "Out of range",
  attacks: [
    {
      name: "out-of-range-ten-minutes",
      does: "nobody: the patient is out of range for ten minutes of simulated time",
      paced: true,
      play: away(600),
    },
    {
      name: "out-of-range-an-hour",
      does: "nobody: the patient is out of range for an hour of simulated time",
      paced: true,
      slow: true,
      play: away(3600),
    },
  ],
};
