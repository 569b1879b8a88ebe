/** What every run of the firmware has in common: a device that has its credential, and patience. */
import { DemoClinic } from "../host/demo/clinic.js";
import { LoopbackLink } from "../host/link/loopback.js";
import { createPortableCrypto } from "../modules/crypto/portable/index.js";
import { startFirmware } from "../sim/firmware.js";

export const MTU = 247;

/** What `vagus-xs --report` writes. */
export interface EngineReport {
  readonly engine: string;
  readonly slotBytes: number;
  readonly residentSlots: number;
  readonly residentChunkBytes: number;
  readonly heapPeakSlots: number;
  readonly heapPeakChunkBytes: number;
  readonly meterAfterLoad: number;
}

export interface DeviceOptions {
  /** The runner and the firmware's bundle. */
  readonly runner: string;
  readonly firmware: string;
  readonly record: string;
}

/**
 * A device that has its credential is what is measured: it is made and provisioned in a run of its own.
 * @param folder where the device keeps its flash
 * @returns the clinic whose programmer it trusts
 */
export async function provisionedDevice(options: DeviceOptions, folder: string): Promise<DemoClinic> {
  const { runner, firmware: bundle, record } = options;
  const clinic = await DemoClinic.open(createPortableCrypto(), undefined);
  const firmware = await startFirmware({ command: [runner, bundle], folder, source: record, paced: false });
  try {
    await firmware.press(3200);
    await clinic.provision(await LoopbackLink.open({ port: firmware.port, mtu: MTU }), firmware.label);
  } finally {
    await firmware.stop();
  }
  return clinic;
}

const PATIENCE_MS = 120_000;

/** @throws Error where nothing comes for two minutes */
export async function within<T>(promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing within ${PATIENCE_MS} ms`)), PATIENCE_MS);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
