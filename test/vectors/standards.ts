import type { Zlib } from "../../modules/cwt/index.js";
import { coseWg } from "./cose-wg.js";
import { rfc8392 } from "./rfc8392.js";
import { statusList } from "./status-list.js";
import type { Suite } from "./suite.js";

/** Every suite of published vectors that judges COSE and CWT, over an implementation of the Crypto port. */
export function standardsSuites(zlib?: Zlib): readonly Suite[] {
  return [rfc8392, coseWg, statusList(zlib)];
}
