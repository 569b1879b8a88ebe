/** Somebody wants to pace the heart, or to keep it from being paced. */
import { Operation } from "../../../host/programmer/operation.js";
import {
  cancel,
  paceNow,
  programTemporarily,
  readParameters,
  stage,
} from "../../../host/programmer/pacing.js";
import { NOMINAL, type PacingParameters, parametersToNumbers } from "../../../modules/cardiac/index.js";
import { inRange, MODES, PARAMETERS } from "../../../modules/cardiac/pacer/index.js";
import { SCOPE } from "../../../modules/credential/index.js";
import { countOf, readLog } from "../aftermath.js";
import type { Family } from "../attack.js";
import type { Scene } from "../scene.js";

const HARM: PacingParameters = { ...NOMINAL, lowerRateLimitPpm: 90 };

const numbersOf = (parameters: PacingParameters) => [...parametersToNumbers(parameters)];

/** The pacemaker is as it was implanted. */
async function unchanged(scene: Scene): Promise<void> {
  const session = await scene.connect(scene.alice);
  const { inForce, paceNow: emergency } = await readParameters(session);
  const same = numbersOf(inForce).join() === numbersOf(NOMINAL).join();
  scene.expect(same && !emergency, "the heart is paced as nobody with a right to it has programmed");
  session.close();
  scene.clinician("reads the parameters back: as they were programmed");
}

/** For each parameter the values next to those that it may have, and one far away; the mode is the first number. */
const WRONG: readonly (readonly [index: number, value: number])[] = [
  [0, MODES.length],
  ...PARAMETERS.flatMap((parameter, i) =>
    parameter.ranges
      .flatMap(({ from, to, step }) => [from - step, to + step, to + 1_000_000])
      .filter((value) => !inRange(parameter, value))
      .map((value) => [i + 1, value] as const),
  ),
];

export const pacing: Family = {
  title: "Pacing",
  attacks: [
    {
      name: "pacing-without-the-right",
      does: "may read heart and pacer, and wants to stage, program, cancel and Pace-Now",
      patient: true,
      async play(scene) {
        const bob = await scene.hospital.person("Bob", [SCOPE.ecgRead, SCOPE.pacingRead]);
        const session = await scene.connect(bob);
        for (const [name, parameters] of [
          ["stage", numbersOf(HARM)],
          ["program", [1, new Uint8Array(16), false]],
          ["paceNow", null],
          ["cancel", null],
          ["test", [2, 1]],
        ] as const) {
          await scene.refused(name, "session/scope", () => session.command(name, parameters as never));
        }
        session.close();
        await unchanged(scene);
      },
    },
    {
      name: "pacing-without-the-word",
      does: "has stolen a programmer that may pace, and stages, programs and tests without the Authority's word",
      patient: true,
      async play(scene) {
        const bob = await scene.hospital.person("Bob", [SCOPE.pacingRead, SCOPE.pacingWrite]);
        const session = await scene.connect(bob);
        for (const [name, parameters] of [
          ["stage", numbersOf(HARM)],
          ["program", [1, new Uint8Array(16), false]],
          ["test", [2, 1]],
        ] as const) {
          await scene.refused(name, "credential/freshness", () => session.command(name, parameters as never));
        }
        session.close();
        await unchanged(scene);
      },
    },
    {
      name: "pacing-out-of-range",
      does: "has every right and the word, and stages rates, widths and limits that no pacer may have, or that conflict",
      patient: true,
      async play(scene) {
        const session = await scene.connect(scene.alice);
        await scene.worded(session);
        const wrong = WRONG.map(([index, value]) => Object.assign(numbersOf(NOMINAL), { [index]: value }));
        const conflicting = numbersOf({
          ...NOMINAL,
          lowerRateLimitPpm: 150,
          upperRateLimitPpm: 120,
        });
        for (const [index, numbers] of [...wrong, conflicting].entries()) {
          await scene.refused(`set ${index}`, "cardiac/parameter", () =>
            session.command("stage", numbers as never),
          );
        }
        await scene.refused("what was not staged", /^(device|cardiac)\//, () =>
          session.command("program", [7, new Uint8Array(16), false]),
        );
        session.close();
        scene.device(`${wrong.length} sets with one value that may not be, one with two that conflict`);
        await unchanged(scene);
      },
    },
    {
      name: "pacing-temporary-left-behind",
      does: "has Alice's link cut in the midst of a temporary setting, so that it stays",
      patient: true,
      async play(scene) {
        const session = await scene.connect(scene.alice);
        await scene.worded(session);
        const staged = await stage(session, HARM);
        await programTemporarily(session, new Operation(scene.crypto, scene.hospital.now), staged);
        await scene.stage.firmware.pass(5000);
        session.close();
        await scene.stage.firmware.pass(5000);
        await unchanged(scene);
        scene.device("went back by itself when the link was lost");
      },
    },
    {
      name: "pace-now-logged",
      does: "may pace and has no word: calls Pace-Now, which is for emergencies and is allowed, and hopes that nobody notices",
      patient: true,
      async play(scene) {
        const bob = await scene.hospital.person("Bob", [SCOPE.pacingRead, SCOPE.pacingWrite]);
        const session = await scene.connect(bob);
        await paceNow(session);
        session.close();
        const alice = await scene.connect(scene.alice);
        scene.expect((await readParameters(alice)).paceNow, "it is not shown that Pace-Now is on");
        const log = await readLog(scene, alice);
        scene.expect(countOf(log, "paceNow") === 1, "the log does not tell of Pace-Now");
        await scene.worded(alice);
        await cancel(alice);
        await scene.stage.firmware.pass(5000);
        alice.close();
        scene.device("paced by the specification's fixed values, and nothing else; logged who called it");
        scene.clinician("sees that Pace-Now is on, who called it, and ends it");
        await unchanged(scene);
      },
    },
    {
      name: "pace-now-cancelled-by-another",
      does: "has stolen a programmer that may pace, and wants to end the Pace-Now that Alice called for her patient",
      patient: true,
      async play(scene) {
        const alice = await scene.connect(scene.alice);
        await paceNow(alice);
        alice.close();
        const bob = await scene.hospital.person("Bob", [SCOPE.pacingRead, SCOPE.pacingWrite]);
        const session = await scene.connect(bob);
        await scene.refused("cancel", "credential/freshness", () => cancel(session));
        scene.expect((await readParameters(session)).paceNow, "Pace-Now has ended");
        session.close();
        const again = await scene.connect(scene.alice);
        await scene.served("cancel, by her who called it", () => cancel(again));
        await scene.stage.firmware.pass(5000);
        again.close();
        scene.device("paced on by the specification's fixed values");
        scene.clinician("ends it herself, without a word of anybody");
        await unchanged(scene);
      },
    },
  ],
};
