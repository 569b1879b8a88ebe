/** What can be seen of a device by whoever holds it in his hand: for a display. Nothing of it goes to the radio. */
import { toHex } from "../bytes/index.js";
import type { CredentialKind, Holder, HolderState } from "../credential/index.js";
import type { Journal } from "../journal/index.js";
import type { Admission } from "./admission.js";
import type { Rights } from "./rights.js";

export interface DeviceView {
  readonly state: HolderState;
  readonly link: "none" | "connected" | "authenticated";
  /** Of whom the session is: what it holds and the name of its key; undefined in a label session. */
  readonly peer: { readonly kind: CredentialKind; readonly kid: string } | undefined;
  /** Milliseconds that the button's window is still open, and provisioning. */
  readonly windowMs: number;
  readonly provisioningMs: number;
  readonly own: { readonly subject: string; readonly expires: number } | undefined;
  readonly epoch: number;
  readonly boot: number;
  readonly recording: boolean;
  readonly journal: { readonly usedBytes: number; readonly capacityBytes: number };
}

export interface Viewed {
  readonly holder: Holder;
  readonly admission: Admission;
  readonly session: { readonly rights: Rights } | undefined;
  readonly connections: number;
  readonly recording: boolean;
  readonly journal: Journal;
}

export function viewOf({ holder, admission, session, connections, recording, journal }: Viewed): DeviceView {
  const peer = session?.rights.peer?.credential;
  const own = holder.own?.credential;
  return {
    state: holder.state,
    link: session !== undefined ? "authenticated" : connections > 0 ? "connected" : "none",
    peer: peer && { kind: peer.kind, kid: toHex(peer.kid) },
    windowMs: admission.windowLeftMs,
    provisioningMs: admission.provisioning ? admission.labelLeftMs : 0,
    own: own && { subject: own.subject, expires: own.expires },
    epoch: holder.epoch,
    boot: holder.boot,
    recording,
    journal: { usedBytes: journal.usedBytes, capacityBytes: journal.capacityBytes },
  };
}
