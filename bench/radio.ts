/**
 * What the radio carries, counted in the air's own time: nothing of it depends on how fast the machine is. But for the last column: there the air
 * keeps step with the machine's clock, and what firmware, host stacks and programmer do on Node takes the time that it takes.
 */
import { readFileSync } from "node:fs";
import { Programmer } from "../host/programmer/programmer.js";
import { PacedSensor, RecordedSource } from "../modules/cardiac/index.js";
import { Trust, verifyCredential } from "../modules/credential/index.js";
import { createPortableCrypto } from "../modules/crypto/portable/index.js";
import { Device } from "../modules/device/index.js";
import { type AcceptedToken, STREAM } from "../modules/reading/index.js";
import { parseAddress } from "../sim/radio/address.js";
import { Air } from "../sim/radio/air/air.js";
import type { Counted } from "../sim/radio/air/traffic.js";
import { VirtualClock } from "../sim/radio/clock.js";
import { Controller } from "../sim/radio/controller/controller.js";
import { DATA_OCTETS_MAX } from "../sim/radio/ll/pdu.js";
import { BleCentralLink, connectTo, find } from "../sim/radio/stack/central.js";
import { startStack } from "../sim/radio/stack/manager.js";
import { BlePort } from "../sim/radio/stack/port.js";
import { ControllerTransport } from "../sim/radio/stack/transport.js";
import { Clinic, MADE_AT } from "../test/modules/device/clinic.js";

const SECOND_US = 1_000_000;
const MTUS = [23, 185, 247] as const;
/** In units of 1.25 ms. */
const INTERVAL = 12;
/** Recorded before anybody asks, and heard live. */
const RECORDED_S = 240;
const LIVE_S = 60;
/** 2 MB, as on the boards. */
const FLASH_SECTORS = 512;

export interface RadioRow {
  readonly mtu: number;
  /** A second of ECG, live: notifications and their values' octets; packets of the link layer and all their octets. */
  readonly notificationsPerSecond: number;
  readonly valueBytesPerSecond: number;
  readonly packetsPerSecond: number;
  readonly linkBytesPerSecond: number;
  /** Of the time, for how long the device's radio sends. */
  readonly sendingPercent: number;
  /** What was recorded before, fetched by cursor: seconds of ECG for each second. */
  readonly backfillTimes: number;
  readonly backfillBytesPerSecond: number;
  /** The same once more, by the machine's clock. */
  readonly backfillTimesPaced: number;
}

export interface RadioFigures {
  readonly intervalMs: number;
  readonly recordedSeconds: number;
  readonly rows: RadioRow[];
}

/** On the air each packet has preamble, access address, header and CRC beside its payload: 10 octets. */
const OVERHEAD = 10;
const linkOctets = ({ packets, octets }: Counted): number => octets + packets * OVERHEAD;

export async function radioFigures(record: string, progress: (what: string) => void): Promise<RadioFigures> {
  const rows: RadioRow[] = [];
  for (const mtu of MTUS) {
    progress(`an MTU of ${mtu}`);
    rows.push(await measure(record, mtu));
  }
  return { intervalMs: INTERVAL * 1.25, recordedSeconds: RECORDED_S, rows };
}

async function measure(record: string, mtu: number): Promise<RadioRow> {
  const crypto = createPortableCrypto({ deviceSecret: new Uint8Array(16).fill(7) });
  const clock = new VirtualClock();
  const air = new Air({ clock });
  const controller = (n: number) =>
    new Controller({ air, address: parseAddress(`00:00:5E:00:53:0${n}`), defaultOctets: DATA_OCTETS_MAX });
  const peripheral = new BlePort(await started(clock, controller(1), {}));
  const clinic = await Clinic.open(crypto);
  const bytes = new Uint8Array(readFileSync(record));
  const source = new RecordedSource({
    length: bytes.length,
    read: (at, length) => bytes.subarray(at, at + length),
  });
  const nowMs = () => clock.nowUs / 1000;
  await Device.start({
    crypto,
    flash: await clinic.provisionedFlash({}, FLASH_SECTORS),
    clock: { monotonicMs: nowMs, after: (ms, callback) => clock.at(clock.nowUs + ms * 1000, callback) },
    peripheral,
    sensor: new PacedSensor(source, { clock: nowMs }),
    madeAt: MADE_AT,
    observe: () => {},
  });
  const central = await started(clock, controller(2), { mtu });

  const found = await within(clock, find(central));
  let tokens: AcceptedToken[] = [];
  const session = async () => {
    const connection = await within(clock, connectTo(central, found, { interval: INTERVAL }));
    const link = await within(clock, BleCentralLink.open(connection));
    const anchor = clinic.anchor;
    const trust = new Trust(crypto, { anchor, kinds: ["device"], time: () => ({ floor: MADE_AT }) });
    const { credential, key } = clinic;
    const time = { floor: MADE_AT };
    const own = verifyCredential(crypto, credential.token, { kind: "programmer", anchor, time });
    const observe = (event: { kind: string; token?: AcceptedToken }) => {
      if (event.token !== undefined) tokens.push(event.token);
    };
    return within(
      clock,
      Programmer.connect({ crypto, link, credential: own, key, trust, now: nowMs, observe }),
    );
  };

  const first = await session();
  await within(clock, first.start(STREAM.ecg, 1000, 0));
  await clock.pass(5 * SECOND_US);
  air.traffic.reset();
  const before = { ...first.figures };
  await clock.pass(LIVE_S * SECOND_US);
  const live = { ...air.traffic.fromPeripheral };
  const after = { ...first.figures };
  first.close();
  await clock.pass(RECORDED_S * SECOND_US);

  const all = RECORDED_S + LIVE_S;
  const readings = () => tokens.filter(({ kind }) => kind === "reading").length;
  const fetch = async (pass: (done: () => boolean) => Promise<boolean>) => {
    tokens = [];
    const programmer = await session();
    const startedAt = programmer.figures.airBytes;
    const [from, fromMs] = [clock.nowUs, performance.now()];
    const following = programmer.follow(STREAM.ecg, { boot: 0, sequence: 0 });
    if (!(await pass(() => readings() >= all)))
      throw new Error(`expected ${all} readings, came ${readings()}`);
    await following;
    const seconds = (clock.nowUs - from) / SECOND_US;
    const wallSeconds = (performance.now() - fromMs) / 1000;
    const bytes = programmer.figures.airBytes - startedAt;
    programmer.close();
    await clock.pass(SECOND_US);
    return { times: readings() / seconds, timesPaced: readings() / wallSeconds, bytes: bytes / seconds };
  };
  const counted = await fetch((done) => clock.pass(600 * SECOND_US, done));
  const paced = await fetch((done) => inStep(clock, 600, done));
  return {
    mtu,
    notificationsPerSecond: (after.packets - before.packets) / LIVE_S,
    valueBytesPerSecond: (after.airBytes - before.airBytes) / LIVE_S,
    packetsPerSecond: live.packets / LIVE_S,
    linkBytesPerSecond: linkOctets(live) / LIVE_S,
    sendingPercent: (100 * live.airtimeUs) / (LIVE_S * SECOND_US),
    backfillTimes: counted.times,
    backfillBytesPerSecond: counted.bytes,
    backfillTimesPaced: paced.timesPaced,
  };
}

/** Lets the air's time pass as the machine's does, and never sooner. @returns whether it was done in so many seconds */
async function inStep(clock: VirtualClock, seconds: number, done: () => boolean): Promise<boolean> {
  const [from, fromMs] = [clock.nowUs, performance.now()];
  for (;;) {
    const elapsedUs = (performance.now() - fromMs) * 1000;
    const due = from + elapsedUs - clock.nowUs;
    if (due > 0 && (await clock.pass(due, done))) return true;
    if (done()) return true;
    if (elapsedUs > seconds * SECOND_US) return false;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

function started(clock: VirtualClock, controller: Controller, options: { mtu?: number }) {
  return within(clock, startStack(new ControllerTransport(controller, options)));
}

/** Lets the air's time pass until it has come. */
async function within<T>(clock: VirtualClock, promise: Promise<T>): Promise<T> {
  let settled = false;
  const mark = () => {
    settled = true;
  };
  promise.then(mark, mark);
  if (!(await clock.pass(60 * SECOND_US, () => settled)))
    throw new Error("expected it within 60 s, came nothing");
  return promise;
}

export function radioTable({ intervalMs, recordedSeconds, rows }: RadioFigures): string {
  const columns: [string, (row: RadioRow) => number, number][] = [
    ["notifications", (row) => row.notificationsPerSecond, 2],
    ["bytes in them", (row) => row.valueBytesPerSecond, 1],
    ["packets", (row) => row.packetsPerSecond, 2],
    ["bytes on air", (row) => row.linkBytesPerSecond, 1],
    ["sending, %", (row) => row.sendingPercent, 2],
    ["backfill, ×", (row) => row.backfillTimes, 0],
    ["backfill, bytes", (row) => row.backfillBytesPerSecond, 0],
    ["×, this machine", (row) => row.backfillTimesPaced, 0],
  ];
  const width = 16;
  const head = ["  MTU", ...columns.map(([name]) => name.padStart(width))].join("");
  const lines = rows.map((row) =>
    [
      `  ${row.mtu}`.padEnd(5),
      ...columns.map(([, of, digits]) => of(row).toFixed(digits).padStart(width)),
    ].join(""),
  );
  return [
    `The MIT-BIH record over the virtual radio, a reading a second, a connection interval of ${intervalMs} ms; figures are a second's, in the`,
    "air's own time. Packets are the link layer's, LE 1M, up to 251 octets of payload, unencrypted; bytes on air are theirs from preamble to",
    `CRC. Backfill is what was recorded before (${recordedSeconds} s and more), fetched by cursor: seconds of ECG for each second;`,
    "in the last column once more, with the air in step with this machine's clock: how fast it is, and how busy, is part of that.",
    head,
    ...lines,
    "",
  ].join("\n");
}

/** @returns the exit code */
export async function benchRadio(options: {
  readonly record: string;
  readonly json: boolean;
  progress(what: string): void;
}): Promise<number> {
  const figures = await radioFigures(options.record, options.progress);
  options.progress("");
  process.stdout.write(options.json ? `${JSON.stringify(figures)}\n` : radioTable(figures));
  const slowest = Math.min(
    ...figures.rows.filter(({ mtu }) => mtu > 23).map(({ backfillTimes }) => backfillTimes),
  );
  if (slowest >= BACKFILL_MIN) return 0;
  process.stderr.write(
    `bench: expected backfill at ${BACKFILL_MIN} times real time or more, came ${slowest.toFixed(1)}\n`,
  );
  return 1;
}

/** At an MTU of 185 and more. */
const BACKFILL_MIN = 50;
