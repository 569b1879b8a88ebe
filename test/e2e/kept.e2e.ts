/** A device that is monitored over noble: its link is kept, whatever becomes of it (host/link/keeper.ts). */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../host/link/radio.js";
import { LINK_TIMES as LINK } from "../../host/link/reconnection.js";
import { Monitor, type MonitorEvent, type MonitorOptions } from "../../host/programmer/monitor.js";
import { SessionFolder } from "../../host/store/session-folder.js";
import { deep, ok, same } from "../support/assert.js";
import { pause, STREAM, until, Ward } from "./ward.js";

interface Kept {
  readonly monitor: Monitor;
  readonly events: MonitorEvent[];
  end(): Promise<void>;
}

function keep(ward: Ward, folder: string, but: Partial<MonitorOptions> = {}): Kept {
  const events: MonitorEvent[] = [];
  let store: SessionFolder | undefined;
  const monitor = new Monitor({
    ...ward.own,
    ...{ radio: ward.noble, clock: systemClock, random: Math.random, streams: [STREAM.ecg] },
    record: { readingMs: 250 },
    store: (device) => {
      store ??= SessionFolder.open(ward.own.crypto, join(folder, device.subject));
      store.adopt(device, ward.anchor);
      return store;
    },
    observe: (event) => void events.push(event),
    ...but,
  });
  const run = monitor.run();
  run.catch(() => {});
  return {
    monitor,
    events,
    async end() {
      await monitor.stop();
      await run;
      store?.close();
    },
  };
}

/** Sequence numbers of the readings that came. */
const sequences = (events: readonly MonitorEvent[]) =>
  events.flatMap((event) =>
    event.kind === "token" && event.token.kind === "reading" ? [event.token.cti.sequence] : [],
  );

const links = (events: readonly MonitorEvent[]) =>
  events.flatMap((event) => (event.kind === "link" ? [event.event] : []));

describe("a device that is monitored over noble", () => {
  const folder = mkdtempSync(join(tmpdir(), "vagus-e2e-store-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("out of range and back: stale, tried with longer and longer waits, found again, and nothing is missing", async () => {
    const ward = await Ward.open({ times: { connectMs: 1000, requestMs: 2000 } });
    const times = { ...LINK, scanMs: 1000, connectMs: 1500 };
    const { monitor, events, end } = keep(ward, join(folder, "range"), { times });
    try {
      await until("live", () => monitor.staleness(STREAM.ecg).kind === "live");
      await until("readings", () => sequences(events).length > 4);
      ward.radio.moveTo(30);
      await until("the loss to be shown", () => monitor.staleness(STREAM.ecg).kind === "stale");
      await until(
        "four tries",
        () => links(events).filter(({ kind }) => kind === "waiting").length >= 4,
        30_000,
      );
      const failures = links(events).flatMap((event) => (event.kind === "waiting" ? [event.failures] : []));
      deep(
        failures.slice(0, 4),
        [1, 2, 3, 4].map((n) => n + (failures[0] as number) - 1),
      );
      ward.radio.moveTo(1);
      monitor.hurry();
      await until("live again", () => monitor.staleness(STREAM.ecg).kind === "live", 40_000);
      const found = sequences(events);
      deep(
        found,
        found.map((_, n) => (found[0] as number) + n),
        "each once, in order:",
      );
      same(links(events).filter(({ kind }) => kind === "lost").length, 1);
    } finally {
      await end();
      await ward.close();
    }
  });

  it("another device answers first: it is passed over, and nothing of it is stored", async () => {
    const other = await Ward.fresh();
    const ward = await Ward.open();
    const strange = await ward.radio.add(() => other.firmware.port);
    ward.radio.moveTo(30);
    const { monitor, events, end } = keep(ward, join(folder, "others"), { others: true });
    try {
      await until(
        "the other one to be passed over",
        () => links(events).some(({ kind }) => kind === "failed"),
        30_000,
      );
      const [failed] = links(events).flatMap((event) => (event.kind === "failed" ? [event.error] : []));
      ok(failed?.message.includes("one that is new"), failed?.message);
      ward.radio.moveTo(1);
      monitor.hurry();
      await until("live", () => monitor.staleness(STREAM.ecg).kind === "live", 60_000);
      const tried = links(events).flatMap((event) => (event.kind === "connecting" ? [event.address] : []));
      ok(new Set(tried).size >= 2, `tried ${tried.join()}`);
      same(monitor.figures.refused, 0);
    } finally {
      await end();
      strange.close();
      await ward.close();
      await other.close();
    }
  });

  it("a device that says nothing more, though its radio is there: it is asked, dropped, and found again", async () => {
    const ward = await Ward.open({ times: { requestMs: 1000 } });
    const { monitor, events, end } = keep(ward, join(folder, "silent"), {
      times: { ...LINK, quietMs: 1500, probeMs: 1500 },
    });
    try {
      await until("live", () => monitor.staleness(STREAM.ecg).kind === "live");
      ward.firmware.freeze?.(true);
      await until("it to be asked", () => links(events).some(({ kind }) => kind === "quiet"), 10_000);
      await until("the link to be dropped", () => links(events).some(({ kind }) => kind === "lost"), 10_000);
      await pause(500);
      ward.firmware.freeze?.(false);
      monitor.hurry();
      await until("live again", () => monitor.staleness(STREAM.ecg).kind === "live", 40_000);
      const found = sequences(events);
      deep(
        found,
        found.map((_, n) => (found[0] as number) + n),
        "each once, in order:",
      );
    } finally {
      await end();
      await ward.close();
    }
  });
});
