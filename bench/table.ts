import type { Budget } from "./budgets.js";
import type { Figures } from "./figures.js";
import { handshakeTable } from "./table-handshake.js";

type Row = readonly [what: string, value: number | string, unit?: string];

const show = (value: number | string): string =>
  typeof value === "string" ? value : value.toLocaleString("en-US", { maximumFractionDigits: 3 });

function block(title: string, rows: readonly Row[]): string {
  const lines = rows.map(([what, value, unit = ""]) =>
    `  ${what.padEnd(52)}${show(value).padStart(12)} ${unit}`.trimEnd(),
  );
  return `${title}\n${lines.join("\n")}\n`;
}

/** The figures for reading; `--json` has the same. */
export function table(f: Figures, budgets: readonly Budget[]): string {
  const bits = f.slotBytes === 16 ? 32 : 64;
  const stages: Row[] = (Object.keys(f.readingBytes) as (keyof Figures["readingBytes"])[]).map((stage) => [
    stage,
    f.readingBytes[stage].toFixed(1).padStart(9) + f.readingBytes2s[stage].toFixed(1).padStart(9),
  ]);
  return [
    `Vagus, the first ${f.seconds} s of the MIT-BIH record on ${f.engine}, ${bits} bits\n`,
    block(`Bytes a second on air (MTU ${f.mtu}; COSE and fragments' headers, without ATT's)`, [
      ["raw int16 samples", f.rawBytesPerSecond],
      ["signed and encrypted, 1 s a reading", f.airBytesPerSecond, `${f.packetsPerSecond} packets`],
      ["signed and encrypted, 2 s a reading", f.airBytesPerSecond2s, `${f.packetsPerSecond2s} packets`],
      ["  without the stream's header and head, 1 s", f.readingsBytesPerSecond],
      ["  without the stream's header and head, 2 s", f.readingsBytesPerSecond2s],
      ["JWS EdDSA in JWE A128GCM, raw samples, 1 s", f.jwtBytesPerSecond],
    ]),
    block("Bytes of a reading after each stage, mean (1 s, 2 s a reading)", stages),
    block("Work, in byte codes of XS (native code is not counted)", [
      [`a reading of 1 s, whole firmware`, f.meterPerReading],
      ["before the stream: handshake, identify, start; its ends", f.meterUntilStream],
      ["codec, to a sample", f.codecEncodeMeterPerSample, `${f.codecBitsPerSample} bits`],
      ["codec, back from a sample", f.codecDecodeMeterPerSample],
      ["a second of heart, two channels at 250 Hz, dearest", f.heartMeterPerSecond],
      ["  with its pacer", f.pacedHeartMeterPerSecond],
      ["a second of pacer alone, tracking at 70 bpm", f.pacerMeterPerSecond],
      ...Object.entries(f.display).map(
        ([size, { meter, rectangles, pixels }]): Row => [
          `a second of display, ${size}`,
          meter,
          `${show(rectangles)} rectangles, ${show(pixels)} pixels`,
        ],
      ),
      ["a reading into the journal, of 512 sectors, full", f.journal.appendMeter!],
      ["  the next one out of it", f.journal.readMeter!],
      ["  the one at a cursor", f.journal.seekMeter!],
      ["  a release", f.journal.releaseMeter!],
      ["  opening it at a start", f.journal.openMeter!],
      ["strict CBOR pass over a reading's claims", f.strictMeter],
      ["  cbor-x alone: encode", f.cborxEncodeMeter],
      ["  cbor-x alone: decode", f.cborxDecodeMeter],
      ["  modules/cbor: encode", f.cborEncodeMeter],
      ["  modules/cbor: decode (strict pass and cbor-x)", f.cborDecodeMeter],
    ]),
    `  A reading's work is the difference of two runs, of ${f.seconds} and of ${Math.ceil(f.seconds / 5)} readings, by the difference in readings.\n`,
    handshakeTable(f),
    block(`Revocation, ${show(f.revocation.revoked)} of ${show(f.revocation.credentials)} credentials`, [
      ["the status list, compressed", f.revocation.statusListBytes, "bytes"],
      ["  as a signed token", f.revocation.statusListTokenBytes, "bytes"],
      ["  look-ups a second on this host", f.revocation.lookUpsPerSecond],
      [
        `a device's list of ${f.revocation.deviceListKeys}, as a signed token`,
        f.revocation.deviceListBytes,
        "bytes",
      ],
    ]),
    block(`Heap (a slot has ${f.slotBytes} bytes)`, [
      ["resident after loading, with XS's own: slots", f.residentSlots],
      ["resident after loading: chunks", f.residentChunkBytes, "bytes"],
      ["most above it, handshake and 1 s a reading: slots", f.heapPeakSlots],
      ["most above it, handshake and 1 s a reading: chunks", f.heapPeakChunkBytes, "bytes"],
      ["most above it, handshake and 2 s a reading: slots", f.heapPeakSlots2s],
      ["most above it, handshake and 2 s a reading: chunks", f.heapPeakChunkBytes2s, "bytes"],
      ["the simulated patient, three streams: resident slots", f.patient.residentSlots],
      ["  resident chunks", f.patient.residentChunkBytes, "bytes"],
      ["  most above it: slots", f.patient.heapPeakSlots],
      ["  most above it: chunks", f.patient.heapPeakChunkBytes, "bytes"],
    ]),
    block(
      "Budgets",
      budgets.map(({ figure, value, limit, within }) => [
        `${within ? "✓" : "✗"} ${figure}`,
        value,
        `of ${show(limit)}`,
      ]),
    ),
  ].join("\n");
}
