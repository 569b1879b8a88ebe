/** Inputs made to crash, hang or fill the memory cost every decoder an error, and nothing else: on Node and on XS. */
import { cryptos, engine } from "engine";
import { concat, fromHex } from "../../modules/bytes/index.js";
import { decodeBlock, decodeMarkers } from "../../modules/cardiac/codec/index.js";
import { type CborValue, check, decode, decodeSequence, encode } from "../../modules/cbor/index.js";
import { decrypt0, parseSign1Unverified, partialIvOf, verifySign1 } from "../../modules/cose/index.js";
import { verifyMac0 } from "../../modules/cose/mac0.js";
import { parseCwtUnverified, signCwt } from "../../modules/cwt/index.js";
import { readIdCred } from "../../modules/edhoc/credentials.js";
import { readError } from "../../modules/edhoc/index.js";
import { splitItems } from "../../modules/edhoc/items.js";
import { VagusError } from "../../modules/error/index.js";
import { FrameReader } from "../../modules/gatt/att.js";
import { Reassembler } from "../../modules/gatt/fragment.js";
import { decodeCommand, decodeReply } from "../../modules/session/control.js";
import { ok } from "../support/assert.js";

const crypto = cryptos[0];
const key = new Uint8Array(16);
const large = { maxSize: 1 << 24, maxText: 1 << 24 };
const verification = { curve: "Ed25519" as const, publicKey: new Uint8Array(32) };

/** None of these may read any of the inputs below but the truncations, each of which is refused by all but some. */
const DECODERS: Record<string, (bytes: Uint8Array) => unknown> = {
  check: (bytes) => check(bytes, large),
  decode: (bytes) => decode(bytes, large),
  "decode, others' encodings": (bytes) => decode(bytes, { ...large, deterministic: false, floats: true }),
  decodeSequence: (bytes) => decodeSequence(bytes),
  parseSign1Unverified: (bytes) => parseSign1Unverified(bytes, large),
  verifySign1: (bytes) => verifySign1(crypto, bytes, { ...large, key: verification, algorithms: ["EdDSA"] }),
  decrypt0: (bytes) => decrypt0(crypto, { ...large, algorithms: [30], key }, bytes),
  partialIvOf: (bytes) => partialIvOf(bytes, large),
  verifyMac0: (bytes) => verifyMac0(crypto, bytes, { ...large, algorithms: [5], key }),
  parseCwtUnverified: (bytes) => parseCwtUnverified(bytes, { ...large, tags: true }),
  "EDHOC items": splitItems,
  "EDHOC error": readError,
  ID_CRED: readIdCred,
  command: decodeCommand,
  reply: decodeReply,
};
const STAGES: Record<string, (bytes: Uint8Array) => unknown> = {
  block: (bytes) => decodeBlock(bytes, 1),
  markers: (bytes) => decodeMarkers(bytes, 0),
  fragment: (bytes) => new Reassembler().push(bytes, 0),
  frame: (bytes) => new FrameReader().push(bytes),
};

interface Use {
  readonly slots: number;
  readonly bytes: number;
}

/** On XS slots and bytes of chunks, on Node bytes; what is garbage by now counts. */
function inUse(): Use {
  if (engine === "xs") {
    const { slots, chunkBytes } = native("xs_heap")();
    return { slots, bytes: chunkBytes };
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { slots: 0, bytes: heapUsed + arrayBuffers };
}

/** The RAM budget of a handshake on XS, for all the decoders in a row, their garbage included; V8 is coarser. */
const ALLOWED: Use = engine === "xs" ? { slots: 1000, bytes: 32 << 10 } : { slots: 0, bytes: 4 << 20 };

function costsAnError(decoders: typeof DECODERS, bytes: Uint8Array, what: string): void {
  for (const [name, decoder] of Object.entries(decoders)) {
    if (engine === "xs") native("xs_collect")();
    const before = inUse();
    let error: unknown;
    try {
      decoder(bytes);
    } catch (thrown) {
      error = thrown;
    }
    const after = inUse();
    ok(error instanceof VagusError, `${name}, ${what}: ${String(error)}`);
    ok(after.slots - before.slots <= ALLOWED.slots, `${name}, ${what}: ${after.slots - before.slots} slots`);
    ok(after.bytes - before.bytes <= ALLOWED.bytes, `${name}, ${what}: ${after.bytes - before.bytes} bytes`);
  }
}

describe("hostile input costs an error and no memory", () => {
  for (const [what, unit] of [
    ["arrays", "81"],
    ["maps", "a100"],
    ["maps as keys", "a1"],
    ["tags", "d2"],
    ["tags of two bytes", "d83d"],
    ["indefinite arrays", "9f"],
    ["indefinite strings", "5f"],
  ]) {
    it(`${what} 100,000 deep`, () => {
      const one = fromHex(unit);
      const bytes = new Uint8Array(100_000 * one.length + 1);
      for (let at = 0; at + 1 < bytes.length; at += one.length) bytes.set(one, at);
      costsAnError(DECODERS, bytes, what);
    });
  }

  for (const length of [
    "ffffffffffffffff",
    "8000000000000000",
    "7fffffffffffffff",
    "0000000100000000",
    "001fffffffffffff",
  ]) {
    it(`lengths of 0x${length}`, () => {
      const rest = new Uint8Array(64);
      for (const head of [
        "5b",
        "7b",
        "9b",
        "bb",
        "845b",
        "8440a05b",
        "8443a10126a05b",

        "a15b",
        "d29b",
        "db",
      ])
        costsAnError(DECODERS, concat(fromHex(head + length), head === "db" ? fromHex("f6") : rest), head);
    });
  }

  it("truncation at every byte of a token", async () => {
    const signer = await crypto.importKey("Ed25519", new Uint8Array(32).fill(9));
    const claims = new Map<number, CborValue>([
      [1, "authority"],
      [6, 1_700_000_000],
      [-65538, [1, new Uint8Array(16), new Uint8Array(40), null]],
    ]);
    const token = await signCwt(crypto, signer, { typ: 65004, kid: new Uint8Array(8), claims });
    for (let length = 0; length < token.length; length++) {
      const bytes = token.slice(0, length);
      for (const [name, decoder] of Object.entries(DECODERS)) {
        if (length === 0 && (name === "decodeSequence" || name === "EDHOC items")) continue; // an empty sequence
        let error: unknown;
        try {
          decoder(bytes);
        } catch (thrown) {
          error = thrown;
        }
        ok(error instanceof VagusError, `${name}, ${length} bytes: ${String(error)}`);
      }
    }
  });

  it("10 MB of random bytes", () => {
    const noise = new Uint8Array(10_000_000);
    for (let at = 0; at < noise.length; at += 1000) noise.set(crypto.random(1000), at);
    for (const head of ["", "9b", "bb", "5b", "7b", "9f", "84", "8440a0", "d28440a05a00800000"]) {
      noise.set(fromHex(head), 0);
      costsAnError(DECODERS, noise, `after ${head}`);
    }
    // first fragment and frame with lengths that they cannot have, a block with a form that there is none of
    noise.set(fromHex("800fff"), 0);
    costsAnError(STAGES, noise, "stages");
  });

  it("the measure sees a decoder that allocates what a length claims", () => {
    const before = inUse();
    const claimed = new Uint8Array(2 * ALLOWED.bytes);
    const list = Array.from({ length: 2 * ALLOWED.slots }, (_, i) => ({ i }));
    const after = inUse();
    ok(after.bytes - before.bytes > ALLOWED.bytes && claimed.length > 0, "bytes");
    ok(engine === "node" || after.slots - before.slots > ALLOWED.slots, `slots for ${list.length}`);
  });

  it("an empty input", () => {
    for (const name of ["decodeSequence", "EDHOC items"]) DECODERS[name](new Uint8Array(0));
    const { decodeSequence: _, "EDHOC items": __, ...others } = DECODERS;
    costsAnError(others, new Uint8Array(0), "empty");
    ok(encode(null).length === 1);
  });
});
