import { VagusError } from "../error/index.js";
import { INFO_STATE, PROTOCOL_VERSION } from "../gatt/index.js";
import { READ_INFO_MS } from "./lifecycle.js";
import type { DevicePorts } from "./ports.js";

/** What is told of a failure: a refusal as it is, anything else as a fault of ours or of the platform. */
export function told(error: unknown): VagusError {
  return error instanceof VagusError
    ? error
    : new VagusError("device/fault", `expected no failure, came ${String(error)}`);
}

/** A device that cannot read its flash fails closed: it says so, and hangs up on everybody. Pacing goes on. */
export function standStill({ peripheral, clock, observe }: DevicePorts, error: unknown): void {
  peripheral.setInfo(Uint8Array.of(PROTOCOL_VERSION, INFO_STATE.fault));
  peripheral.open((link) => {
    const hangUp = clock.after(READ_INFO_MS, () => link.disconnect());
    return {
      mtuChanged() {},
      subscribed() {},
      written() {},
      ready() {},
      disconnected: hangUp,
    };
  });
  observe({ kind: "fault", error: told(error) });
}
