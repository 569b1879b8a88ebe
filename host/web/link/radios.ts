/** The ways to a device that a page has, as what keeps a link wants them. */
import type { Radio } from "../../link/radio.js";
import type { BridgeClient } from "./bridge-client.js";
import { chooseDevice, WebBluetoothLink } from "./web-bluetooth.js";

export interface PageRadio extends Radio {
  /**
   * A browser forgets a device that has not been heard for a while, and one that has another private address by now it does
   * not know again: only a press of the user finds it. @throws VagusError `host/link`
   */
  chooseAgain?(): Promise<void>;
}

/** A simulated device behind the bridge: it is always in sight. */
export function bridgeRadio(bridge: BridgeClient, index: number): Radio {
  return {
    name: "the bridge",
    scan: inSight(`${index}`),
    connect: (_address, { signal }) => bridge.connect(index, signal),
  };
}

/** A device that the user chooses now. @throws VagusError `host/link` */
export async function bluetoothRadio(): Promise<PageRadio> {
  let device = await chooseDevice();
  let looking: ((address: string) => void) | undefined;
  return {
    name: "Bluetooth",
    scan: (handlers) => {
      looking = (address) => handlers.found({ address });
      const stop = inSight(device.id)(handlers);
      return () => {
        looking = undefined;
        stop();
      };
    },
    connect: async (_address, { signal }) => {
      for (;;) {
        const tried = device;
        try {
          return await WebBluetoothLink.connect(tried, signal);
        } catch (error) {
          if (tried === device || signal.aborted) throw error;
        }
      }
    },
    chooseAgain: async () => {
      const before = device;
      device = await chooseDevice();
      if (before !== device) before.gatt?.disconnect(); // which ends what was being tried with it
      looking?.(device.id);
    },
  };
}

/** The device is known: whether it is there shows when it is connected to. */
function inSight(address: string): Radio["scan"] {
  return ({ found }) => {
    const timer = setTimeout(() => found({ address }), 0);
    return () => clearTimeout(timer);
  };
}
