import { cryptos } from "engine";
import { Telemetry } from "../../../host/programmer/telemetry.js";
import { VagusError } from "../../../modules/error/index.js";
import { Fragmenter } from "../../../modules/gatt/index.js";
import { DeviceVerifier } from "../../../modules/reading/index.js";
import { ReceiveFlow, SendFlow } from "../../../modules/session/index.js";
import { testDevice, tokens } from "../../modules/reading/stream.js";
import { fixedExporter } from "../../modules/session/pair.js";
import { deep, ok, same } from "../../support/assert.js";

const crypto = cryptos[0]!;

async function streamed(mtu: number) {
  const device = await testDevice(crypto);
  const exporter = fixedExporter(crypto);
  const send = new SendFlow(crypto, exporter, "telemetry");
  const fragmenter = new Fragmenter();
  const all = await tokens(crypto, device, 3);
  const messages = all.map((token) => fragmenter.cut(send.seal(token), mtu - 3));
  const telemetry = new Telemetry(
    new ReceiveFlow(crypto, exporter, "telemetry"),
    new DeviceVerifier(crypto, device.device),
  );
  return { all, messages, telemetry };
}

describe("Telemetry: the way back", () => {
  for (const mtu of [23, 100, 247]) {
    it(`counts what came, octet by octet, MTU ${mtu}`, async () => {
      const { all, messages, telemetry } = await streamed(mtu);
      const fragments = messages.flat();
      const kinds: string[] = [];
      for (const fragment of fragments) {
        const out = telemetry.receive(fragment, 0);
        if (out !== undefined && !(out instanceof VagusError)) kinds.push(out.kind);
      }
      deep(kinds, ["header", "reading", "reading", "reading", "head"]);
      deep(telemetry.figures, {
        airBytes: fragments.reduce((sum, fragment) => sum + fragment.length, 0),
        packets: fragments.length,
        verified: all.length,
        refused: 0,
      });
    });
  }

  it("what is refused is counted, and what continues the stream is still taken", async () => {
    const { messages, telemetry } = await streamed(247);
    const spoilt = messages[1]!.map((fragment) => fragment.slice());
    spoilt.at(-1)![20]! ^= 1;
    const junk = [Uint8Array.of(), Uint8Array.of(0x05), Uint8Array.of(0xc0, 0, 1, 0xff), ...spoilt];
    const codes: string[] = [];
    for (const fragment of [...messages[0]!, ...junk, ...messages[0]!, ...messages.slice(1).flat()]) {
      const out = telemetry.receive(fragment, 0);
      if (out instanceof VagusError) codes.push(out.code);
    }
    deep(codes.slice(0, 2), ["gatt/fragment", "gatt/fragment"]);
    same(codes.at(-1), "session/replay");
    same(codes.length, 5);
    same(telemetry.figures.refused, 5);
    same(telemetry.figures.verified, 5);
  });

  it("a reading lost on the air: the rest of the stream is refused, each counted", async () => {
    const { messages, telemetry } = await streamed(247);
    const outs = [0, 1, 3, 4].map((n) =>
      messages[n]!.map((fragment) => telemetry.receive(fragment, 0)).at(-1),
    );
    ok(outs[2] instanceof VagusError && outs[3] instanceof VagusError);
    deep([outs[2].code, outs[3].code], ["reading/order", "reading/order"]);
    deep([telemetry.figures.verified, telemetry.figures.refused], [2, 2]);
  });
});
