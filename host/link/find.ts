import { VagusError } from "../../modules/error/index.js";
import type { Scanner, Sighting } from "./radio.js";

/** The first device that is found. @throws VagusError `host/link` where none is in time */
export function findFirst(scanner: Scanner, ms: number): Promise<Sighting> {
  return new Promise((resolve, reject) => {
    const late = () =>
      over(() => reject(new VagusError("host/link", `expected a device within ${ms} ms, came none`)));
    const timer = setTimeout(late, ms);
    const stop = scanner.scan({
      found: (sighting) => over(() => resolve(sighting)),
      failed: (error) => over(() => reject(error)),
    });
    function over(settle: () => void): void {
      clearTimeout(timer);
      // a scanner may find while it is being started
      queueMicrotask(() => {
        stop();
        settle();
      });
    }
  });
}
