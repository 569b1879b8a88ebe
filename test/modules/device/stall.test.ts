/** A device that stood still (its process was stopped, its host slept) for longer than the heart keeps samples records on. */
import { PacedHeart, PacedSensor } from "../../../modules/cardiac/index.js";
import {
  type AcceptedEcg,
  type AcceptedHead,
  type AcceptedHeader,
  type AcceptedMarkers,
  STREAM,
} from "../../../modules/reading/index.js";
import { deep, ok, same } from "../../support/assert.js";
import { SteppedClock, startDevice } from "./bench.js";
import { Clinic } from "./clinic.js";
import { another, crypto } from "./in-session.js";

const HEART = { rhythm: "avb3", seed: 7 } as const;
const { ecg, pacing } = STREAM;

async function recorded(stallMs: number) {
  const implant = new PacedHeart(HEART);
  const clinic = await Clinic.open(crypto);
  const clock = new SteppedClock();
  const sensor = new PacedSensor(implant, { clock: () => clock.now });
  const flash = await clinic.provisionedFlash({}, 64);
  const device = await startDevice(crypto, flash, { clock, sensor, implant });
  const programmer = await another({ ...device, clock }, clinic, ["ecg:read", "pacing:read"]);
  for (const stream of [ecg, pacing]) same((await programmer.command("start", [stream, 1000, 0])).code, 0);
  await clock.pass(5000);
  const before = implant.parameters;
  clock.jump(stallMs);
  await clock.pass(10_000);
  const of = (stream: number) => programmer.tokens.filter(({ cti }) => cti.stream === stream);
  return { device, ecg: of(ecg), pacing: of(pacing), inForce: before };
}

describe("A device that stood still", () => {
  it("for 5 s: every sample comes, late", async () => {
    const { device, ecg: tokens } = await recorded(5000);
    deep(device.refusals(), []);
    same(tokens.filter(({ kind }) => kind === "header").length, 1);
    ok(tokens.filter(({ kind }) => kind === "reading").length >= 19, `${tokens.length}`);
  });

  for (const stallMs of [7000, 12_000, 3_600_000])
    it(`for ${stallMs / 1000} s: the stream ends with a head, and another begins at what is live`, async () => {
      const { device, ecg: tokens } = await recorded(stallMs);
      deep(device.refusals(), []);
      ok(device.device.streams.running(ecg), "it goes on");
      const kinds = tokens.map(({ kind }) => kind);
      const end = kinds.indexOf("head");
      deep(kinds.slice(end, end + 3), ["head", "header", "reading"]);
      deep([kinds.indexOf("header", end + 2), kinds.indexOf("head", end + 1)], [-1, -1], "once");
      const [head, header] = tokens.slice(end) as [AcceptedHead, AcceptedHeader];
      const lost = (header.format.firstSample - head.nextSample) / 250;
      ok(lost >= stallMs / 1000 - 6 && lost <= stallMs / 1000 + 1, `${lost} s are missing`);
      const heart = new PacedHeart(HEART);
      for (const { firstSample, nextSample, channels } of tokens.slice(end + 2) as AcceptedEcg[])
        deep(channels, heart.read(firstSample, nextSample - firstSample));
    });

  it("for an hour: the markers that there was no room for are declared missing, and none of the others is", async () => {
    const { device, pacing: tokens, inForce } = await recorded(3_600_000);
    ok(device.device.streams.running(pacing), "it goes on");
    const kinds = tokens.map(({ kind }) => kind);
    const end = kinds.indexOf("head");
    deep(kinds.slice(end, end + 3), ["head", "header", "reading"]);
    const [head, header] = tokens.slice(end) as [AcceptedHead, AcceptedHeader];
    const readings = tokens.filter(({ kind }) => kind === "reading") as AcceptedMarkers[];
    deep(
      tokens.slice(end + 2).length,
      readings.filter(({ firstSample }) => firstSample >= header.format.firstSample).length,
    );
    ok(
      header.format.firstSample - head.nextSample > 3_300_000,
      "the newest 256 markers are kept, and no more",
    );
    deep(
      (tokens[end + 2] as AcceptedMarkers).inForce[0]?.parameters,
      inForce,
      "what is in force is said anew",
    );
    const heart = new PacedHeart(HEART);
    const theirs = [];
    for (let ms = 0; ms <= readings.at(-1)!.nextSample; ms += 10_000) {
      heart.liveUntil(ms + 10_000);
      theirs.push(...heart.takeMarkers(Math.min(ms + 10_000, readings.at(-1)!.nextSample)));
    }
    deep(
      readings.flatMap(({ markers }) => markers),
      theirs
        .filter(({ atMs }) => atMs < head.nextSample || atMs >= header.format.firstSample)
        .filter(({ atMs }) => atMs >= readings[0]!.firstSample),
    );
  });
});
