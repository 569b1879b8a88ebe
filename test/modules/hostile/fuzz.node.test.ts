/** Any bytes at any decoder: taken, or refused with a VagusError; what is refused changes nothing. Seeds are printed. */
import fc from "fast-check";
import { toHex } from "../../../modules/bytes/index.js";
import { createPortableCrypto } from "../../../modules/crypto/portable/index.js";
import { VagusError } from "../../../modules/error/index.js";
import { Fragmenter, FrameReader, MESSAGE_MAX, Reassembler } from "../../../modules/gatt/index.js";
import { StreamVerifier } from "../../../modules/reading/index.js";
import { ReceiveFlow, SendFlow } from "../../../modules/session/index.js";
import { deep, ok, same } from "../../support/assert.js";
import { type TestDevice, testDevice, tokens } from "../reading/stream.js";
import { fixedExporter } from "../session/pair.js";
import { type Decoder, decoders, outcome } from "./decoders.js";

const crypto = createPortableCrypto();
const seed = Number(process.env.FUZZ_SEED ?? 20_261_122);
const times = Number(process.env.FUZZ_RUNS ?? 1);
const runs = (numRuns: number) => ({ seed, numRuns: numRuns * times, endOnFailure: false });

/** Changes to a message: bytes set, put in and taken out, at places given as parts of its length. */
const edits = fc.array(
  fc.record({
    kind: fc.constantFrom("set", "insert", "remove", "cut", "flip"),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 6 }),
  }),
  { minLength: 1, maxLength: 4 },
);

function edited(
  message: Uint8Array,
  changes: typeof edits extends fc.Arbitrary<infer T> ? T : never,
): Uint8Array {
  let bytes = Array.from(message);
  for (const { kind, at, bytes: given } of changes) {
    const index = Math.min(Math.floor(at * bytes.length), Math.max(0, bytes.length - 1));
    if (kind === "set") bytes.splice(index, given.length, ...given);
    else if (kind === "insert") bytes.splice(index, 0, ...given);
    else if (kind === "remove") bytes.splice(index, given.length);
    else if (kind === "cut") bytes = bytes.slice(0, index);
    else if (bytes.length > 0) bytes[index]! ^= 1 << (given[0]! & 7);
  }
  return Uint8Array.from(bytes);
}

function refusedOr<T>(action: () => T): T | VagusError {
  try {
    return action();
  } catch (error) {
    if (error instanceof VagusError) return error;
    throw error;
  }
}

describe(`Any bytes at any decoder (FUZZ_SEED=${seed})`, () => {
  let known: Record<string, Decoder>;
  let device: TestDevice;
  let stream: Uint8Array[];
  before(async () => {
    known = await decoders(crypto);
    device = await testDevice(crypto);
    stream = await tokens(crypto, device, 2);
  });

  const NAMES: [string, number][] = [
    ["fragments", 2000],
    ["frames", 2000],
    ["command", 2000],
    ["reply", 2000],
    ["label_1", 150],
    ["label_2", 150],
    ["label_3", 150],
    ["flow", 1000],
    ["token", 300],
    ["header", 300],
    ["cti", 500],
    ["block", 2000],
  ];
  for (const [name, count] of NAMES) {
    it(`${name}: ${2 * count} inputs, any bytes and changed messages`, async () => {
      const decoder = known[name]!;
      const any = fc.uint8Array({ maxLength: 300 });
      const changed = fc
        .tuple(fc.constantFrom(...decoder.valid), edits)
        .map(([valid, changes]) => edited(valid, changes));
      for (const input of [any, changed]) {
        await fc.assert(
          fc.asyncProperty(input, async (bytes) => void (await outcome(decoder, bytes))),
          runs(count),
        );
      }
    });
  }

  it("a reassembler, whatever came before: it takes the next whole message, and hands out no more than it got", () => {
    const fragment = fc.oneof(
      fc.uint8Array({ maxLength: 24 }),
      fc
        .tuple(fc.nat(255), fc.nat(5), fc.nat(30))
        .map(([head, high, low]) => Uint8Array.of(head, high, low, 1, 2)),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fragment, fc.nat(3000)), { maxLength: 40 }), (came) => {
        const reassembler = new Reassembler();
        let now = 0;
        let bytes = 0;
        for (const [value, ms] of came) {
          now += ms;
          bytes += value.length;
          const message = refusedOr(() => reassembler.push(value, now));
          if (message instanceof Uint8Array) ok(message.length <= Math.min(bytes, MESSAGE_MAX));
        }
        const whole = Uint8Array.of(...new Array(50).keys());
        const out = new Fragmenter().cut(whole, 20).map((value) => reassembler.push(value, now));
        deep(out.at(-1), whole);
      }),
      runs(2000),
    );
  });

  it("a frame reader: the same PDUs however the bytes are cut", () => {
    const pdu = fc.uint8Array({ minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(
        fc.array(pdu, { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 50 })),
        (pdus, cuts) => {
          const bytes = Uint8Array.from(pdus.flatMap((it) => [it.length, 0, 4, 0, ...it]));
          const reader = new FrameReader();
          const out: Uint8Array[] = [];
          let at = 0;
          for (const cut of [...cuts, bytes.length]) {
            out.push(...reader.push(bytes.subarray(at, at + cut)));
            at = Math.min(at + cut, bytes.length);
          }
          deep(out.map(toHex), pdus.map(toHex));
        },
      ),
      runs(1000),
    );
  });

  it("a flow: what is refused leaves it as it was", () => {
    const exporter = fixedExporter(crypto);
    const send = new SendFlow(crypto, exporter, "telemetry");
    const messages = Array.from({ length: 4 }, (_, n) => send.seal(new Uint8Array(n).fill(n)));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), edits), { maxLength: 5 }), (wrong) => {
        const flow = new ReceiveFlow(crypto, exporter, "telemetry");
        for (const [n, message] of messages.entries()) {
          for (const [which, changes] of wrong) {
            const changed = edited(messages[which]!, changes);
            if (messages.some((one) => toHex(one) === toHex(changed))) continue;
            ok(refusedOr(() => flow.open(changed)) instanceof VagusError, toHex(changed));
          }
          deep(flow.open(message), new Uint8Array(n).fill(n));
        }
      }),
      runs(200),
    );
  });

  it("a verifier: what is refused leaves it as it was", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), edits), { maxLength: 2 }), (wrong) => {
        const verifier = new StreamVerifier(crypto, device.device, 1);
        for (const token of stream) {
          for (const [which, changes] of wrong) {
            const changed = edited(stream[which]!, changes);
            if (stream.some((one) => toHex(one) === toHex(changed))) continue;
            ok(refusedOr(() => verifier.accept(changed)) instanceof VagusError, toHex(changed));
          }
          verifier.accept(token);
        }
      }),
      runs(60),
    );
  });

  it("the order of a stream: of any selection only what continues it is taken", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3), { maxLength: 8 }), (order) => {
        const verifier = new StreamVerifier(crypto, device.device, 1);
        let next = 0;
        for (const index of order) {
          const taken = !(refusedOr(() => verifier.accept(stream[index]!)) instanceof VagusError);
          same(taken, index === next, `token ${index} where ${next} is due`);
          if (taken) next++;
        }
      }),
      runs(150),
    );
  });
});
