/** What `vagus watch` and `vagus fetch` share: a monitor from the options of a command, that stores into a folder. */
import { join } from "node:path";
import { SCOPE } from "../../modules/credential/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { STREAM } from "../../modules/reading/index.js";
import { systemClock } from "../link/radio.js";
import { Monitor, type MonitorEvent } from "../programmer/monitor.js";
import { keepEvidence } from "../receipt/evidence.js";
import { ReceiptWriter } from "../receipt/receipt-writer.js";
import type { Holding } from "../store/holder-folder.js";
import { keptStatus } from "../store/kept-status.js";
import { SessionFolder } from "../store/session-folder.js";
import type { LinkSource } from "./radios.js";
import { radioOf } from "./radios.js";
import { nowSeconds } from "./report.js";
import { openOwn, type SessionSource } from "./session.js";
import { UsageError } from "./usage.js";

export const STORE_OPTIONS = {
  store: { type: "string", default: "readings" },
  stream: { type: "string" },
} as const;
export const STORE_HELP = `  --store FOLDER        where readings are kept, in a folder for each device (default: readings): docs/FILES.md
  --stream S,S          ${Object.keys(STREAM).join(", ")} (default: all that the programmer's scope names)`;

export interface MonitoringSource extends SessionSource, LinkSource {
  readonly store: string;
  readonly stream?: string;
}

export interface Monitoring {
  readonly monitor: Monitor;
  readonly streams: readonly number[];
  /** Of the device, once it has authenticated. */
  readonly folder: () => SessionFolder | undefined;
  close(): Promise<void>;
}

/** What is stored is on the disk within so long. */
const SYNC_MS = 5000;

/** Any of these scopes lets a stream be read. */
const WANTED: Readonly<Record<string, readonly string[]>> = {
  ecg: [SCOPE.ecgRead],
  pacing: [SCOPE.pacingRead],
  state: [SCOPE.ecgRead, SCOPE.pacingRead],
};

/** @throws UsageError, VagusError `host/…`, `cwt/…` */
export async function openMonitoring(
  crypto: Crypto,
  source: MonitoringSource,
  options: {
    readonly record?: { readonly readingMs: number };
    readonly observe: (event: MonitorEvent) => void;
    /** Something of what was stored was torn. */
    readonly torn: (path: string, bytes: number) => void;
    /** A receipt could not be kept. */
    readonly unsigned: (error: unknown) => void;
  },
): Promise<Monitoring> {
  const { own, holding } = await openOwn(crypto, source);
  const streams = streamsOf(source.stream, holding);
  const { radio, mtu } = await radioOf(source);
  let folder: SessionFolder | undefined;
  let receipts: ReceiptWriter | undefined;
  const observe = (event: MonitorEvent) => {
    if (event.kind === "token") receipts?.add(event.token);
    options.observe(event);
  };
  const monitor = new Monitor({
    ...own,
    others: radio.name === "ble",
    ...{ radio, mtu, streams, clock: systemClock, random: Math.random, observe },
    ...(options.record && { record: options.record }),
    ...(source.pair && { pair: true }),
    store: (device) => {
      if (folder === undefined) {
        folder = SessionFolder.open(crypto, join(source.store, device.subject));
        for (const { path, bytes } of folder.torn) options.torn(path, bytes);
        keepStatusList(crypto, folder.path, source.programmer, holding);
        receipts = new ReceiptWriter(crypto, { folder, holding, now: nowSeconds, failed: options.unsigned });
      }
      folder.adopt(device, holding.anchor);
      return folder;
    },
  });
  const syncing = setInterval(() => {
    try {
      folder?.sync();
    } catch (error) {
      options.unsigned(error);
    }
  }, SYNC_MS);
  const close = async () => {
    clearInterval(syncing);
    try {
      await receipts?.close();
    } finally {
      folder?.sync();
      folder?.close();
      await radio.close?.();
    }
  };
  return { monitor, streams, folder: () => folder, close };
}

/** Who held when this was recorded: the newest list that the programmer has seen goes beside the readings. */
function keepStatusList(crypto: Crypto, folder: string, programmer: string, { anchor }: Holding): void {
  const { bytes } = keptStatus(crypto, programmer, { anchor, now: nowSeconds });
  if (bytes !== undefined) keepEvidence(folder, "status", [bytes]);
}

/** Numbers of streams, by name. @throws UsageError */
export function streamsOf(names: string | undefined, { credential }: Pick<Holding, "credential">): number[] {
  const has = (name: string) => WANTED[name]?.some((scope) => credential.scope.includes(scope));
  const known = Object.keys(STREAM) as (keyof typeof STREAM)[];
  if (names === undefined) {
    const all = known.filter(has);
    if (all.length > 0) return all.map((name) => STREAM[name]);
    throw new UsageError(
      `expected a programmer with ecg:read or pacing:read, came one with ${credential.scope.join(" ")}`,
    );
  }
  return names.split(",").map((name) => {
    const found = known.find((one) => one === name);
    if (found === undefined) throw new UsageError(`--stream: expected ${known.join(", ")}, came ${name}`);
    return STREAM[found];
  });
}

/** By its number. */
export function streamName(stream: number): string {
  return Object.entries(STREAM).find(([, number]) => number === stream)?.[0] ?? `stream ${stream}`;
}
