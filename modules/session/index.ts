export * from "./control.js";
export type { Exporter } from "./exporter.js";
export * from "./flow.js";
export * from "./label.js";
export { pairingPasskey } from "./pairing.js";
export * from "./policy.js";
