import { aftermath } from "./aftermath.js";
import type { Attack, Family, Outcome, Play } from "./attack.js";
import { Scene } from "./scene.js";
import { Stage } from "./stage.js";

const LAST_WORDS = 3;

/** Plays one attack on a device of its own. What fails otherwise than by a refusal is no victory over the attacker. */
export async function play({ title }: Family, attack: Attack, { hospital, start }: Play): Promise<Outcome> {
  const began = Date.now();
  const stage = await Stage.open(hospital, start, attack);
  const scene = new Scene(stage, await hospital.person("Alice"), attack.patient !== true);
  let state = "?";
  try {
    await attack.play(scene);
    if (attack.leaves === undefined) await aftermath(scene, scene.alice);
    state = await settled(stage);
    const expected = attack.leaves ?? "idle";
    scene.expect(state === expected, `expected a device that is ${expected}, came one that is ${state}`);
  } catch (error) {
    scene.otherwise.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    await stage.close();
  }
  const { problems, otherwise, deviceText, clinicianText } = scene;
  const lost = problems.length === 0 && otherwise.length === 0;
  return {
    family: title,
    name: attack.name,
    attacker: attack.does,
    device: [deviceText, `state ${state}`, ...(lost ? [] : lastWords(stage))].filter(Boolean).join("; "),
    clinician: clinicianText,
    lost,
    problems,
    otherwise,
    seconds: (Date.now() - began) / 1000,
  };
}

/** What the device refused last: for whoever has to find out. */
function lastWords({ said }: Stage): string[] {
  const words = said.filter(({ event }) => event === "refused" || event === "fault").slice(-LAST_WORDS);
  return words.map(({ detail }) => `it said: ${detail}`);
}

/** `info` says "busy" to whoever reads it: what the device is shows when it is asked by nobody. */
async function settled(stage: Stage): Promise<string> {
  const state = await stage.state();
  return state === "busy" ? "idle" : state;
}
