export { Heart } from "./heart.js";
export { RHYTHM_NAMES, RHYTHMS, type RhythmName } from "./rhythms.js";
export type { Chamber, Depolarisation, HeartOptions, Origin } from "./types.js";
