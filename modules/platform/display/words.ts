/** What the display says, in words, and what of it wants attention. The longest that fits its place is shown. */
import { batteryLeft, batteryStatus } from "../../cardiac/battery/index.js";
import type { Implant } from "../../cardiac/index.js";
import { impedanceStatus } from "../../cardiac/leads/index.js";
import type { DeviceView } from "../../device/index.js";
import type { Color } from "./canvas.js";

export interface Words {
  /** From the longest to the shortest. */
  readonly texts: readonly string[];
  readonly color: Color;
  /** A caption of its own, where what is said is of another thing. */
  readonly caption?: string;
  /** A bar behind it, 0 to 1. */
  readonly part?: number;
}

const say = (color: Color, ...texts: string[]): Words => ({ texts, color });

const seconds = (ms: number) => `${Math.ceil(ms / 1000)} s`;
const date = (s: number) => new Date(1000 * s).toISOString().slice(0, 10);

/** @param fault the code of what keeps the device from its flash */
export function link(view: DeviceView | undefined, fault?: string): Words {
  if (fault !== undefined) return say("bad", `fault: ${fault}`, "fault");
  if (view === undefined) return say("dim", "starting");
  const { state, peer, windowMs, provisioningMs } = view;
  if (state === "revoked" && provisioningMs === 0)
    return say("bad", "revoked: it sends nothing any more", "revoked");
  if (view.link === "authenticated") {
    if (peer === undefined) return say("busy", "being provisioned");
    return say("good", `${peer.kind} ${peer.kid}`, `${peer.kind} ${peer.kid.slice(0, 8)}`, peer.kind);
  }
  if (view.link === "connected") return say("busy", "somebody connects", "connecting");
  if (provisioningMs > 0)
    return say("warn", `open to be provisioned, ${seconds(provisioningMs)}`, "open, new");
  if (windowMs > 0) return say("warn", `open to all, ${seconds(windowMs)}`, "open");
  return state === "new" ? say("warn", "new: hold the button for 3 s", "new") : say("dim", "no link");
}

export function battery({ battery }: Implant): Words {
  const status = batteryStatus(battery);
  const percent = `${Math.round(100 * batteryLeft(battery))} %`;
  const color: Color = status === "BOL" ? "dim" : status === "ERN" ? "warn" : "bad";
  return { ...say(color, percent), part: batteryLeft(battery) };
}

/** What is in force, and by what; a lead outside of its limits comes before that. */
export function pacing(implant: Implant | undefined): Words {
  if (implant === undefined) return say("dim", "none: a recorded heart", "none");
  for (const chamber of ["atrium", "ventricle"] as const) {
    const { impedanceOhm } = implant.lead(chamber);
    const status = impedanceStatus(impedanceOhm);
    if (status !== "ok") {
      const ohm = `${impedanceOhm >= 10_000 ? `${Math.round(impedanceOhm / 1000)} k` : `${impedanceOhm} `}ohm`;
      return { ...say("bad", `${chamber}: ${ohm}, too ${status}`, `${status}: ${ohm}`), caption: "lead" };
    }
  }
  const { therapy, parameters } = implant;
  const { mode, lowerRateLimitPpm: low, upperRateLimitPpm: high } = parameters;
  const tracks = mode === "DDD" || mode === "VDD";
  const what = tracks ? `${mode} ${low}-${high}` : mode === "off" ? "off" : `${mode} ${low}`;
  if (therapy.magnet) return say("warn", `${what}, magnet`, what);
  if (therapy.paceNow) return say("warn", `${what}, Pace-Now`, what);
  if (therapy.temporary !== undefined) return say("warn", `${what}, for a test`, what);
  return say(mode === "off" ? "bad" : "ink", what);
}

export function credential(view: DeviceView | undefined): Words {
  if (view === undefined) return say("dim", "");
  const { state, own, epoch } = view;
  if (state === "revoked") return say("bad", "revoked, its key is gone", "revoked");
  if (own === undefined) return say("dim", "none yet");
  const { subject } = own;
  const until = date(own.expires);
  return say("ink", `${subject}, list ${epoch}, to ${until}`, `${subject}, list ${epoch}`, subject);
}

export function journal(view: DeviceView | undefined): Words {
  if (view === undefined) return say("dim", "");
  const { usedBytes, capacityBytes } = view.journal;
  const part = Math.min(1, usedBytes / capacityBytes);
  const kept =
    usedBytes < 1_000_000 ? `${Math.round(usedBytes / 1000)} kB` : `${(usedBytes / 1e6).toFixed(1)} MB`;
  const texts = view.recording ? [`${kept} kept, recording`, `${kept}, rec`, kept] : [`${kept} kept`, kept];
  const color: Color = part > 0.9 ? "warn" : view.recording ? "good" : "ink";
  return { texts, color, part };
}
