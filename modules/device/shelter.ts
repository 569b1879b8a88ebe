import type { LinkEvents, Outgoing, PeripheralLink } from "../gatt/index.js";
import { attempt } from "./attempt.js";
import type { Button } from "./button.js";
import { told } from "./fault.js";
import type { Clock, DeviceEvent, DevicePorts } from "./ports.js";

type Failed = (error: unknown) => void;
const NOBODY: LinkEvents = {
  mtuChanged() {},
  subscribed() {},
  written() {},
  ready() {},
  disconnected() {},
};

/**
 * The ports, so that nothing which fails in them, and nothing which fails in what they call, goes further: the engine ends
 * a process that an exception leaves, and pacing would end with it. What fails is told as a fault; who watches, and fails
 * at it, is told nothing more.
 */
export function sheltered(ports: DevicePorts): DevicePorts {
  const { clock, peripheral, button, magnet, show } = ports;
  const observe = (event: DeviceEvent) => {
    try {
      ports.observe(event);
    } catch {}
  };
  const failed = (error: unknown) => observe({ kind: "refused", error: told(error) });
  return {
    ...ports,
    observe,
    clock: shelteredClock(clock, failed),
    peripheral: {
      open: (connected) =>
        attempt(() => peripheral.open((link) => shelteredLink(connected, link, failed)), failed),
      setCapacity: (centrals) => attempt(() => peripheral.setCapacity(centrals), failed),
      setInfo: (value) => attempt(() => peripheral.setInfo(value), failed),
      close: () => attempt(() => peripheral.close(), failed),
    },
    ...(button && { button: shelteredButton(button, failed) }),
    ...(magnet && { magnet: shelteredButton(magnet, failed) }),
    ...(show && { show: (look) => attempt(() => show(look), failed) }),
  };
}

/** A link that the device cannot take is hung up. */
function shelteredLink(
  connected: (link: PeripheralLink) => LinkEvents,
  link: PeripheralLink,
  failed: Failed,
): LinkEvents {
  try {
    return new ShelteredEvents(connected(link), failed);
  } catch (error) {
    failed(error);
    link.disconnect();
    return NOBODY;
  }
}

function shelteredClock(clock: Clock, failed: Failed): Clock {
  return {
    monotonicMs: () => clock.monotonicMs(),
    after: (ms, callback) => clock.after(ms, () => attempt(callback, failed)),
  };
}

function shelteredButton(button: Button, failed: Failed): Button {
  return {
    get down() {
      return button.down;
    },
    listen: (changed) => attempt(() => button.listen((down) => attempt(() => changed(down), failed)), failed),
  };
}

/** What a radio tells, and what of that fails goes no further. */
class ShelteredEvents implements LinkEvents {
  private readonly events: LinkEvents;
  private readonly failed: Failed;

  constructor(events: LinkEvents, failed: Failed) {
    this.events = events;
    this.failed = failed;
  }

  mtuChanged(mtu: number): void {
    attempt(() => this.events.mtuChanged(mtu), this.failed);
  }

  subscribed(characteristic: Outgoing, wanted: boolean): void {
    attempt(() => this.events.subscribed(characteristic, wanted), this.failed);
  }

  /** With all that a command does on top of it: no function of its own, which takes ten slots of XS. */
  written(value: Uint8Array): void {
    try {
      this.events.written(value);
    } catch (error) {
      this.failed(error);
    }
  }

  ready(): void {
    attempt(() => this.events.ready(), this.failed);
  }

  disconnected(): void {
    attempt(() => this.events.disconnected(), this.failed);
  }
}
