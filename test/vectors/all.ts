import type { Zlib } from "../../modules/cwt/index.js";
import { cryptoSuites } from "./crypto.js";
import { edhocSuites } from "./edhoc.js";
import { standardsSuites } from "./standards.js";
import type { Suite } from "./suite.js";

/** Every suite of published vectors. Without zlib, which XS has not, some cases are skipped. */
export function allSuites(zlib?: Zlib): readonly Suite[] {
  return [...cryptoSuites, ...standardsSuites(zlib), ...edhocSuites];
}
