/** Byte formats that are no CBOR: samples, fragments, frames. */

import { concat } from "../../modules/bytes/index.js";
import { decodeBlock, decodeMarkers, encodeBlock, encodeMarkers } from "../../modules/cardiac/codec/index.js";
import { FrameReader, frame } from "../../modules/gatt/att.js";
import { Fragmenter, MESSAGE_MAX, Reassembler } from "../../modules/gatt/fragment.js";
import { marked } from "../modules/cardiac/codec/marking.js";
import type { Target } from "./fuzzer.js";
import { must, mustEqual } from "./must.js";
import { Random } from "./random.js";

const wave = Int16Array.from(
  { length: 90 },
  (_, i) => Math.round(900 * Math.sin(i / 7)) - (i % 30 === 0 ? 3000 : 0),
);
const fragments = new Fragmenter().cut(new Uint8Array(70).fill(7), 20);

/** A length byte before each part: how a stream of writes stands in one input. */
const joined = (parts: readonly Uint8Array[]) =>
  concat(...parts.flatMap((part) => [Uint8Array.of(part.length), part]));

function* parts(input: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < input.length; ) {
    const length = input[at++];
    yield input.slice(at, at + length);
    at += length;
  }
}

export const stageTargets: readonly Target[] = [
  {
    name: "codec.decodeBlock",
    seeds: [
      concat(Uint8Array.of(0), encodeBlock([wave])),
      concat(Uint8Array.of(1), encodeBlock([wave, wave.map((x) => x >> 3)])),
      concat(Uint8Array.of(0), encodeBlock([Int16Array.from([5])])),
      concat(
        Uint8Array.of(0),
        encodeBlock([Int16Array.from({ length: 60 }, (_, i) => ((i * 40503) & 0xffff) - 32768)]),
      ),
    ],
    weight: 3,
    run(input) {
      const channels = decodeBlock(input.subarray(1), ((input[0] ?? 0) & 7) + 1);
      const again = decodeBlock(encodeBlock(channels), channels.length);
      must(
        channels.every((samples, i) => samples.join() === again[i].join()),
        "other samples after writing them again",
      );
      return `${"abcdefghi"[channels.length]} channels, form ${"ab"[(input[2] ?? 0) & 1]}, predictor ${"abcdefgh"[(input[3] ?? 0) >> 5]}`;
    },
  },
  {
    name: "codec.decodeMarkers",
    seeds: [3, 5, 8, 13, 21].map((seed) => {
      const { firstMs, block } = marked(seed, 12);
      return encodeMarkers(firstMs, block);
    }),
    weight: 2,
    run(input) {
      const block = decodeMarkers(input, 1000);
      mustEqual(encodeMarkers(1000, block), input, "other bytes for the same markers");
      return `${Math.min(block.markers.length, 3)} markers, ${Math.min(block.inForce.length, 2)} sets`;
    },
  },
  {
    name: "gatt.Reassembler",
    seeds: [joined(fragments), joined([...fragments, ...new Fragmenter().cut(new Uint8Array(3), 20)])],
    weight: 1,
    run(input) {
      const reassembler = new Reassembler();
      let whole = 0;
      let refused: unknown;
      for (const fragment of parts(input)) {
        const { dropped } = reassembler;
        try {
          const message = reassembler.push(fragment, 0);
          must(message === undefined || message.length <= MESSAGE_MAX, "too long a message");
          if (message !== undefined) whole++;
        } catch (error) {
          refused ??= error;
          must(reassembler.dropped > dropped, "refused and not counted");
        }
      }
      if (whole === 0 && refused !== undefined) throw refused;
      const [first] = new Fragmenter().cut(Uint8Array.of(1, 2, 3), 20);
      must(reassembler.push(first, 0)?.length === 3, "a good message after bad ones");
      return `${Math.min(whole, 3)} messages`;
    },
  },
  {
    name: "gatt.FrameReader",
    seeds: [
      concat(frame(0x0a, Uint8Array.of(1, 0)), frame(0x1b, new Uint8Array(40))),
      frame(0x02, Uint8Array.of(247, 0)),
    ],
    weight: 1,
    run(input) {
      const whole = new FrameReader().push(input);
      const random = new Random(input.length);
      const reader = new FrameReader();
      const pieces: Uint8Array[] = [];
      for (let at = 0; at < input.length; ) {
        const next = at + 1 + random.next(9);
        pieces.push(...reader.push(input.subarray(at, next)));
        at = next;
      }
      must(pieces.length === whole.length, `${whole.length} PDUs at once, ${pieces.length} in pieces`);
      for (let i = 0; i < pieces.length; i++) mustEqual(pieces[i], whole[i], "a PDU in pieces");
      return `${Math.min(whole.length, 3)} PDUs`;
    },
  },
];
