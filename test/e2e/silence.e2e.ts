import { connect, createServer, type Server, type Socket } from "node:net";
import { findFirst } from "../../host/link/find.js";
import { nobleRadio } from "../../host/link/noble.js";
import { VirtualRadio } from "../../sim/radio/virtual.js";
import { deep, ok, rejects, same } from "../support/assert.js";
import { readings, STREAM, until, Ward } from "./ward.js";

const REQUEST_MS = 1000;

/** Stands between the gateway and a firmware, and lets nothing through any more when it is told so; the radio goes on. */
class Gag {
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  target = 0;
  #silent = false;

  private constructor(server: Server) {
    this.#server = server;
    server.on("connection", (near: Socket) => {
      const far = connect(this.target, "127.0.0.1");
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(one);
        one.on("data", (bytes) => this.#silent || other.write(bytes));
        one.on("error", () => other.destroy()).on("close", () => other.destroy());
      }
    });
  }

  static async open(): Promise<Gag> {
    const gag = new Gag(createServer());
    await new Promise<void>((resolve) => gag.#server.listen(0, "127.0.0.1", resolve));
    return gag;
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  set silent(silent: boolean) {
    this.#silent = silent;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }
}

describe("a peer that stops answering", () => {
  it("before the handshake: a read and a write end in time with a code, and with them the link; once", async () => {
    const server = createServer((socket) => socket.on("error", () => {}).resume());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const radio = await VirtualRadio.start({ port: () => port });
    process.env.DBUS_SYSTEM_BUS_ADDRESS = radio.busAddress;
    const noble = await nobleRadio({ times: { requestMs: REQUEST_MS } });
    const connected = async () => {
      const { address } = await findFirst(noble, 10_000);
      return noble.connect(address, { signal: AbortSignal.timeout(10_000) });
    };
    try {
      const reading = await connected();
      await rejects("gatt/disconnected", () => reading.readInfo());
      const writing = await connected();
      const closed: string[] = [];
      await writing.subscribe({ control() {}, telemetry() {}, closed: (reason) => closed.push(reason) });
      const before = performance.now();
      await rejects("gatt/disconnected", () => writing.write(Uint8Array.of(1)));
      ok(performance.now() - before < REQUEST_MS + 500);
      await rejects("gatt/disconnected", () => writing.write(Uint8Array.of(1)));
      same(closed.length, 1);
    } finally {
      await noble.close?.();
      await radio.close();
      server.close();
    }
  });

  it("in the midst of a stream: the next command ends in time with a code, closed once; when it speaks again nothing is lost", async () => {
    const gag = await Gag.open();
    const ward = await Ward.open({ port: () => gag.port, times: { requestMs: 2 * REQUEST_MS } });
    gag.target = ward.firmware.port;
    try {
      const first = await ward.session();
      await first.programmer.start(STREAM.ecg, 250, 0);
      await until("readings", () => readings(first.tokens).length > 4);
      gag.silent = true;
      const heard = readings(first.tokens).length;
      const before = performance.now();
      await rejects("gatt/disconnected", () => first.programmer.command("challenge", null));
      ok(performance.now() - before < 3 * REQUEST_MS, "in time");
      deep([first.closed.length, first.refused.length], [1, 0]);
      ok(readings(first.tokens).length <= heard + 1, "it was silent");
      gag.silent = false;
      const { verifier } = first.programmer;
      const second = await ward.session((link) => link, verifier);
      same(await second.programmer.follow(STREAM.ecg), true, "it is still being recorded:");
      await until("what was missed and more", () => readings(second.tokens).length > 12, 30_000);
      const sequences = readings([...first.tokens, ...second.tokens]).map(({ cti }) => cti.sequence);
      const whole = sequences.map((_, n) => (sequences[0] as number) + n);
      deep(sequences, whole, "each once, in order:");
      deep(second.refused, []);
      second.programmer.close();
    } finally {
      await ward.close();
      gag.close();
    }
  });
});
