import { LoopbackLink } from "../../../host/link/loopback.js";
import type { ErrorCode } from "../../../modules/error/index.js";
import { ATT, frame, uint16le } from "../../../modules/gatt/index.js";
import { deep, ok, rejects, same } from "../../support/assert.js";
import { scripted, serve } from "./server.js";

const mtuAnswer = (mtu = 247): Uint8Array => frame(ATT.mtuResponse, uint16le(mtu));
const written = frame(ATT.writeResponse);
const tick = (ms = 5): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Answers as a device should; `more` may answer otherwise. */
function polite(more: (pdu: Uint8Array) => readonly Uint8Array[] | undefined = () => undefined) {
  return scripted((pdu) => {
    const other = more(pdu);
    if (other !== undefined) return other;
    if (pdu[0] === ATT.mtuRequest) return [mtuAnswer()];
    if (pdu[0] === ATT.readRequest) return [frame(ATT.readResponse, Uint8Array.of(1, 0))];
    return pdu[0] === ATT.writeRequest ? [written] : [];
  });
}

const listening = { control: () => {}, telemetry: () => {}, closed: () => {} };

describe("LoopbackLink over a real socket", () => {
  const MTUS: [number, number, number][] = [
    [23, 247, 23],
    [100, 247, 100],
    [247, 247, 247],
    [247, 23, 23],
    [247, 185, 185],
    [247, 517, 247],
    [247, 0, 23],
  ];
  for (const [asked, offered, agreed] of MTUS) {
    it(`MTU: asks for ${asked}, the device has ${offered}: ${agreed}`, async () => {
      const asks: number[] = [];
      const server = await serve(
        scripted((pdu) => {
          asks.push(pdu[1]! | (pdu[2]! << 8));
          return [mtuAnswer(offered)];
        }),
      );
      const link = await LoopbackLink.open({ port: server.port, mtu: asked });
      same(link.mtu, agreed);
      deep(asks, [asked]);
      link.close();
      await server.close();
    });
  }

  for (const mtu of [22, 248, 0, -1, Number.NaN]) {
    it(`MTU ${mtu} cannot be asked for`, () =>
      rejects("gatt/mtu", () => LoopbackLink.open({ port: 1, mtu })));
  }

  it("nobody listens", async () => {
    const server = await serve(() => {});
    await server.close();
    await rejects("host/link", () => LoopbackLink.open({ port: server.port }));
  });

  it("reads info, writes, subscribes: the PDUs that go out", async () => {
    const pdus: string[] = [];
    const server = await serve(
      polite((pdu) => {
        pdus.push(Buffer.from(pdu).toString("hex"));
        return undefined;
      }),
    );
    const link = await LoopbackLink.open({ port: server.port });
    deep(await link.readInfo(), Uint8Array.of(1, 0));
    await link.subscribe(listening);
    await link.write(Uint8Array.of(0xaa, 0xbb));
    deep(pdus, ["02f700", "0a0900", "1207000100", "1204000200", "120300aabb"]);
    link.close();
    await server.close();
  });

  it("indications are confirmed, both kinds come out by characteristic, other handles do not", async () => {
    const came: [string, Uint8Array][] = [];
    let confirmed = 0;
    const value = (handle: number, opcode: number) => frame(opcode, uint16le(handle), Uint8Array.of(handle));
    const server = await serve(
      polite((pdu) => {
        if (pdu[0] === ATT.confirmation) confirmed++;
        if (pdu[0] !== ATT.writeRequest || pdu[1] !== 4) return undefined;
        return [
          written,
          value(3, ATT.indication),
          value(6, ATT.notification),
          value(9, ATT.notification),
          value(77, ATT.indication),
          frame(ATT.notification),
        ];
      }),
    );
    const link = await LoopbackLink.open({ port: server.port });
    await link.subscribe({
      control: (bytes) => came.push(["control", bytes]),
      telemetry: (bytes) => came.push(["telemetry", bytes]),
      closed: () => {},
    });
    for (let n = 0; n < 200 && confirmed < 2; n++) await tick();
    deep(came, [
      ["control", Uint8Array.of(3)],
      ["telemetry", Uint8Array.of(6)],
    ]);
    same(confirmed, 2);
    link.close();
    await server.close();
  });

  const ERRORS: [string, (pdu: Uint8Array) => readonly Uint8Array[] | undefined, ErrorCode][] = [
    ["the device refuses", () => [frame(ATT.error, Uint8Array.of(0x12, 3, 0, 0x0d))], "gatt/attribute"],
    ["an error without its code", () => [frame(ATT.error)], "gatt/attribute"],
    ["no answer", () => [], "gatt/disconnected"],
    ["the answer to something else", () => [frame(ATT.readResponse)], "gatt/disconnected"],
    ["a frame on another channel", () => [Uint8Array.of(1, 0, 5, 0, 0x13)], "gatt/disconnected"],
    ["a frame that is too long", () => [Uint8Array.of(255, 255, 4, 0)], "gatt/disconnected"],
    ["half a frame", () => [written.slice(0, 4)], "gatt/disconnected"],
  ];
  for (const [name, answer, code] of ERRORS) {
    it(`a write: ${name}`, async () => {
      const server = await serve(polite((pdu) => (pdu[0] === ATT.writeRequest ? answer(pdu) : undefined)));
      const link = await LoopbackLink.open({ port: server.port, timeoutMs: 80 });
      await rejects(code, () => link.write(Uint8Array.of(1)));
      if (code === "gatt/attribute") deep(await link.readInfo(), Uint8Array.of(1, 0));
      else await rejects("gatt/disconnected", () => link.readInfo());
      link.close();
      await server.close();
    });
  }

  it("the device goes: a request under way is rejected, `closed` comes once, what follows is rejected", async () => {
    const reasons: string[] = [];
    const server = await serve((socket) => {
      const answer = polite((pdu) => {
        if (pdu[0] === ATT.writeRequest && pdu[1] === 3) socket.destroy();
        return undefined;
      });
      answer(socket);
    });
    const link = await LoopbackLink.open({ port: server.port });
    await link.subscribe({ ...listening, closed: (reason) => reasons.push(reason) });
    await rejects("gatt/disconnected", () => link.write(Uint8Array.of(1)));
    await rejects("gatt/disconnected", () => link.write(Uint8Array.of(1)));
    link.close();
    link.close();
    await tick();
    same(reasons.length, 1);
    const late: string[] = [];
    await link.subscribe({ ...listening, closed: (reason) => late.push(reason) });
    same(late.length, 1);
    await server.close();
  });

  it("one request at a time", async () => {
    const server = await serve(polite());
    const link = await LoopbackLink.open({ port: server.port });
    const first = link.readInfo();
    await rejects("host/link", () => link.readInfo());
    deep(await first, Uint8Array.of(1, 0));
    link.close();
    await server.close();
  });

  it("any bytes from a device: the link ends or goes on, and nothing is thrown elsewhere", async () => {
    const seed = Date.now() & 0xffff;
    for (let n = 0; n < 60; n++) {
      const junk = Uint8Array.from(
        { length: 1 + ((seed + n * 97) % 80) },
        (_, i) => (seed * 7 + n * 31 + i * 13) >> (i % 5),
      );
      if (n % 2 === 1) junk.set([(junk.length % 20) | 1, 0, 4, 0].slice(0, junk.length));
      const server = await serve(polite((pdu) => (pdu[0] === ATT.writeRequest ? [junk] : undefined)));
      const link = await LoopbackLink.open({ port: server.port });
      let closed = 0;
      const subscribing = link.subscribe({ ...listening, closed: () => closed++ }).catch(() => {});
      await tick(10);
      link.close();
      await subscribing;
      same(closed, 1, `seed ${seed}, round ${n}`);
      await server.close();
    }
    ok(true);
  });
});
