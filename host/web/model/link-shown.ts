/** How the link stands, as it is shown. */
import type { LinkEvent } from "../../link/reconnection.js";

export type LinkShown =
  | { readonly kind: "off"; readonly why?: string }
  | { readonly kind: "searching" | "connecting" | "proving" | "live" | "quiet" }
  /** Lost; it tries again by itself. `at` and `nextAt` in ms of the monotonic clock. */
  | { readonly kind: "lost"; readonly why: string; readonly at: number; readonly nextAt: number };

/** @param nowMs of the monotonic clock */
export function linkAfter(shown: LinkShown, event: LinkEvent, nowMs: number): LinkShown {
  switch (event.kind) {
    case "scanning":
      return { kind: shown.kind === "lost" ? "connecting" : "searching" };
    case "connecting":
      return { kind: "connecting" };
    case "greeting":
      return { kind: "proving" };
    case "up":
      return { kind: "live" };
    case "quiet":
      return { kind: "quiet" };
    case "lost":
      return { kind: "lost", why: event.reason, at: nowMs, nextAt: nowMs };
    case "failed":
      return { kind: "lost", why: event.error.message, at: nowMs, nextAt: nowMs };
    case "waiting":
      return shown.kind === "lost" ? { ...shown, nextAt: nowMs + event.ms } : shown;
    case "stopped":
      return event.error === undefined ? { kind: "off" } : { kind: "off", why: event.error.code };
  }
}

/** The clinician has to do something first. */
export const REFUSING: ReadonlySet<string> = new Set([
  "edhoc/peer",
  "edhoc/credential",
  "device/unprovisioned",
  "cwt/status",
  "cwt/expired",
  "cwt/issuer",
  "cwt/audience",
  "credential/revoked",
  "session/version",
  "session/scope",
]);
