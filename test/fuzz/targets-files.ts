/** Files of others: recorded hearts, and evidence. */
import { decryptBundle, encryptBundle, PIECE_MAX } from "../../host/bundle/encrypted.js";
import { ITEM_MAX } from "../../host/bundle/format.js";
import { verifyBundle } from "../../host/bundle/verify.js";
import { writeBundle } from "../../host/bundle/write.js";
import { nodeZlib } from "../../host/cose/zlib.js";
import { writeEdf } from "../../host/export/edf.js";
import { writeWfdb } from "../../host/export/wfdb.js";
import { decodeRange, encodeRange } from "../../host/receipt/range.js";
import { verifyReceipt } from "../../host/receipt/receipt.js";
import { readSequence } from "../../host/store/sequence.js";
import { concat, equal } from "../../modules/bytes/index.js";
import type { SampleSource } from "../../modules/cardiac/index.js";
import type { ByteReader } from "../../modules/cardiac/recorded.js";
import { EdfSource, readAnnotations, WfdbSource } from "../../modules/cardiac/records/index.js";
import { decode, encode } from "../../modules/cbor/index.js";
import type { Crypto, Curve } from "../../modules/crypto/port.js";
import { crypto, type Parts, parts, T0, World } from "../host/bundle/made.js";
import { recorded } from "../host/export/recorded.js";
import type { Target } from "./fuzzer.js";
import { must, mustEqual } from "./must.js";

const reader = (bytes: Uint8Array): ByteReader => ({
  length: bytes.length,
  read: (at, length) => bytes.subarray(at, at + length),
});

/** Samples are read as far as the source says that they go, the same in pieces as at once. */
function mustRead(source: SampleSource & { readonly length: number }): string {
  const count = Math.min(source.length, 300);
  const whole = source.read(0, count);
  must(whole.length === source.format.channels.length, "another number of leads");
  const half = count >> 1;
  const [first, second] = [source.read(0, half), source.read(half, count - half)];
  for (const [index, channel] of whole.entries())
    must(channel.join() === [...first[index]!, ...second[index]!].join(), "other samples in pieces");
  return `${Math.min(whole.length, 4)} leads`;
}

/** Chance is the same in every run, so that a run can be had again. */
const unvaried: Crypto = Object.assign(Object.create(crypto) as Crypto, {
  random: (length: number) => new Uint8Array(length).fill(7),
  generate: (curve: Curve) => crypto.importKey(curve, new Uint8Array(32).fill(9)),
});

const short = recorded({ channels: ["II"], reading: 60, runs: [[0, 2]], markers: [[30, "VP"]] });
const broken = recorded({
  channels: ["I", "II"],
  reading: 40,
  runs: [
    [0, 1],
    [100, 1],
  ],
});

async function piecesOf(pieces: Iterable<Uint8Array | string>): Promise<Uint8Array> {
  const encoder = new TextEncoder();
  return concat(...[...pieces].map((piece) => (typeof piece === "string" ? encoder.encode(piece) : piece)));
}

/** | length of the header (2) | header | samples | */
async function wfdb(from: typeof short): Promise<Uint8Array> {
  const record = writeWfdb(from, "r");
  const dat = await piecesOf(record.dat());
  const hea = new TextEncoder().encode(record.hea());
  return concat(Uint8Array.of(hea.length >> 8, hea.length & 255), hea, dat);
}

export async function fileTargets(): Promise<Target[]> {
  const world = await World.make();
  const made = await parts(world, 1);
  const small = { ...made, statusLists: made.statusLists.slice(1), receipts: [] };
  const good = await sealedBundle(small, world);
  const signers = [{ ...world.programmer.credential.key, kid: world.programmer.credential.kid }];
  const reading = await crypto.importKey("X25519", new Uint8Array(32).fill(8));
  const { curve, publicKey } = reading;
  const sealed: Uint8Array[] = [];
  for await (const piece of encryptBundle(unvaried, { curve, publicKey }, pieces([good]))) sealed.push(piece);
  return [
    {
      name: "records: EDF",
      seeds: [await piecesOf(writeEdf(short)), await piecesOf(writeEdf(broken))],
      weight: 8,
      run(input) {
        const file = reader(input);
        const source = new EdfSource(file);
        const said = mustRead(source);
        const notes = readAnnotations(file, source.header, source.header.records - 1);
        return `${said}, ${Math.min(notes.length, 2)} annotations`;
      },
    },
    {
      name: "records: WFDB",
      seeds: [await wfdb(short), await wfdb(broken)],
      weight: 4,
      run(input) {
        const length = ((input[0] ?? 0) << 8) | (input[1] ?? 0);
        const [hea, dat] = [input.subarray(2, 2 + length), input.subarray(2 + length)];
        return mustRead(new WfdbSource(reader(hea), () => reader(dat)));
      },
    },
    {
      name: "receipt: ranges",
      seeds: made.receipts.map((token) => encode(encodeRange(rangeOf(token, signers)))),
      weight: 1,
      run(input) {
        mustEqual(encode(encodeRange(decodeRange(decode(input)))), input, "another range");
        return "range";
      },
    },
    {
      name: "receipt",
      seeds: made.receipts,
      weight: 60,
      run(input) {
        const { ranges } = verifyReceipt(crypto, input, signers);
        return `${Math.min(ranges.length, 3)} ranges`;
      },
    },
    {
      name: "bundle",
      seeds: [good],
      weight: 300,
      run(input) {
        const options = { anchor: world.authority.anchor, zlib: nodeZlib };
        const { tokens } = verifyBundle(crypto, readSequence(reader(input), ITEM_MAX), options);
        must(equal(input, good), "bytes that are others hold");
        return `${tokens} tokens`;
      },
    },
    {
      name: "bundle, encrypted",
      seeds: [concat(...sealed)],
      weight: 200,
      async run(input) {
        const came: Uint8Array[] = [];
        const items = readSequence(reader(input), PIECE_MAX);
        for await (const piece of decryptBundle(crypto, reading, items)) came.push(piece);
        mustEqual(concat(...came), good, "another bundle");
        return `${came.length} pieces`;
      },
    },
  ];
}

/** The seal has something drawn by lot in it. */
async function sealedBundle(made: Parts, { programmer }: World): Promise<Uint8Array> {
  const items: Uint8Array[] = [];
  for await (const item of writeBundle(unvaried, programmer.key, T0 + 300, made)) items.push(item);
  return concat(...items);
}

async function* pieces(all: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* all;
}

function rangeOf(token: Uint8Array, signers: Parameters<typeof verifyReceipt>[2]) {
  return verifyReceipt(crypto, token, signers).ranges[0]!;
}
