import { cryptos } from "engine";
import { VagusError } from "../../../modules/error/index.js";
import { StreamVerifier } from "../../../modules/reading/index.js";
import { ReceiveFlow, SendFlow } from "../../../modules/session/index.js";
import { deep, ok, same } from "../../support/assert.js";
import { fixedExporter, flips } from "../session/pair.js";
import { type TestDevice, testDevice, tokens } from "./stream.js";

const crypto = cryptos[0]!;

describe(`A captured reading with every single bit turned over, ${crypto.name}`, () => {
  let device: TestDevice;
  let all: Uint8Array[];
  before(async () => {
    device = await testDevice(crypto);
    all = await tokens(crypto, device, 2);
  });

  function refusals(bytes: Uint8Array, receive: (flipped: Uint8Array) => unknown): Map<string, number> {
    const codes = new Map<string, number>();
    for (const [bit, flipped] of flips(bytes)) {
      try {
        receive(flipped);
      } catch (error) {
        ok(error instanceof VagusError, `bit ${bit}: expected a VagusError, came ${String(error)}`);
        codes.set(error.code, (codes.get(error.code) ?? 0) + 1);
        continue;
      }
      throw new Error(`bit ${bit}: expected a refusal`);
    }
    return codes;
  }

  function report(what: string, bytes: Uint8Array, codes: Map<string, number>): void {
    let count = 0;
    for (const n of codes.values()) count += n;
    same(count, 8 * bytes.length);
    const by = [...codes].map(([code, n]) => `${code} ${n}`).join(", ");
    console.log(`      ${what}: ${count} bits turned over, ${count} refused (${by})`);
  }

  it("COSE_Encrypt0: as it is on the air", () => {
    const exporter = fixedExporter(crypto);
    const send = new SendFlow(crypto, exporter, "telemetry");
    const flow = new ReceiveFlow(crypto, exporter, "telemetry");
    const verifier = new StreamVerifier(crypto, device.device, 1);
    const messages = all.map((token) => send.seal(token));
    verifier.accept(flow.open(messages[0]!));
    const captured = messages[1]!;
    report(
      "COSE_Encrypt0",
      captured,
      refusals(captured, (flipped) => verifier.accept(flow.open(flipped))),
    );
    for (const [n, message] of messages.slice(1).entries()) deep(flow.open(message), all[n + 1]);
    for (const token of all.slice(1)) verifier.accept(token);
  });

  it("COSE_Sign1: as it is stored, and as a peer with the session's keys could send it", () => {
    const verifier = new StreamVerifier(crypto, device.device, 1);
    verifier.accept(all[0]!);
    report(
      "COSE_Sign1",
      all[1]!,
      refusals(all[1]!, (flipped) => verifier.accept(flipped)),
    );
    for (const token of all.slice(1)) verifier.accept(token);
  });
});
