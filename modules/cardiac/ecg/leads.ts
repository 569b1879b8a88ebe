/** Surface leads, and the bipolar electrograms of an atrial and a ventricular electrode. */
export const LEADS = ["I", "II", "EGM-A", "EGM-V"] as const;
export type Lead = (typeof LEADS)[number];

export const isSurface = (lead: Lead): boolean => lead === "I" || lead === "II";
