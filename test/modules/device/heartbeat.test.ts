/** The heart lives by a timer of its own, whoever reads it. */
import { PacedHeart, PacedSensor } from "../../../modules/cardiac/index.js";
import type { Marker } from "../../../modules/cardiac/pacer/index.js";
import { STROKE_MS } from "../../../modules/device/therapy/heartbeat.js";
import { STREAM } from "../../../modules/reading/index.js";
import { deep, ok, same } from "../../support/assert.js";
import { SteppedClock, startDevice } from "./bench.js";
import { Clinic } from "./clinic.js";
import { another, crypto } from "./in-session.js";

const AVB3 = { rhythm: "avb3", seed: 7 } as const;

async function bench(paced: boolean) {
  const implant = new PacedHeart(AVB3);
  const clinic = await Clinic.open(crypto);
  const clock = new SteppedClock();
  const sensor = new PacedSensor(implant, { clock: () => clock.now, paced });
  const flash = await clinic.provisionedFlash();
  const device = await startDevice(crypto, flash, { clock, sensor, implant });
  return { ...device, clock, implant, clinic };
}

/** The markers of a heart that is read and nothing else. */
function straight(untilMs: number): Marker[] {
  const heart = new PacedHeart(AVB3);
  heart.read(0, Math.ceil(untilMs / 4));
  return heart.takeMarkers(untilMs);
}

describe("The device's heart", () => {
  it("is as far as the clock, while nobody is there", async () => {
    const { implant, clock } = await bench(true);
    await clock.pass(60_000);
    ok(60_000 - implant.nowMs <= STROKE_MS, `${implant.nowMs}`);
    deep(implant.takeMarkers(59_000), straight(59_000));
  });

  it("is the same one while it is recorded, and what is recorded is it", async () => {
    const { implant, clock, clinic, ...device } = await bench(true);
    await clock.pass(7300);
    const programmer = await another({ ...device, clock }, clinic, ["ecg:read"]);
    await programmer.command("start", [STREAM.ecg, 1000, 5]);
    await clock.pass(9000);
    deep(implant.takeMarkers(15_000), straight(15_000));
    const heart = new PacedHeart(AVB3);
    let readings = 0;
    for (const token of programmer.tokens) {
      if (token.kind !== "reading" || token.stream !== STREAM.ecg) continue;
      readings++;
      ok(token.firstSample >= 1825);
      deep(token.channels, heart.read(token.firstSample, 250));
    }
    same(readings, 5);
  });

  it("lives as fast as it is read where the sensor is not bound to the time, and goes on when it is not read", async () => {
    const { implant, clock, clinic, ...device } = await bench(false);
    await clock.pass(8000);
    ok(implant.nowMs <= 8000);
    const programmer = await another({ ...device, clock }, clinic, ["ecg:read"]);
    await programmer.command("start", [STREAM.ecg, 1000, 100]);
    await clock.pass(1000);
    same(programmer.tokens.at(-1)?.kind, "head");
    const { nowMs } = implant;
    ok(nowMs > 100_000, `${nowMs}`);
    await clock.pass(10_000);
    ok(Math.abs(implant.nowMs - nowMs - 10_000) <= 1000 + STROKE_MS, `${implant.nowMs}`);
    deep(implant.takeMarkers(110_000).slice(-50), straight(110_000).slice(-50));
  });
});
