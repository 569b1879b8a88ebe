/** Who hears a stream, and what one source that fails does to the others. */
import { PacedHeart, PacedSensor } from "../../../modules/cardiac/index.js";
import { NOMINAL } from "../../../modules/cardiac/pacer/index.js";
import { STREAM } from "../../../modules/reading/index.js";
import { deep, ok, same } from "../../support/assert.js";
import { SteppedClock, startDevice } from "./bench.js";
import { Clinic } from "./clinic.js";
import { another, crypto } from "./in-session.js";

const { ecg, pacing } = STREAM;

async function bench(sensorOf: (sensor: PacedSensor) => PacedSensor = (sensor) => sensor) {
  const implant = new PacedHeart({ rhythm: "avb3", seed: 7 });
  const clinic = await Clinic.open(crypto);
  const clock = new SteppedClock();
  const sensor = sensorOf(new PacedSensor(implant, { clock: () => clock.now }));
  const flash = await clinic.provisionedFlash({}, 64);
  const device = await startDevice(crypto, flash, { clock, sensor, implant });
  return { ...device, clock, clinic };
}

/** A session that has the ECG recorded, and leaves. */
async function recorded(it: Awaited<ReturnType<typeof bench>>): Promise<void> {
  const one = await another(it, it.clinic, ["ecg:read"]);
  same((await one.command("start", [ecg, 1000, 0])).code, 0);
  await it.clock.pass(3000);
  it.peripheral.lose();
  await it.clock.pass(3000);
}

/** Its next look at when a block is due throws, as a bus may. */
function failing(sensor: PacedSensor): { sensor: PacedSensor; fail(): void } {
  let left = 0;
  const due = sensor.dueInMs.bind(sensor);
  sensor.dueInMs = (...args) => {
    if (left-- > 0) throw new Error("bus");
    return due(...args);
  };
  const fail = () => {
    left = 1;
  };
  return { sensor, fail };
}

describe("Who hears a stream", () => {
  it("nobody, where the session is over that has asked for it before it begins: the next one may not even read it", async () => {
    const it = await bench();
    await recorded(it);
    const two = await another(it, it.clinic, ["ecg:read"]);
    two.write(two.sealed("start", [ecg, 1000, 0]));
    it.peripheral.lose(); // while the earlier recording's head is signed
    await it.clock.pass(3000);
    const three = await another(it, it.clinic, ["pacing:read"]);
    await it.clock.pass(5000);
    deep(
      three.tokens.map(({ kind, cti }) => `${kind} ${cti.stream}`),
      [],
    );
  });

  it("a start that is refused leaves the recording that goes on", async () => {
    const it = await bench();
    await recorded(it);
    const two = await another(it, it.clinic, ["ecg:read"]);
    same(await two.code("start", [ecg, 9999, 0]), "device/parameter");
    ok(it.device.streams.running(ecg));
  });
});

describe("A source that fails", () => {
  it("ends its own stream, and no other; it can be begun anew", async () => {
    let fail = () => {};
    const it = await bench((sensor) => {
      const made = failing(sensor);
      ({ fail } = made);
      return made.sensor;
    });
    const one = await another(it, it.clinic, ["ecg:read", "pacing:read"]);
    for (const stream of [ecg, pacing]) same((await one.command("start", [stream, 1000, 0])).code, 0);
    await it.clock.pass(3000);
    fail();
    await it.clock.pass(2000);
    const { streams } = it.device;
    deep([streams.running(ecg), streams.running(pacing)], [false, true]);
    const { length } = one.tokens;
    await it.clock.pass(10_000);
    const since = one.tokens.slice(length);
    ok(since.length >= 8 && since.every(({ cti }) => cti.stream === pacing), `${since.length} tokens since`);
    same(await one.code("start", [ecg, 1000, 0]), undefined);
    await it.clock.pass(3000);
    ok(one.tokens.slice(-6).some(({ cti }) => cti.stream === ecg));
  });
});

describe("What nobody took of the markers", () => {
  it("is lost up to a time that never falls", () => {
    const heart = new PacedHeart({ rhythm: "avb3", seed: 7 });
    let last = -1;
    for (let ms = 0; ms < 400_000; ms += 1000) {
      heart.liveUntil(ms);
      const parameters = { ...NOMINAL, lowerRateLimitPpm: 50 + ((ms / 1000) % 40) };
      if (ms >= 200_000 && ms < 280_000) {
        if (ms % 2000 === 0) heart.instruct({ type: "program", temporary: true, parameters });
        else heart.instruct({ type: "cancelTemporary" });
      }
      ok(heart.lostMs >= last, `${heart.lostMs} behind ${last}`);
      last = heart.lostMs;
    }
  });
});
