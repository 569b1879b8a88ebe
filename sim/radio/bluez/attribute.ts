/** What characteristics and descriptors have in common. */
import bleHost, { type ClientCharacteristic, type ClientDescriptor } from "ble-host";
import { BluezError } from "./error.js";

const { AttErrors } = bleHost;

/** @throws BluezError for an ATT error, named as BlueZ names it */
export function answered(error: number): void {
  if (error === 0) return;
  const encryption = [
    AttErrors.INSUFFICIENT_AUTHENTICATION,
    AttErrors.INSUFFICIENT_ENCRYPTION,
    AttErrors.INSUFFICIENT_AUTHORIZATION,
  ].includes(error);
  const code = `0x${error.toString(16).padStart(2, "0")}`;
  throw new BluezError(encryption ? "NotPermitted" : "Failed", `Operation failed with ATT error: ${code}`);
}

/** @throws BluezError */
export async function readValue(attribute: ClientCharacteristic | ClientDescriptor): Promise<Buffer> {
  const [error, value] = await new Promise<[number, Buffer]>((resolve) =>
    attribute.read((status, read) => resolve([status, read ?? Buffer.alloc(0)])),
  );
  answered(error);
  return value;
}
