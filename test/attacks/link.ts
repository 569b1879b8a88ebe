import { setTimeout } from "node:timers/promises";
import { LoopbackLink } from "../../host/link/loopback.js";
import { VagusError } from "../../modules/error/index.js";

const TRIES = 400;
const PAUSE_MS = 5;
/** A machine may be busy with other things than a device. */
const PATIENCE_MS = 20_000;

/** A link, as soon as the device has noticed that the last central has gone. @throws VagusError `host/link`, `gatt/…` */
export async function openLink(port: number, mtu = 247, tries = TRIES): Promise<LoopbackLink> {
  for (let left = tries; ; left--) {
    try {
      return await LoopbackLink.open({ port, mtu, timeoutMs: PATIENCE_MS });
    } catch (error) {
      if (left <= 1 || !(error instanceof VagusError)) throw error;
      await setTimeout(PAUSE_MS);
    }
  }
}
