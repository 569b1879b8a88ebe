import { VagusError } from "../../error/index.js";
import type { Flash } from "../../flash/index.js";

/**
 * Opens a record; one that has rotted is given up, since what comes next matters more.
 * @param sector the first of its two
 * @param told what was lost
 */
export function openAnew<Opened>(
  flash: Flash,
  sector: number,
  open: () => Opened,
  told: (error: VagusError) => void = () => {},
): Opened {
  try {
    return open();
  } catch (error) {
    if (!(error instanceof VagusError)) throw error;
    told(error);
    for (const each of [sector, sector + 1]) flash.erase(each);
    return open();
  }
}
