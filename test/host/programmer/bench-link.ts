import type { CentralLink } from "../../../host/link/link.js";
import { type Bench, settle } from "../../modules/device/bench.js";

export interface Air {
  readonly link: CentralLink;
  /** Fragments of telemetry, in order; those that the test takes are lost. */
  lose: (n: number) => boolean;
  /** What went over the air, both ways. */
  readonly writes: Uint8Array[];
  readonly telemetry: Uint8Array[];
}

/** A link to the device on the bench. */
export function linkTo({ peripheral }: Bench): Air {
  const air: Air = {
    lose: () => false,
    writes: [],
    telemetry: [],
    link: {
      mtu: 247,
      async subscribe(handlers) {
        peripheral.onSend = (to, value) => {
          if (to === "control") return handlers.control(value);
          air.telemetry.push(value);
          if (!air.lose(air.telemetry.length - 1)) handlers.telemetry(value);
        };
        peripheral.connect(247);
        const { events } = peripheral;
        if (events === undefined) return handlers.closed("not let in");
        const { lose } = Object.getPrototypeOf(peripheral) as typeof peripheral;
        peripheral.lose = () => {
          if (peripheral.events === undefined) return;
          lose.call(peripheral);
          handlers.closed("gone");
        };
        peripheral.subscribe();
      },
      async write(value) {
        air.writes.push(value);
        peripheral.events?.written(value);
        await settle();
      },
      readInfo: async () => peripheral.info,
      close: () => peripheral.lose(),
    },
  };
  return air;
}
