/** What can be chosen, in the words of modules/cardiac; test/sim/panel holds the lists to those there. */
const item = (value, title = value) => ({ value, title });

export const RHYTHMS = [
  item("sinus", "Sinus rhythm"),
  item("bradycardia", "Bradycardia"),
  item("arrest", "Sinus arrest"),
  item("avb1", "AV block, first"),
  item("wenckebach", "Wenckebach"),
  item("avb2", "AV block, 2:1"),
  item("avb3", "AV block, third"),
  item("af", "Atrial fibrillation"),
  item("pvc", "PVCs"),
  item("vt", "VT"),
  item("vf", "VF"),
  item("asystole", "Asystole"),
];

export const MODES = ["off", "AOO", "VOO", "DOO", "AAI", "VVI", "VDD", "DDD"].map((mode) => item(mode));

export const FAULTS = [
  item("none", "healthy"),
  item("fracture", "fractured"),
  item("insulation", "insulation worn"),
  item("dislodged", "dislodged"),
  item("noise", "noisy"),
];

export const NOISES = [
  { ...item("none", "lying still"), heights: {} },
  { ...item("mains", "power line"), heights: { mainsUv: 250 } },
  { ...item("muscle", "muscles"), heights: { muscleUv: 200 } },
  { ...item("wander", "deep breaths"), heights: { wanderUv: 500 } },
  { ...item("all", "all of it"), heights: { mainsUv: 250, muscleUv: 200, wanderUv: 500 } },
  { ...item("other", "otherwise"), heights: {} },
];

/** The one of these heights. */
export function noiseOf(heights) {
  const same = (noise) => JSON.stringify(noise.heights) === JSON.stringify(heights);
  return (NOISES.find(same) ?? NOISES[NOISES.length - 1]).value;
}
