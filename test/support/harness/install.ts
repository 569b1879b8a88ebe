/** The first import of a test bundle for XS: mocha's words become globals. */
import { install } from "./suite.js";

export const suite = install();
