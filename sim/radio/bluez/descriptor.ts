import type { ClientDescriptor } from "ble-host";
import { answered, readValue } from "./attribute.js";
import { BluezError } from "./error.js";
import type { BusInterface } from "./tree.js";

export const DESCRIPTOR = "org.bluez.GattDescriptor1";
/** Client Characteristic Configuration (Core Specification 5.4, Vol 3 Part G section 3.3.3.3). */
const CONFIGURATION = "00002902-0000-1000-8000-00805f9b34fb";

/**
 * org.bluez.GattDescriptor1 over the stack's. Chromium starts no notifications where it finds no Client Characteristic
 * Configuration; written it is by `StartNotify` alone.
 */
export function descriptorInterface(characteristic: string, descriptor: ClientDescriptor): BusInterface {
  const uuid = descriptor.uuid.toLowerCase();
  return {
    properties: {
      UUID: { signature: "s", value: uuid },
      Characteristic: { signature: "o", value: characteristic },
      Value: { signature: "ay", value: Buffer.alloc(0) },
    },
    methods: {
      ReadValue: { in: "a{sv}", out: "ay", run: async () => [await readValue(descriptor)] },
      WriteValue: {
        in: "aya{sv}",
        out: "",
        run: async ([value]) => {
          if (uuid === CONFIGURATION) throw new BluezError("NotAuthorized", "Operation Not Authorized");
          const bytes = Buffer.from(value as Uint8Array);
          answered(await new Promise<number>((resolve) => descriptor.write(bytes, resolve)));
          return [];
        },
      },
    },
  };
}
