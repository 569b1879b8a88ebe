import type { ClientCharacteristic } from "ble-host";
import type { Variant } from "dbus-next";
import { answered, readValue } from "./attribute.js";
import { BluezError } from "./error.js";
import type { BusInterface, ObjectTree } from "./tree.js";

export const CHARACTERISTIC = "org.bluez.GattCharacteristic1";

/** Properties as BlueZ names them. */
const FLAGS: readonly [string, string][] = [
  ["broadcast", "broadcast"],
  ["read", "read"],
  ["writeWithoutResponse", "write-without-response"],
  ["write", "write"],
  ["notify", "notify"],
  ["indicate", "indicate"],
];

/** org.bluez.GattCharacteristic1 over the stack's. */
export function characteristicInterface(
  tree: ObjectTree,
  path: string,
  service: string,
  characteristic: ClientCharacteristic,
  mtu: number,
): BusInterface {
  const notifying = (value: boolean) => tree.change(path, CHARACTERISTIC, { Notifying: value });
  const { notify, indicate } = characteristic.properties;
  characteristic.on("change", (value: Buffer, isIndication: boolean, confirm: () => void) => {
    if (isIndication) confirm();
    tree.change(path, CHARACTERISTIC, { Value: value });
  });
  const configure = (on: boolean) =>
    new Promise<number>((resolve) =>
      characteristic.writeCCCD(on && notify, on && !notify && indicate, resolve),
    );
  return {
    properties: {
      UUID: { signature: "s", value: characteristic.uuid.toLowerCase() },
      Service: { signature: "o", value: service },
      Value: { signature: "ay", value: Buffer.alloc(0) },
      Notifying: { signature: "b", value: false },
      Flags: {
        signature: "as",
        value: FLAGS.filter(([ours]) => characteristic.properties[ours]).map(([, theirs]) => theirs),
      },
      MTU: { signature: "q", value: mtu },
    },
    methods: {
      ReadValue: {
        in: "a{sv}",
        out: "ay",
        run: async () => [await readValue(characteristic)],
      },
      WriteValue: {
        in: "aya{sv}",
        out: "",
        run: async ([value, options]) => {
          const bytes = Buffer.from(value as Uint8Array);
          if ((options as Record<string, Variant>).type?.value === "command") {
            characteristic.writeWithoutResponse(bytes);
            return [];
          }
          answered(await new Promise<number>((resolve) => characteristic.write(bytes, resolve)));
          return [];
        },
      },
      StartNotify: {
        in: "",
        out: "",
        run: async () => {
          if (!notify && !indicate) throw new BluezError("NotSupported", "neither notify nor indicate");
          answered(await configure(true));
          notifying(true);
          return [];
        },
      },
      StopNotify: {
        in: "",
        out: "",
        run: async () => {
          answered(await configure(false));
          notifying(false);
          return [];
        },
      },
    },
  };
}
