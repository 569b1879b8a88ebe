import { VagusError } from "../../modules/error/index.js";
import { LoopbackLink } from "./loopback.js";
import type { Radio } from "./radio.js";

const LOOK_MS = 200;

/**
 * Devices on ports of 127.0.0.1: those of `vagus device`, and of Moddable's desktop simulator. An address is a port.
 * @param ports where devices are now; a device that is started again has another one
 * @param name as `--link` names it
 */
export function loopbackRadio(ports: () => readonly number[], name = "loopback"): Radio {
  return {
    name,
    scan({ found }) {
      let over = false;
      const look = () => {
        for (const port of ports()) if (!over) found({ address: String(port) });
      };
      const timer = setInterval(look, LOOK_MS);
      const first = setTimeout(look);
      return () => {
        over = true;
        clearInterval(timer);
        clearTimeout(first);
      };
    },
    async connect(address, { mtu, signal }) {
      const link = await LoopbackLink.open({ port: Number(address), ...(mtu !== undefined && { mtu }) });
      if (!signal.aborted) return link;
      link.close();
      throw new VagusError("host/link", "expected someone to wait for the connection, came its end");
    },
  };
}
