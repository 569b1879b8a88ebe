import { encodeBlock } from "../../../modules/cardiac/index.js";
import { keyId } from "../../../modules/cose/index.js";
import type { Crypto, PrivateKey } from "../../../modules/crypto/port.js";
import {
  type DeviceKey,
  type DeviceTime,
  type StreamFormat,
  type StreamOptions,
  StreamWriter,
} from "../../../modules/reading/index.js";

export const FORMAT: StreamFormat = { rateHz: 360, nanovoltsPerStep: 5000, channels: ["MLII"] };
export const TIME: DeviceTime = { seconds: 1_700_000_000, uncertainty: 2 };

export interface TestDevice {
  readonly key: PrivateKey<"Ed25519">;
  readonly device: DeviceKey;
}

export async function testDevice(crypto: Crypto, seed = 1): Promise<TestDevice> {
  const key = await crypto.importKey("Ed25519", new Uint8Array(32).fill(seed));
  const { publicKey } = key;
  return {
    key,
    device: { curve: "Ed25519", publicKey, kid: keyId(crypto, { curve: "Ed25519", publicKey }) },
  };
}

export function writer(
  crypto: Crypto,
  { key, device }: TestDevice,
  options: Partial<StreamOptions> = {},
): StreamWriter {
  return new StreamWriter(
    { crypto, key, kid: device.kid },
    { boot: 7, stream: 1, firstSequence: 0, format: FORMAT, firstSample: 1000, time: () => TIME, ...options },
  );
}

/** `count` samples that differ from index to index. */
export function samples(first: number, count: number): Int16Array {
  return Int16Array.from({ length: count }, (_, i) => (((first + i) * 37) % 400) - 200);
}

/** A whole stream: its header, `readings` readings of 90 samples, its head. */
export async function tokens(
  crypto: Crypto,
  from: TestDevice,
  readings: number,
  options: Partial<StreamOptions> = {},
): Promise<Uint8Array[]> {
  const stream = writer(crypto, from, options);
  const all = [await stream.header()];
  const first = options.firstSample ?? 1000;
  for (let n = 0; n < readings; n++) {
    const at = first + 90 * n;
    all.push(await stream.reading(encodeBlock([samples(at, 90)]), at + 90));
  }
  all.push(await stream.head());
  return all;
}
