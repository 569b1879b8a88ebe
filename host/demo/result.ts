/** The summary: what `--json` prints. */
export interface DemoResult {
  readonly engine: string;
  readonly source: string;
  /** Every sample that went in came out, and nothing else: the digests are the same and the signed head closed the stream. */
  readonly lossless: boolean;
  readonly seconds: number;
  readonly samples: number;
  readonly sha256In: string;
  readonly sha256Out: string;
  /** Signed tokens verified: the stream's header, its readings, its head. */
  readonly verified: number;
  readonly refused: number;
  readonly lastSequence: number;
  readonly mtu: number;
  readonly readingMs: number;
  /** Octets of notifications without ATT's three: COSE, CWT, samples, fragment headers. */
  readonly airBytes: number;
  readonly airPackets: number;
  /** Of the readings alone: the stream's signed header and head are sent once and are not counted here. */
  readonly airBytesPerSecond: number;
  readonly rawBytesPerSecond: number;
  /** Beats a minute at the end; null where no beat was found. */
  readonly heartRate: number | null;
  readonly recording: string;
  readonly recordingBytes: number;
}
