/** The engine under test, as the headless XS runner offers it. The same exports as node.ts. */
import { createNativeCrypto } from "../../../modules/crypto/native/index.js";
import type { Crypto } from "../../../modules/crypto/port.js";
import { createPortableCrypto } from "../../../modules/crypto/portable/index.js";
import type { EngineName } from "./types.js";

export { skip } from "./types.js";

export const engine: EngineName = "xs";

function read(path: string): ArrayBuffer {
  const bytes = native("xs_file_read")(path);
  if (bytes === undefined) throw new Error(`no such file: ${path}`);
  return bytes;
}

export function readText(path: string): string {
  return String.fromArrayBuffer(read(path));
}

export function readBytes(path: string): Uint8Array {
  return new Uint8Array(read(path));
}

export function vectorsFolder(): string | undefined {
  const folder = native("xs_environment")("VECTORS") ?? "../shared/vectors";
  return native("xs_file_size")(folder) === undefined ? undefined : folder;
}

/** What $VAGUS_DEVICE_SECRET names, so that native and portable open each other's blobs. */
function deviceSecret(): Uint8Array {
  const path = native("xs_environment")("VAGUS_DEVICE_SECRET");
  if (!path) return new Uint8Array(16).fill(0x5e);
  if (native("xs_file_size")(path) === undefined) native("xs_file_write")(path, native("xs_random")(16));
  return readBytes(path);
}

/** The implementations of the Crypto port that run here. Native seals keys where $VAGUS_DEVICE_SECRET names a file. */
export const cryptos: readonly Crypto[] = /* @__PURE__ */ (() => {
  const c = createNativeCrypto();
  return [c, createPortableCrypto({ random: (length) => c.random(length), deviceSecret: deviceSecret() })];
})();
