/** The engine under test, as Node offers it. The same exports as xs.ts. */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Crypto } from "../../../modules/crypto/port.js";
import { createPortableCrypto } from "../../../modules/crypto/portable/index.js";
import type { EngineName } from "./types.js";

export { skip } from "./types.js";

export const engine: EngineName = "node";

/** Paths are relative to the checkout's root, where the tests run. */
export function readText(path: string): string {
  return readFileSync(path, "utf8");
}

export function readBytes(path: string): Uint8Array {
  return new Uint8Array(readFileSync(path));
}

/** The published test vectors: $VECTORS, or ../shared/vectors beside the checkout; undefined when they are not there. */
export function vectorsFolder(): string | undefined {
  const folder = process.env.VECTORS ?? resolve("../shared/vectors");
  return existsSync(folder) ? folder : undefined;
}

/** The implementations of the Crypto port that run here. */
export const cryptos: readonly Crypto[] = [
  /* @__PURE__ */ createPortableCrypto({ deviceSecret: new Uint8Array(16).fill(0x5e) }),
];
