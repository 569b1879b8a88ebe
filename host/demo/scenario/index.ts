import * as greedyHub from "./greedy-hub.js";
import * as oldList from "./old-list.js";
import { Stage, type StageOptions } from "./stage.js";
import * as stolenDevice from "./stolen-device.js";
import * as stolenProgrammer from "./stolen-programmer.js";
import { type Listener, type ScenarioResult, Story } from "./story.js";

interface Scenario {
  readonly title: string;
  play(stage: Stage, story: Story): Promise<void>;
}

/** Attacks, played on the firmware over the same link that a programmer uses. */
export const SCENARIOS: Record<string, Scenario> = {
  "stolen-programmer": stolenProgrammer,
  "stolen-device": stolenDevice,
  "greedy-hub": greedyHub,
  "old-list": oldList,
};

/** @param name one of `SCENARIOS` */
export async function playScenario(
  name: string,
  options: StageOptions,
  listener: Listener,
): Promise<ScenarioResult> {
  const { title, play } = SCENARIOS[name];
  const story = new Story(listener);
  const stage = await Stage.open(options);
  try {
    await play(stage, story);
  } finally {
    await stage.close();
  }
  return { scenario: name, title, held: story.steps.every(({ held }) => held), steps: story.steps };
}
