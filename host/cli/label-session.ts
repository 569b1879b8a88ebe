import { fromHex } from "../../modules/bytes/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { VagusError } from "../../modules/error/index.js";
import { INFO_STATE } from "../../modules/gatt/index.js";
import { LoopbackLink } from "../link/loopback.js";
import { Provisioner } from "../programmer/provisioner.js";
import { UsageError } from "./usage.js";

/** The label session with a device whose button was held. @throws VagusError `device/unprovisioned`, `session/…`, `gatt/…` */
export async function openLabelSession(
  crypto: Crypto,
  port: number,
  label: Uint8Array,
): Promise<Provisioner> {
  const link = await openHeld(port);
  return Provisioner.connect({ crypto, link, label }).catch((error: unknown) => {
    const wrong = error instanceof VagusError && error.code === "session/confirm";
    throw wrong
      ? new VagusError(error.code, "expected the label that is printed on the device, came another")
      : error;
  });
}

/** @throws UsageError */
export function labelOf(text: string | undefined): Uint8Array {
  if (text !== undefined && /^[0-9a-f]{32}$/i.test(text)) return fromHex(text.toLowerCase());
  throw new UsageError(`--label: expected 32 hexadecimal digits, came ${text ?? "nothing"}`);
}

/** A link to a device whose button opened provisioning; another one does not even listen. */
async function openHeld(port: number): Promise<LoopbackLink> {
  const held =
    "expected its button to be held for 3 s first (vagus device: key p), and then a minute at the most";
  let link: LoopbackLink;
  try {
    link = await LoopbackLink.open({ port });
    const [, state] = await link.readInfo();
    if (state === INFO_STATE.provisioning) return link;
    link.close();
  } catch (error) {
    if (error instanceof VagusError && error.code === "gatt/disconnected") {
      throw new VagusError("device/unprovisioned", `${held}; the device turned the connection away`);
    }
    throw error;
  }
  throw new VagusError("device/unprovisioned", `${held}; the device is there, and its button was not`);
}
