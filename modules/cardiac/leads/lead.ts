/**
 * A bipolar lead and the tissue at its tip, as the pacer meets them: how much it takes to capture, how large the heart's
 * own signal is, and what can go wrong.
 */
import type { Chamber } from "../pacer/index.js";

export interface Lead {
  readonly chamber: Chamber;
  readonly impedanceOhm: number;
  /** The weakest pulse that captures however long it lasts, and the width that doubles it (Lapicque, 1909). */
  readonly rheobaseMv: number;
  readonly chronaxieUs: number;
  /** The P or R wave at the electrodes, baseline to peak. */
  readonly signalUv: number;
  /** Peak of the noise that the lead picks up, and how often it comes. */
  readonly noiseUv: number;
  readonly noiseEveryMs: number;
}

/** Leads a year after implant. */
export const HEALTHY: Readonly<Record<Chamber, Lead>> = {
  atrium: {
    chamber: "atrium",
    impedanceOhm: 520,
    rheobaseMv: 350,
    chronaxieUs: 280,
    signalUv: 2800,
    noiseUv: 40,
    noiseEveryMs: 20,
  },
  ventricle: {
    chamber: "ventricle",
    impedanceOhm: 640,
    rheobaseMv: 450,
    chronaxieUs: 300,
    signalUv: 9500,
    noiseUv: 60,
    noiseEveryMs: 20,
  },
};

export const LEAD_FAULTS = ["none", "fracture", "insulation", "dislodged", "noise"] as const;
export type LeadFault = (typeof LEAD_FAULTS)[number];

/** What a fault makes of a healthy lead. */
export function withFault(lead: Lead, fault: LeadFault): Lead {
  const { impedanceOhm, rheobaseMv, signalUv } = lead;
  switch (fault) {
    case "none":
      return lead;
    case "fracture":
      return {
        ...lead,
        impedanceOhm: 20 * impedanceOhm,
        rheobaseMv: 20 * rheobaseMv,
        signalUv: 0,
        noiseUv: 4000,
      };
    case "insulation":
      return { ...lead, impedanceOhm: 80, rheobaseMv: 3 * rheobaseMv, signalUv: Math.round(signalUv / 3) };
    case "dislodged":
      return { ...lead, rheobaseMv: 16 * rheobaseMv, signalUv: Math.round(signalUv / 20) };
    case "noise":
      return { ...lead, noiseUv: 12_000 };
  }
}

/** The pacer works with leads from 100 to 2,500 Ω (section 3.2 of the PACEMAKER system specification). */
export function impedanceStatus(impedanceOhm: number): "low" | "ok" | "high" {
  if (impedanceOhm < 100) return "low";
  return impedanceOhm > 2500 ? "high" : "ok";
}
