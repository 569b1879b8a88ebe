/** Who may do what, and when: the firmware on Node. */
import { startInProcess } from "./in-process.js";
import { attacksOn } from "./suite.js";

attacksOn(
  "Node",
  () => Promise.resolve(startInProcess),
  ({ slow = false }) => !slow,
);
