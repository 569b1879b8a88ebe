import { createServer, type Server } from "node:net";
import { findFirst } from "../../host/link/find.js";
import { nobleRadio } from "../../host/link/noble.js";
import { VirtualRadio } from "../../sim/radio/virtual.js";
import { rejects, same } from "../support/assert.js";

const REQUEST_MS = 1000;

describe("a peer that stops answering", () => {
  let server: Server;
  let radio: VirtualRadio;

  before(async () => {
    server = createServer((socket) => socket.on("error", () => {}).resume());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    radio = await VirtualRadio.start({ port: () => port });
    process.env.DBUS_SYSTEM_BUS_ADDRESS = radio.busAddress;
  });
  after(async () => {
    await radio.close();
    server.close();
  });

  it("a read and a write end in time with a code, and with them the link; once", async () => {
    const noble = await nobleRadio({ times: { requestMs: REQUEST_MS } });
    const connect = async () => {
      const { address } = await findFirst(noble, 10_000);
      return noble.connect(address, { signal: AbortSignal.timeout(10_000) });
    };
    const reading = await connect();
    await rejects("gatt/disconnected", () => reading.readInfo());
    const writing = await connect();
    const closed: string[] = [];
    await writing.subscribe({ control() {}, telemetry() {}, closed: (reason) => closed.push(reason) });
    const before = performance.now();
    await rejects("gatt/disconnected", () => writing.write(Uint8Array.of(1)));
    same(performance.now() - before < REQUEST_MS + 500, true);
    await rejects("gatt/disconnected", () => writing.write(Uint8Array.of(1)));
    same(closed.length, 1);
    await noble.close?.();
  });
});
