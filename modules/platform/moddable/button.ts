/** A switch that bounces, as the device's button: what it says has held still for 30 ms. */
import type { Button, Clock } from "../../device/index.js";

export const SETTLE_MS = 30;

export interface Contacts {
  /** Is any of them closed now? */
  closed(): boolean;
  /** Calls back at each edge, of whatever length. */
  listen(edge: () => void): void;
}

export function createButton(contacts: Contacts, clock: Clock): Button {
  let down = contacts.closed();
  let settling = false;
  let told: ((down: boolean) => void) | undefined;

  const settled = () => {
    settling = false;
    const now = contacts.closed();
    if (now === down) return;
    down = now;
    told?.(down);
  };

  contacts.listen(() => {
    if (settling) return;
    settling = true;
    clock.after(SETTLE_MS, settled);
  });

  return {
    get down() {
      return down;
    },
    listen: (changed) => {
      told = changed;
    },
  };
}
