/** The radio drains the battery that paces: by what goes over the air, and by no more; and the heart is paced as without it. */
import { batteryLeft } from "../../../modules/cardiac/battery/index.js";
import { PacedHeart, PacedSensor } from "../../../modules/cardiac/index.js";
import { AROUND_VALUE } from "../../../modules/device/connection.js";
import { STREAM } from "../../../modules/reading/index.js";
import { deep, ok, same } from "../../support/assert.js";
import { SteppedClock, startDevice } from "./bench.js";
import { Clinic } from "./clinic.js";
import { another, crypto } from "./in-session.js";

const SPAN_MS = 600_000;
/** docs/PACING.md: 10 mA at 2.8 V for 8 µs an octet, twice. */
const NJ_PER_OCTET = 448;

/** What the circuit takes in 200 ms: so far the heart may have lived beyond the span, where somebody reads it. */
const ALLOWED_NJ = 200 * 28;

/** Ten minutes of a patient who is paced throughout: what was taken from the battery, what went over the air, and each marker. */
async function minutes(streaming: boolean) {
  const implant = new PacedHeart({ rhythm: "avb3", seed: 3, rateHz: 125 });
  const markers: string[] = [];
  implant.marked = ({ name, atMs }) => markers.push(`${name} ${atMs}`);
  const clinic = await Clinic.open(crypto);
  const clock = new SteppedClock();
  const sensor = new PacedSensor(implant, { clock: () => clock.now });
  const device = await startDevice(crypto, await clinic.provisionedFlash({}, 64), { clock, sensor, implant });
  let octets = 0;
  if (streaming) {
    const programmer = await another({ ...device, clock }, clinic, ["ecg:read"]);
    same((await programmer.command("start", [STREAM.ecg, 4000, 0])).code, 0);
    await clock.pass(0);
    const { peripheral } = device;
    const came = peripheral.onSend;
    peripheral.onSend = (to, value) => {
      octets += value.length + AROUND_VALUE;
      came?.(to, value);
    };
  }
  const before = implant.battery.usedNj;
  const from = implant.nowMs;
  await clock.pass(SPAN_MS);
  implant.liveUntil(from + SPAN_MS);
  return {
    usedNj: implant.battery.usedNj - before,
    left: batteryLeft(implant.battery),
    octets,
    markers,
    from,
  };
}

describe("The radio and the battery", () => {
  it("ten minutes of ECG take 448 nJ more for each octet on air than ten minutes of silence, and pace the same", async () => {
    const [idle, busy] = [await minutes(false), await minutes(true)];
    ok(busy.octets > 80_000, `${busy.octets} octets`);
    const more = busy.usedNj - idle.usedNj;
    ok(Math.abs(more - busy.octets * NJ_PER_OCTET) < ALLOWED_NJ, `${more} nJ for ${busy.octets} octets`);
    ok(busy.left < idle.left);
    const alike = Math.min(idle.markers.length, busy.markers.length) - 10;
    ok(alike > 1000, `${alike} markers`);
    deep(busy.markers.slice(0, alike), idle.markers.slice(0, alike));
  });

  it("what is received counts as what is sent; a radio without a patient drains nothing", async () => {
    const implant = new PacedHeart({ seed: 3 });
    const device = await startDevice(crypto, undefined, { implant });
    const { peripheral } = device;
    peripheral.connect();
    const before = implant.battery.usedNj;
    peripheral.events?.written(new Uint8Array(10));
    same(Math.round((implant.battery.usedNj - before) / NJ_PER_OCTET), 10 + AROUND_VALUE);
    const alone = await startDevice(crypto);
    alone.peripheral.connect();
    alone.peripheral.events?.written(new Uint8Array(10));
    deep(alone.refusals(), ["gatt/fragment"]);
  });
});
