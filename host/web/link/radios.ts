/** The ways to a device that a page has, as what keeps a link wants them. */
import type { Radio } from "../../link/radio.js";
import type { BridgeClient } from "./bridge-client.js";
import { chooseDevice, WebBluetoothLink } from "./web-bluetooth.js";

/** A simulated device behind the bridge: it is always in sight. */
export function bridgeRadio(bridge: BridgeClient, index: number): Radio {
  return {
    name: "the bridge",
    scan: inSight(`${index}`),
    connect: (_address, { signal }) => bridge.connect(index, signal),
  };
}

/** A device that the user chooses now. @throws VagusError `host/link` */
export async function bluetoothRadio(): Promise<Radio> {
  const device = await chooseDevice();
  return {
    name: "Bluetooth",
    scan: inSight(device.id),
    connect: (_address, { signal }) => WebBluetoothLink.connect(device, signal),
  };
}

/** The device is known: whether it is there shows when it is connected to. */
function inSight(address: string): Radio["scan"] {
  return ({ found }) => {
    const timer = setTimeout(() => found({ address }), 0);
    return () => clearTimeout(timer);
  };
}
