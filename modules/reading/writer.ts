import type { CborValue } from "../cbor/index.js";
import type { Crypto, PrivateKey, SigningCurve } from "../crypto/port.js";
import { CLAIM, type Claims, signCwt, TYP, type Typ } from "../cwt/index.js";
import {
  encodeCti,
  encodeHead,
  encodeHeader,
  encodeReading,
  PREV_LENGTH,
  PRIVATE_CLAIM,
  type StreamFormat,
  type Uncertainty,
} from "./claims.js";

/** Whoever signs a stream: the device's key and the name that tokens give it. */
export interface Signer {
  readonly crypto: Crypto;
  readonly key: PrivateKey<SigningCurve>;
  readonly kid: Uint8Array;
}

/** What the device knows of the time: whole seconds since 1970 at the least, and how much later it may be. */
export interface DeviceTime {
  readonly seconds: number;
  readonly uncertainty: Uncertainty;
}

export interface StreamOptions {
  /** The boot count, reserved in flash: with stream and sequence it makes every `cti` unique. */
  readonly boot: number;
  readonly stream: number;
  /** The first sequence that no earlier stream of this boot has used. */
  readonly firstSequence: number;
  readonly format: StreamFormat;
  /** Index of the sample that the first reading will start with. */
  readonly firstSample: number;
  readonly time: () => DeviceTime;
}

/** Signs one stream: its header first, then readings, its head last. Each token names the one before. */
export class StreamWriter {
  private readonly signer: Signer;
  private readonly options: StreamOptions;
  private next: number;
  private prev: Uint8Array = new Uint8Array(PREV_LENGTH);
  private nextSample: number;
  private signed = -1;

  constructor(signer: Signer, options: StreamOptions) {
    this.signer = signer;
    this.options = options;
    this.next = options.firstSequence;
    this.nextSample = options.firstSample;
  }

  /** The sequence that the next token will have. */
  get sequence(): number {
    return this.next;
  }

  /** The last token that was signed to its end, and the first 16 bytes of its SHA-256; undefined before the first. */
  get last(): { readonly sequence: number; readonly hash: Uint8Array } | undefined {
    const sequence = this.signed;
    return sequence < 0 ? undefined : { sequence, hash: this.prev };
  }

  header(): Promise<Uint8Array> {
    const { format, firstSample } = this.options;
    return this.sign(TYP.streamHeader, PRIVATE_CLAIM.header, (uncertainty) =>
      encodeHeader({ ...format, firstSample, uncertainty }),
    );
  }

  /** @param block what the stream is made of. @param nextSample index of what comes behind it */
  reading(block: Uint8Array, nextSample: number): Promise<Uint8Array> {
    const [prev, firstSample] = [this.prev, this.nextSample];
    this.nextSample = nextSample;
    return this.sign(TYP.reading, PRIVATE_CLAIM.reading, (uncertainty) =>
      encodeReading({ firstSample, prev, block, uncertainty }),
    );
  }

  head(): Promise<Uint8Array> {
    const [prev, nextSample] = [this.prev, this.nextSample];
    return this.sign(TYP.head, PRIVATE_CLAIM.head, (uncertainty) =>
      encodeHead({ nextSample, prev, uncertainty }),
    );
  }

  private sign(typ: Typ, label: number, claim: (uncertainty: Uncertainty) => CborValue): Promise<Uint8Array> {
    const { crypto, key, kid } = this.signer;
    const { boot, stream, time } = this.options;
    const { seconds, uncertainty } = time();
    const sequence = this.next++;
    const claims: Claims = new Map<number, CborValue>([
      [CLAIM.iat, seconds],
      [CLAIM.cti, encodeCti({ boot, stream, sequence })],
      [label, claim(uncertainty)],
    ]);
    return signCwt(crypto, key, { typ, kid, claims }).then((token) => {
      this.prev = crypto.sha256(token).subarray(0, PREV_LENGTH);
      this.signed = sequence;
      return token;
    });
  }
}
