import { rfc } from "./rfc.js";
import type { Suite } from "./suite.js";
import { wycheproof } from "./wycheproof.js";

/** Every suite of published vectors that judges an implementation of the Crypto port. */
export const cryptoSuites: readonly Suite[] = [...rfc, ...wycheproof];
