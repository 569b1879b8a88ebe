/** The optional pairing of a link (DESIGN section 5): wanted by this side, after the handshake. */
import { VagusError } from "../../modules/error/index.js";
import type { CentralLink } from "./link.js";

/** A link was to be paired and is not: what was wanted of it cannot be had. */
export class Unpaired extends VagusError {
  constructor(detail: string) {
    super("host/link", detail);
  }
}

/** @throws Unpaired where the device refuses, has another passkey, or the link is of a kind that nobody pairs */
export async function pairLink(link: CentralLink, passkey: number): Promise<void> {
  if (link.pair === undefined) throw new Unpaired("expected a radio that pairs, came one that does not");
  try {
    await link.pair(passkey);
  } catch (error) {
    throw new Unpaired(error instanceof VagusError ? plain(error) : String(error));
  }
}

/** Without its code, which is put in front again. */
function plain({ code, message }: VagusError): string {
  return message.startsWith(`${code}: `) ? message.slice(code.length + 2) : message;
}
