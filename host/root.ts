import { fileURLToPath } from "node:url";

/** The checkout: two folders above the bundle in build/cli, as above the sources here. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
