/** The operations in which the power goes, and the devices that they begin with. */

import { STREAM } from "../../modules/reading/index.js";
import {
  anchorRotation,
  freshness,
  listed,
  provisioning,
  type Ready,
  rationing,
  rotation,
  streaming,
  timeReset,
  uptime,
} from "./acts.js";
import type { Bench } from "./bench.js";
import { auditAppend, auditFailures, programming } from "./logged.js";

export interface Operation {
  readonly name: string;
  /** Brings a device to where the operation begins; without it none was ever made. */
  readonly prepare?: (bench: Bench) => Promise<void>;
  /** What leaves flash alone, then the steps that do not. Without it the operation is to put the power on. */
  readonly ready?: Ready;
}

const does = (bench: Bench, ready: Ready) =>
  bench.on(async (device) => {
    for (const step of await ready(device, bench, bench.told)) await step();
  });

const made = (bench: Bench) => bench.on(() => {});

async function provisioned(bench: Bench): Promise<void> {
  await does(bench, provisioning);
  await does(bench, (device, it) => listed(device, it, []));
}

async function revoked(bench: Bench): Promise<void> {
  await provisioned(bench);
  await bench.on(({ holder }) => holder.revoke());
}

/** A device that is revoked cannot be so again: it is provisioned first. */
const ifProvisioned =
  (ready: Ready): Ready =>
  (device, bench, told) =>
    (device.holder.state === "provisioned" ? ready : provisioning)(device, bench, told);

export const OPERATIONS: readonly Operation[] = [
  { name: "first start" },
  { name: "start", prepare: provisioned },
  { name: "start of a new device", prepare: made },
  { name: "start of a revoked device", prepare: revoked },
  { name: "provisioning", prepare: made, ready: provisioning },
  { name: "provisioning anew, revoked before", prepare: revoked, ready: provisioning },
  { name: "credential for the same key", prepare: provisioned, ready: ifProvisioned(rotation(false)) },
  { name: "credential for a new key", prepare: provisioned, ready: ifProvisioned(rotation(true)) },
  { name: "anchor rotation", prepare: provisioned, ready: anchorRotation },
  {
    name: "revocation list, others on it",
    prepare: provisioned,
    ready: (device, bench, told) => listed(device, bench, [], told),
  },
  {
    name: "revocation list, itself on it",
    prepare: provisioned,
    ready: ifProvisioned((device, bench, told) => listed(device, bench, [device.holder.own!.kid], told)),
  },
  {
    name: "self-revocation by command",
    prepare: provisioned,
    ready: ifProvisioned(({ holder }) => [() => holder.revoke()]),
  },
  {
    name: "factory reset",
    prepare: provisioned,
    ready: ({ holder }) => [() => holder.factoryReset()],
  },
  { name: "freshness", prepare: provisioned, ready: freshness },
  { name: "time reset", prepare: provisioned, ready: timeReset },
  { name: "floor of time by uptime", prepare: provisioned, ready: uptime },
  {
    name: "ration",
    prepare: async (bench) => {
      await provisioned(bench);
      await does(bench, rationing);
      await does(bench, rationing);
    },
    ready: rationing,
  },
  { name: "ration, its first time", prepare: provisioned, ready: rationing },
  {
    name: "chain reservation",
    prepare: async (bench) => {
      await provisioned(bench);
      await does(bench, streaming(STREAM.ecg));
    },
    ready: streaming(STREAM.ecg),
  },
  {
    name: "chain reservation, its first time",
    prepare: provisioned,
    ready: streaming(STREAM.ecg),
  },
  {
    name: "chain reservation, three streams",
    prepare: async (bench) => {
      await provisioned(bench);
      await does(bench, streaming(STREAM.ecg, STREAM.pacing));
    },
    ready: streaming(STREAM.ecg, STREAM.pacing, STREAM.state),
  },
  {
    name: "chain reservation, a stream less",
    prepare: async (bench) => {
      await provisioned(bench);
      await does(bench, streaming(STREAM.ecg, STREAM.pacing));
    },
    ready: streaming(STREAM.pacing),
  },
  {
    name: "audit append",
    prepare: async (bench) => {
      await provisioned(bench);
      await does(bench, auditAppend);
    },
    ready: auditAppend,
  },
  { name: "audit append, its first time", prepare: provisioned, ready: auditAppend },
  {
    name: "audit failures",
    prepare: async (bench) => {
      await provisioned(bench);
      await does(bench, auditFailures);
    },
    ready: auditFailures,
  },
  { name: "audit failures, its first time", prepare: provisioned, ready: auditFailures },
  {
    name: "program",
    prepare: async (bench) => {
      await provisioned(bench);
      await does(bench, programming);
    },
    ready: programming,
  },
  { name: "program, its first time", prepare: provisioned, ready: programming },
];
