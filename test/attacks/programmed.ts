/** What a pacemaker is programmed to, and how often the log says that it was. */
import { readParameters } from "../../host/programmer/pacing.js";
import type { Programmer } from "../../host/programmer/programmer.js";
import { type PacingParameters, parametersToNumbers } from "../../modules/cardiac/index.js";
import { countOf, readLog } from "./aftermath.js";
import type { Scene } from "./scene.js";

export const sameSet = (a: PacingParameters, b: PacingParameters) =>
  parametersToNumbers(a).join() === parametersToNumbers(b).join();

export async function programmed(scene: Scene, session: Programmer) {
  const { permanent } = await readParameters(session);
  return { permanent, times: countOf(await readLog(scene, session), "parametersProgrammed") };
}
