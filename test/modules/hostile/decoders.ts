/**
 * Everything that takes bytes from a peer, by name: `read` on a fresh object that expects a first message, and valid
 * messages to begin mutations from. What `read` throws, or refuses with, is a VagusError and nothing else.
 */
import { decodeBlock, encodeBlock } from "../../../modules/cardiac/index.js";
import { encode } from "../../../modules/cbor/index.js";
import type { Crypto } from "../../../modules/crypto/port.js";
import { VagusError } from "../../../modules/error/index.js";
import { ATT, Fragmenter, FrameReader, frame, Reassembler, uint16le } from "../../../modules/gatt/index.js";
import { decodeCti, StreamVerifier } from "../../../modules/reading/index.js";
import {
  decodeCommand,
  decodeReply,
  encodeCommand,
  encodeReply,
  LabelInitiatorWaitLabel2,
  LabelResponderWaitLabel3,
  ReceiveFlow,
  SendFlow,
} from "../../../modules/session/index.js";
import { samples, testDevice, tokens } from "../reading/stream.js";
import { fixedExporter, LABEL, shakeHands } from "../session/pair.js";

export interface Decoder {
  readonly read: (bytes: Uint8Array) => unknown;
  readonly valid: readonly Uint8Array[];
}

/** Input of the reassembler: fragments one after the other, each behind its length in a byte. */
function fragmentsOf(bytes: Uint8Array): Uint8Array[] {
  const fragments: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += 1 + bytes[at]!)
    fragments.push(bytes.subarray(at + 1, at + 1 + bytes[at]!));
  return fragments;
}

function packed(fragments: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(fragments.flatMap((fragment) => [fragment.length, ...fragment]));
}

export async function decoders(crypto: Crypto): Promise<Record<string, Decoder>> {
  const device = await testDevice(crypto);
  const stream = await tokens(crypto, device, 2);
  const exporter = fixedExporter(crypto);
  const flow = new SendFlow(crypto, exporter, "telemetry");
  const { label_1, label_2, label_3 } = await shakeHands(crypto);
  const block = encodeBlock([samples(0, 90), samples(500, 90)]);
  return {
    fragments: {
      read: (bytes) => {
        const reassembler = new Reassembler();
        for (const fragment of fragmentsOf(bytes)) reassembler.push(fragment, 0);
      },
      valid: [10, 60].map((length) => packed(new Fragmenter().cut(new Uint8Array(length).fill(7), 20))),
    },
    frames: {
      read: (bytes) => new FrameReader().push(bytes),
      valid: [
        frame(ATT.mtuRequest, uint16le(247)),
        frame(ATT.writeRequest, uint16le(3), new Uint8Array(20)),
        Uint8Array.of(...frame(ATT.confirmation), ...frame(ATT.readRequest, uint16le(9))),
      ],
    },
    command: {
      read: decodeCommand,
      valid: [encodeCommand(1, "identify", null), encodeCommand(300, "start", [1, 1000, 0])],
    },
    reply: {
      read: decodeReply,
      valid: [
        encodeReply({ id: 1, code: 0, result: stream[0]!.slice(0, 40) }),
        encodeReply({ id: 2, code: 1101, result: "expected 250 to 4000 ms, came 1" }),
      ],
    },
    label_1: { read: (bytes) => LabelResponderWaitLabel3.answer(crypto, LABEL, bytes), valid: [label_1] },
    label_2: {
      read: async (bytes) => (await LabelInitiatorWaitLabel2.start(crypto, LABEL)).receive(bytes),
      valid: [label_2],
    },
    label_3: {
      read: async (bytes) => (await LabelResponderWaitLabel3.answer(crypto, LABEL, label_1)).receive(bytes),
      valid: [label_3],
    },
    flow: {
      read: (bytes) => new ReceiveFlow(crypto, exporter, "telemetry").open(bytes),
      valid: stream.slice(0, 2).map((token) => flow.seal(token)),
    },
    token: {
      read: (bytes) => {
        const verifier = new StreamVerifier(crypto, device.device, 1);
        verifier.accept(stream[0]!);
        return verifier.accept(bytes);
      },
      valid: [stream[1]!],
    },
    header: {
      read: (bytes) => new StreamVerifier(crypto, device.device, 1).accept(bytes),
      valid: [stream[0]!],
    },
    cti: { read: (bytes) => decodeCti(bytes), valid: [new Uint8Array(9)] },
    block: { read: (bytes) => decodeBlock(bytes, 2), valid: [block] },
    nesting: { read: decodeReply, valid: [encode([1, 0, [[[[1]]]]])] },
  };
}

/** The code that `read` refuses these bytes with; `taken` where it takes them. Throws whatever is no VagusError. */
export async function outcome(decoder: Decoder, bytes: Uint8Array): Promise<string> {
  try {
    await decoder.read(bytes);
    return "taken";
  } catch (error) {
    if (error instanceof VagusError) return error.code;
    throw error;
  }
}
