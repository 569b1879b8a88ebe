import { Keeper } from "../../../host/link/keeper.js";
import { loopbackRadio } from "../../../host/link/loopback-radio.js";
import { systemClock } from "../../../host/link/radio.js";
import { ATT, frame, uint16le } from "../../../modules/gatt/index.js";
import { deep, ok, rejects, same } from "../../support/assert.js";
import { scripted, serve } from "./server.js";

const device = scripted((pdu) => {
  if (pdu[0] === ATT.mtuRequest) return [frame(ATT.mtuResponse, uint16le(247))];
  return pdu[0] === ATT.writeRequest ? [frame(ATT.writeResponse)] : [];
});
const silent = { control: () => {}, telemetry: () => {}, closed: () => {} };

describe("The loopback as a radio", () => {
  it("finds what is there now, until it is told to stop", async () => {
    let ports = [1, 2];
    const found: string[] = [];
    let stop = () => {};
    await new Promise<void>((resolve) => {
      stop = loopbackRadio(() => ports).scan({
        found({ address }) {
          found.push(address);
          if (address === "2") ports = [3];
          if (address === "3") resolve();
        },
        failed() {},
      });
    });
    stop();
    const { length } = found;
    await new Promise((resolve) => setTimeout(resolve, 250));
    deep([found.slice(0, 3), found.length], [["1", "2", "3"], length]);
  });

  it("a connection that nobody waits for any more is closed", async () => {
    const server = await serve(device);
    const abort = new AbortController();
    const connecting = loopbackRadio(() => []).connect(String(server.port), { signal: abort.signal });
    abort.abort();
    await rejects("host/link", () => connecting);
    await server.close();
  });

  it("a device that is started again on another port is found there, and the link is made again", async () => {
    let server = await serve(device);
    const ups: number[] = [];
    const keeper = new Keeper({
      radio: loopbackRadio(() => [server.port]),
      ...{ clock: systemClock, random: () => 0, mtu: 100 },
      greet: async (link) => {
        await link.subscribe(silent);
        ups.push(link.mtu);
      },
      probe: () => Promise.resolve(),
      observe({ kind }) {
        if (kind !== "up") return;
        if (ups.length === 2) return keeper.stop();
        const old = server;
        serve(device).then((next) => {
          server = next;
          return old.close();
        });
      },
    });
    await keeper.run();
    deep(ups, [100, 100]);
    ok(keeper.state.phase === "stopped");
    same(keeper.mtu, undefined);
    await server.close();
  });
});
