// The firmware's `platform` in the simulator. A relative path starts from the specifier that a manifest gives a module, here the top.
export { openPorts } from "./modules/platform/sim/index.js";
