/**
 * The wire format of a block of pacing markers, each block readable alone. Bits run from each byte's most significant end.
 *
 *   block      | span - 1 (16) | item | … | 7 (3) |          span: of the block, 1 to 65,536 ms; zero bits fill the last byte
 *
 *   item       | kind (3) | wait | what is the kind's own |
 *   0 … 5      AS AP AT VS VP PVC:  | refractory (1) |
 *   6          in force from here on:  | temporary (1) | Pace-Now (1) | magnet (1) | mode (4) | value (16) × 20 |
 *
 *   wait       ms since the item before, in the first since the block's start:
 *              | 0 (2) | 5 bits |   | 1 (2) | 8 bits |   | 2 (2) | 10 bits |   | 3 (2) | 16 bits |    the shortest that it fits
 *
 * Modes by their index in `MODES`, values in the order of `PARAMETERS`, two's complement. Items stand in order of time, what
 * is in force before markers of the same millisecond, all before the block's end: so there is one block for the same items.
 */
import { VagusError } from "../../error/index.js";
import { PARAMETERS } from "../pacer/parameters.js";
import { type Marker, type MarkerName, MODES, type PacingParameters } from "../pacer/types.js";
import { BitReader } from "./bits.js";

/** What the pacer goes by from a moment on, and why it is not what was programmed for good. */
export interface InForce {
  readonly atMs: number;
  readonly parameters: PacingParameters;
  readonly temporary: boolean;
  readonly paceNow: boolean;
  readonly magnet: boolean;
}

/** Whole milliseconds of one clock: `endMs` is the first that is no longer in the block. Both lists in order of time. */
export interface MarkerBlock {
  readonly endMs: number;
  readonly markers: readonly Marker[];
  readonly inForce: readonly InForce[];
}

export const MAX_MARKERS = 256;
export const MAX_IN_FORCE = 8;
export const MAX_SPAN_MS = 65_536;

const NAMES: readonly MarkerName[] = ["AS", "AP", "AT", "VS", "VP", "PVC"];
const IN_FORCE = 6;
const END = 7;
const WAIT_BITS = [5, 8, 10, 16] as const;

class BitWriter {
  private bytes: Uint8Array;
  private at = 0;

  constructor(bits: number) {
    this.bytes = new Uint8Array((bits + 7) >> 3);
  }

  /** The low `count` bits of `value`, 1 to 16. */
  put(count: number, value: number): void {
    for (let bit = count - 1; bit >= 0; bit--) {
      if ((value >> bit) & 1) this.bytes[this.at >> 3]! |= 0x80 >> (this.at & 7);
      this.at++;
    }
  }

  done(): Uint8Array {
    return this.bytes.slice(0, (this.at + 7) >> 3);
  }
}

/**
 * @param firstMs the block's start
 * @throws VagusError `cardiac/parameter` for more than 256 markers, 8 sets or 65,536 ms, and for times out of order or out of
 *   the block
 */
export function encodeMarkers(firstMs: number, { endMs, markers, inForce }: MarkerBlock): Uint8Array {
  const span = endMs - firstMs;
  check("a span", span, 1, MAX_SPAN_MS);
  check("markers", markers.length, 0, MAX_MARKERS);
  check("sets of parameters", inForce.length, 0, MAX_IN_FORCE);
  const writer = new BitWriter(16 + 22 * markers.length + (28 + 16 * PARAMETERS.length) * inForce.length + 3);
  writer.put(16, span - 1);
  let before = firstMs;
  const item = (kind: number, atMs: number) => {
    check("a time", atMs, before, endMs - 1);
    const wait = atMs - before;
    const size = wait < 32 ? 0 : wait < 256 ? 1 : wait < 1024 ? 2 : 3;
    writer.put(3, kind);
    writer.put(2, size);
    writer.put(WAIT_BITS[size], wait);
    before = atMs;
  };
  for (let m = 0, s = 0; m < markers.length || s < inForce.length; ) {
    const marker = markers[m];
    const set = inForce[s];
    if (set !== undefined && !(marker !== undefined && marker.atMs < set.atMs)) {
      item(IN_FORCE, set.atMs);
      putSet(writer, set);
      s++;
    } else if (marker !== undefined) {
      item(NAMES.indexOf(marker.name), marker.atMs);
      writer.put(1, marker.refractory ? 1 : 0);
      m++;
    }
  }
  writer.put(3, END);
  return writer.done();
}

function check(what: string, value: number, from: number, to: number): void {
  if (Number.isInteger(value) && value >= from && value <= to) return;
  throw new VagusError("cardiac/parameter", `expected ${what} from ${from} to ${to}, came ${value}`);
}

function putSet(writer: BitWriter, { parameters, temporary, paceNow, magnet }: InForce): void {
  writer.put(3, (temporary ? 4 : 0) | (paceNow ? 2 : 0) | (magnet ? 1 : 0));
  writer.put(4, MODES.indexOf(parameters.mode));
  for (const { name } of PARAMETERS) writer.put(16, parameters[name]);
}

/**
 * @param firstMs the block's start, from its token
 * @throws VagusError `cardiac/malformed` for bytes that are no block
 */
export function decodeMarkers(bytes: Uint8Array, firstMs: number): MarkerBlock {
  const reader = new BitReader(bytes);
  const endMs = firstMs + reader.bits(16) + 1;
  const markers: Marker[] = [];
  const inForce: InForce[] = [];
  let atMs = firstMs;
  for (let kind = reader.bits(3); kind !== END; kind = reader.bits(3)) {
    const wait = readWait(reader);
    atMs += wait;
    if (atMs >= endMs) throw reader.malformed(`expected a time before ${endMs}, came ${atMs}`);
    if (kind === IN_FORCE) {
      if (markers.length > 0 && markers[markers.length - 1]!.atMs === atMs)
        throw reader.malformed("expected what is in force before markers of its time, came it behind");
      if (inForce.length === MAX_IN_FORCE) throw reader.malformed(`expected ${MAX_IN_FORCE} sets, came more`);
      inForce.push(readSet(reader, atMs));
    } else {
      if (markers.length === MAX_MARKERS)
        throw reader.malformed(`expected ${MAX_MARKERS} markers, came more`);
      markers.push({ type: "marker", name: NAMES[kind]!, refractory: reader.bits(1) === 1, atMs });
    }
  }
  reader.end();
  return { endMs, markers, inForce };
}

function readWait(reader: BitReader): number {
  const size = reader.bits(2);
  const wait = reader.bits(WAIT_BITS[size]!);
  if (size > 0 && wait >> WAIT_BITS[size - 1]! === 0)
    throw reader.malformed(`expected the shortest form of ${wait} ms, came a longer one`);
  return wait;
}

function readSet(reader: BitReader, atMs: number): InForce {
  const why = reader.bits(3);
  const index = reader.bits(4);
  const mode = MODES[index];
  if (mode === undefined)
    throw reader.malformed(`expected a mode of 0 to ${MODES.length - 1}, came ${index}`);
  const values: Record<string, unknown> = { mode };
  for (const { name } of PARAMETERS) values[name] = (reader.bits(16) << 16) >> 16;
  const parameters = values as unknown as PacingParameters;
  return { atMs, parameters, temporary: (why & 4) > 0, paceNow: (why & 2) > 0, magnet: (why & 1) > 0 };
}
