export { drawStrip, type Strip } from "./strip.js";
