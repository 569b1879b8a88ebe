export { PacedHeart, type PacedHeartOptions } from "./paced-heart.js";
export { simulatedPatient } from "./patient.js";
