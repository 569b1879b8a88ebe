import { VagusError } from "../../../modules/error/index.js";

/** The link that opened the page was spent before: nothing is wrong with the bridge or the device. */
export class UsedLink extends VagusError {
  constructor() {
    super("host/link", "expected a link that was not used before, came one that was");
  }
}
