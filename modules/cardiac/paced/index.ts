export { type Instruction, PacedHeart, type PacedHeartOptions } from "./paced-heart.js";
