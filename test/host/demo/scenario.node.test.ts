/** Every attack ends as its own words say: the firmware in a process of its own, over the loopback link. */
import { join } from "node:path";
import { playScenario, SCENARIOS } from "../../../host/demo/scenario/index.js";
import type { ScenarioResult } from "../../../host/demo/scenario/story.js";
import { createPortableCrypto } from "../../../modules/crypto/portable/index.js";
import { startFirmware } from "../../../sim/firmware.js";
import { deep, ok } from "../../support/assert.js";

const SILENT = { tells() {}, step() {} };
const PATIENCE_MS = 120_000;

/** The least that each has to show: an attack that was refused, by what. */
const SHOWS: Record<string, readonly string[]> = {
  "stolen-programmer": ["credential/freshness", "credential/revoked", "cwt/status"],
  "stolen-device": ["cwt/issuer", "credential/anchor", "cwt/status", "device/unprovisioned"],
  "greedy-hub": ["session/scope", "cwt/typ", "cwt/issuer", "credential/delegation", "cwt/status"],
  "old-list": ["credential/epoch", "cwt/issuer", "cwt/audience", "cose/bad-signature", "cwt/status"],
};

describe("npm start -- --scenario NAME", function (this: Mocha.Suite) {
  this.timeout(PATIENCE_MS);
  const played = new Map<string, ScenarioResult>();

  before(async () => {
    const { bundleFirmware } = await import(join(process.cwd(), "sim/build/programs.mjs"));
    const command = [process.execPath, await bundleFirmware("node")];
    const crypto = createPortableCrypto();
    const play = async (name: string) => {
      const options = { command, source: "synthetic", paced: false };
      const start: Parameters<typeof playScenario>[1]["start"] = (folder, onEvent, buttonDown) =>
        startFirmware({ ...options, folder, onEvent, buttonDown });
      played.set(name, await playScenario(name, { crypto, start }, SILENT));
    };
    await Promise.all(Object.keys(SCENARIOS).map(play));
  });

  for (const name of Object.keys(SCENARIOS)) {
    it(name, () => {
      const { held, steps } = played.get(name) as ScenarioResult;
      deep(
        steps.filter((step) => !step.held).map(({ text, came, detail }) => `${text} ${came}: ${detail}`),
        [],
      );
      ok(held);
      for (const code of SHOWS[name] ?? []) {
        ok(
          steps.some(({ came }) => came === code),
          `expected a step to end in ${code}`,
        );
      }
    });
  }
});
