import type { Figures } from "./figures.js";

/** A figure and the most that it may be. */
export interface Budget {
  readonly figure: string;
  readonly value: number;
  readonly limit: number;
  readonly within: boolean;
}

/** Held against what was measured. RAM's budgets are in 32-bit sizes; 64-bit ones are never smaller. */
export function budgets(figures: Figures): Budget[] {
  const limits: [figure: string, value: number, limit: number][] = [
    ["airBytesPerSecond", figures.airBytesPerSecond, 396],
    ["airBytesPerSecond2s", figures.airBytesPerSecond2s, 324],
    ["heapPeakSlots", figures.heapPeakSlots, 1000],
    ["heapPeakChunkBytes", figures.heapPeakChunkBytes, 32_768],
    ["heapPeakSlots2s", figures.heapPeakSlots2s, 1000],
    ["heapPeakChunkBytes2s", figures.heapPeakChunkBytes2s, 32_768],
    ["patient.heapPeakSlots", figures.patient.heapPeakSlots, 1000],
    ["patient.heapPeakChunkBytes", figures.patient.heapPeakChunkBytes, 32_768],
    ["handshakeBytes", figures.handshakeBytes, 830],
    ["handshakeBytesKid", figures.handshakeBytesKid, 280],
    ["revocation.statusListBytes", figures.revocation.statusListBytes, 1200],
    ["revocation.deviceListBytes", figures.revocation.deviceListBytes, 600],
    ["codecBitsPerSample", figures.codecBitsPerSample, 4.75],
    ["codecEncodeMeterPerSample", figures.codecEncodeMeterPerSample, 300],
    ["pacedHeartMeterPerSecond", figures.pacedHeartMeterPerSecond, 100_000],
    ["pacerMeterPerSecond", figures.pacerMeterPerSecond, 20_000],
    [
      "display.meter, the dearer",
      Math.max(...Object.values(figures.display).map(({ meter }) => meter)),
      90_000,
    ],
    ["journal.appendMeter", figures.journal.appendMeter!, 15_000],
    ["journal.readMeter", figures.journal.readMeter!, 7_000],
    ["strictMeter, of cborxEncodeMeter twice", figures.strictMeter, 2 * figures.cborxEncodeMeter],
    ["strictMeter, of cborxDecodeMeter thrice", figures.strictMeter, 3 * figures.cborxDecodeMeter],
  ];
  return limits.map(([figure, value, limit]) => ({ figure, value, limit, within: value <= limit }));
}
