/** Several streams at once, each for itself: recorded, followed, stopped, released; and what a scope does not name is not sent. */
import { PacedHeart, PacedSensor } from "../../../modules/cardiac/index.js";
import type { Marker, PacingParameters } from "../../../modules/cardiac/pacer/index.js";
import { NOMINAL } from "../../../modules/cardiac/pacer/index.js";
import type { Flash } from "../../../modules/flash/index.js";
import {
  type AcceptedMarkers,
  type AcceptedState,
  type AcceptedToken,
  STREAM,
} from "../../../modules/reading/index.js";
import { deep, ok, same } from "../../support/assert.js";
import { type ScriptedProgrammer, SteppedClock, startDevice } from "./bench.js";
import { Clinic } from "./clinic.js";
import { another, crypto } from "./in-session.js";

const AVB3 = { rhythm: "avb3", seed: 7 } as const;
const BOTH = ["ecg:read", "pacing:read"];
const { ecg, pacing, state } = STREAM;

/** A device with a patient, whose heart lives by the device's clock. */
async function bench(before?: Flash) {
  const implant = new PacedHeart(AVB3);
  const clinic = await Clinic.open(crypto);
  const clock = new SteppedClock();
  const sensor = new PacedSensor(implant, { clock: () => clock.now });
  const flash = before ?? (await clinic.provisionedFlash({}, 64));
  const device = await startDevice(crypto, flash, { clock, sensor, implant });
  return { ...device, clock, implant, clinic };
}

const of = (tokens: readonly AcceptedToken[], stream: number) =>
  tokens.filter(({ cti }) => cti.stream === stream);
const kinds = (tokens: readonly AcceptedToken[]) => tokens.map(({ kind, cti }) => `${kind} ${cti.sequence}`);
const markers = ({ tokens }: ScriptedProgrammer) =>
  of(tokens, pacing).filter(({ kind }) => kind === "reading") as AcceptedMarkers[];
const states = ({ tokens }: ScriptedProgrammer) =>
  of(tokens, state).filter(({ kind }) => kind === "reading") as AcceptedState[];

describe("Several streams at once (DESIGN section 6)", () => {
  it("each with its own sequence and chain, started and stopped for itself", async () => {
    const { clock, clinic, ...device } = await bench();
    const programmer = await another({ ...device, clock }, clinic, BOTH);
    for (const stream of [ecg, pacing, state])
      same((await programmer.command("start", [stream, 1000, 0])).code, 0);
    await clock.pass(4100);
    same((await programmer.command("stop", [pacing])).code, 0);
    await clock.pass(2000);
    deep(kinds(of(programmer.tokens, ecg)), ["header 0", ...[1, 2, 3, 4, 5, 6].map((n) => `reading ${n}`)]);
    deep(kinds(of(programmer.tokens, pacing)), [
      "header 0",
      ...[1, 2, 3, 4].map((n) => `reading ${n}`),
      "head 5",
    ]);
    deep(kinds(of(programmer.tokens, state)), ["header 0", "reading 1"]);
    deep(
      [ecg, pacing, state].map((stream) => device.device.streams.running(stream)),
      [true, false, true],
    );
    deep(device.refusals(), []);
  });

  it("the markers are those of the heart, each once, and its ECG is of the same clock", async () => {
    const { clock, clinic, ...device } = await bench();
    await clock.pass(3000);
    const programmer = await another({ ...device, clock }, clinic, BOTH);
    await programmer.command("start", [pacing, 250, 0]);
    await clock.pass(20_000);
    const readings = markers(programmer);
    const [first, last] = [readings[0]!.firstSample, readings.at(-1)!.nextSample];
    ok(last - first >= 19_000, `${last - first} ms`);
    const alone = new PacedHeart(AVB3);
    alone.liveUntil(last + 1000);
    const theirs: Marker[] = alone.takeMarkers(last).filter(({ atMs }) => atMs >= first);
    deep(
      readings.flatMap((reading) => reading.markers),
      theirs,
    );
    ok(theirs.length > 20);
  });

  it("what is in force is said at the start, at each change to the millisecond, and each minute", async () => {
    const { clock, clinic, implant, ...device } = await bench();
    const programmer = await another({ ...device, clock }, clinic, BOTH);
    await programmer.command("start", [pacing, 1000, 0]);
    await clock.pass(10_000);
    const temporary: PacingParameters = { ...NOMINAL, mode: "VVI", lowerRateLimitPpm: 80 };
    implant.instruct({ type: "program", parameters: temporary, temporary: true });
    await clock.pass(10_000);
    implant.instruct({ type: "cancelTemporary" });
    await clock.pass(110_000);
    const said = markers(programmer).flatMap(({ inForce }) => inForce);
    deep(
      said.slice(0, 3).map((each) => [each.parameters, each.temporary]),
      [
        [NOMINAL, false],
        [temporary, true],
        [NOMINAL, false],
      ],
    );
    const [, second, third] = said;
    ok(second!.atMs >= 9000 && second!.atMs < 13_000, `${second!.atMs}`);
    ok(third!.atMs - second!.atMs > 8000 && third!.atMs % 1000 !== 0, `${third!.atMs}`);
    same(said.length, 5, "and each minute");
    const changed = markers(programmer).find(({ parameters }) => parameters?.mode === "VVI");
    deep(changed?.parameters, temporary);
  });

  it("the state is told at the start, when it changes, and each minute", async () => {
    const { clock, clinic, implant, ...device } = await bench();
    const programmer = await another({ ...device, clock }, clinic, ["pacing:read"]);
    await programmer.command("start", [state, 1000, 0]);
    await clock.pass(10);
    const [first] = states(programmer);
    const { boot, epoch } = device.device.holder;
    deep(first?.state, {
      battery: { status: "BOL", leftPermille: 1000 },
      leads: {
        atrium: { impedanceOhm: 520, signalUv: 2800 },
        ventricle: { impedanceOhm: 640, signalUv: 9500 },
      },
      journal: {
        usedBytes: first!.state.journal.usedBytes,
        capacityBytes: device.device.streams.journal.capacityBytes,
      },
      boot,
      epoch,
    });
    await clock.pass(20_000);
    same(states(programmer).length, 1);
    implant.setLead({ ...implant.lead("ventricle"), impedanceOhm: 4000 });
    await clock.pass(1100);
    same(states(programmer).length, 2);
    same(states(programmer)[1]?.state.leads?.ventricle.impedanceOhm, 4000);
    await clock.pass(59_000);
    same(states(programmer).length, 2);
    await clock.pass(1000);
    same(states(programmer).length, 3);
    ok(states(programmer)[2]!.state.journal.usedBytes > first!.state.journal.usedBytes);
  });

  it("a device without an implant has the state of the rest, and no markers", async () => {
    const clinic = await Clinic.open(crypto);
    const device = await startDevice(crypto);
    const programmer = await another(device, clinic, BOTH);
    same(await programmer.code("start", [pacing, 1000, 0]), "device/parameter");
    same(await programmer.code("start", [state, 1000, 1]), undefined);
    await device.clock.pass(1000);
    const [{ state: said }] = states(programmer) as [AcceptedState];
    deep([said.battery, said.leads], [undefined, undefined]);
  });
});

describe("What a scope does not name is not sent", () => {
  const MAY: readonly (readonly [string, readonly number[]])[] = [
    ["ecg:read", [ecg, state]],
    ["pacing:read", [pacing, state]],
    ["audit:read", []],
  ];
  for (const [scope, may] of MAY) {
    it(`${scope}: ${may.length} of three streams`, async () => {
      const { clock, clinic, ...device } = await bench();
      const all = await another({ ...device, clock }, clinic, BOTH);
      for (const stream of [ecg, pacing, state]) await all.command("start", [stream, 1000, 0]);
      await clock.pass(3000);
      device.peripheral.lose();
      const programmer = await another({ ...device, clock }, clinic, [scope]);
      for (const stream of [ecg, pacing, state]) {
        const expected = may.includes(stream) ? undefined : "session/scope";
        same(await programmer.code("fetch", [stream, 0, 0]), expected, `fetch ${stream}`);
        same(await programmer.code("status", stream), expected, `status ${stream}`);
        if (expected !== undefined) same(await programmer.code("stop", [stream]), expected, `stop ${stream}`);
      }
      await clock.pass(3000);
      deep(
        [...new Set(programmer.tokens.map(({ cti }) => cti.stream))].filter((stream) => stream > 0).sort(),
        may,
      );
      const heads = (await programmer.command("close", null)).result as Uint8Array[];
      same(heads.length, may.length, "it ends what it may read");
      for (const stream of [ecg, pacing, state])
        same(device.device.streams.running(stream), !may.includes(stream));
    });
  }
});

describe("Fetching several streams (DESIGN section 6)", () => {
  it("what is live goes first while another stream is caught up with, on a radio that barely keeps up", async () => {
    const { clock, clinic, ...device } = await bench();
    const first = await another({ ...device, clock }, clinic, BOTH);
    await first.command("start", [pacing, 250, 0]);
    device.peripheral.lose();
    await clock.pass(60_000);
    const programmer = await another({ ...device, clock }, clinic, BOTH);
    await programmer.command("fetch", [pacing, 0, 0]);
    await programmer.command("start", [ecg, 1000, 0]);
    const late: number[] = [];
    for (let slot = 0; slot < 100; slot++) {
      device.peripheral.room = 4; // a reading of ECG and a few markers in each 200 ms
      device.peripheral.events?.ready();
      await clock.pass(200);
      const newest = device.device.streams.journal.last(ecg)?.sequence ?? 0;
      late.push(newest - (of(programmer.tokens, ecg).at(-1)?.cti.sequence ?? 0));
    }
    ok(Math.max(...late) <= 2, `the ECG is ${Math.max(...late)} readings late`);
    const fetched = of(programmer.tokens, pacing).length;
    ok(fetched >= 60, `${fetched} readings of markers`);
  });

  it("two that are caught up with take turns", async () => {
    const { clock, clinic, ...device } = await bench();
    const first = await another({ ...device, clock }, clinic, BOTH);
    for (const stream of [ecg, pacing]) await first.command("start", [stream, 1000, 0]);
    await clock.pass(30_000);
    device.peripheral.lose();
    const programmer = await another({ ...device, clock }, clinic, BOTH);
    for (const stream of [ecg, pacing]) await programmer.command("fetch", [stream, 2, 0]);
    await clock.pass(0);
    const streams = programmer.tokens.slice(2, 42).map(({ cti }) => cti.stream);
    same(streams.length, 40);
    ok(
      streams.every((stream, index) => index === 0 || stream !== streams[index - 1]),
      streams.join(" "),
    );
  });

  it("each is released for itself; over a restart each says where its boot ended", async () => {
    const one = await bench();
    const scope = [...BOTH, "journal:release"];
    const programmer = await another(one, one.clinic, scope);
    for (const stream of [ecg, pacing]) await programmer.command("start", [stream, 1000, 0]);
    await one.clock.pass(5000);
    await programmer.refresh();
    const { cti, token } = of(programmer.tokens, pacing)[3]!;
    const hash = crypto.sha256(token).slice(0, 16);
    same(await programmer.code("release", [ecg, cti.boot, cti.sequence, hash]), "journal/release");
    same(await programmer.code("release", [pacing, cti.boot, cti.sequence, hash]), undefined);
    const two = await bench(one.flash);
    const next = await another(two, two.clinic, BOTH);
    next.verifier = programmer.verifier;
    for (const stream of [ecg, pacing]) {
      const { boot, sequence } = of(programmer.tokens, stream).at(-1)!.cti;
      await next.command("fetch", [stream, boot, sequence + 1]);
    }
    await two.clock.pass(100);
    deep(next.tokens.map((said) => said.kind === "boot" && [said.stream, said.before, said.hole]).sort(), [
      [ecg, 2, undefined],
      [pacing, 2, undefined],
    ]);
    two.peripheral.lose();
    const third = await another(two, two.clinic, BOTH);
    third.verifier = undefined; // it has no header of the markers, which was released
    for (const stream of [ecg, pacing]) await third.command("fetch", [stream, 0, 0]);
    await two.clock.pass(100);
    same(third.messages.length, 2 + 6 + 2, "a boot each, all of the ECG, what is left of the markers");
  });
});
