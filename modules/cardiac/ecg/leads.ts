import type { Chamber } from "../heart/types.js";

/** Surface leads, and the bipolar electrograms of an atrial and a ventricular electrode. */
export const ECG_LEADS = ["I", "II", "EGM-A", "EGM-V"] as const;
export type EcgLead = (typeof ECG_LEADS)[number];

export const isSurface = (lead: EcgLead): boolean => lead === "I" || lead === "II";

/** The electrogram of a chamber's electrode. */
export const ownLead = (chamber: Chamber): EcgLead => (chamber === "atrium" ? "EGM-A" : "EGM-V");
