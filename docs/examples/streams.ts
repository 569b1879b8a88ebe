/** What the streams of the pacer and of the device's state are made of, and how far a stream has come. */
import type { Marker } from "../../modules/cardiac/index.js";
import { encodeMarkers } from "../../modules/cardiac/index.js";
import { NOMINAL } from "../../modules/cardiac/pacer/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { encodeDeviceState, StreamWriter, signTip } from "../../modules/reading/index.js";
import { encodeCommand } from "../../modules/session/index.js";
import { type Add, NOW, type Parties } from "./made.js";

const FORMAT = { rateHz: 1000, nanovoltsPerStep: 1, channels: ["markers"] };
const TIME = { seconds: NOW, uncertainty: 2 };

/** @param tokens of stream 1 and boot 1, from the header on */
export async function streams(
  crypto: Crypto,
  { device }: Parties,
  tokens: readonly Uint8Array[],
  add: Add,
): Promise<void> {
  const { key, credential } = device;
  const signer = { crypto, key, kid: credential.kid };
  const marker = (name: Marker["name"], atMs: number): Marker => ({
    type: "marker",
    name,
    refractory: false,
    atMs,
  });
  const inForce = { atMs: 5000, parameters: NOMINAL, temporary: false, paceNow: false, magnet: false };
  const markers = [marker("AP", 5100), marker("VP", 5250)];
  const block = encodeMarkers(5000, { endMs: 6000, markers, inForce: [inForce] });
  const options = {
    boot: 1,
    stream: 2,
    firstSequence: 0,
    firstSample: 5000,
    format: FORMAT,
    time: () => TIME,
  };
  const writer = new StreamWriter(signer, options);
  await writer.header();
  add("reading of markers", await writer.reading(add("marker block", block), 6000));

  const state = {
    battery: { status: "BOL", leftPermille: 987 },
    leads: {
      atrium: { impedanceOhm: 520, signalUv: 2800 },
      ventricle: { impedanceOhm: 640, signalUv: 9500 },
    },
    journal: { usedBytes: 12_345, capacityBytes: 1_966_080 },
    boot: 1,
    epoch: 1,
  } as const;
  add("state block", encodeDeviceState(60_000, state));

  add("command heads", encodeCommand(6, "heads", null));
  const [sequence, hash] = [2, crypto.sha256(tokens[2]).slice(0, 16)];
  const tip = { stream: 1, recording: false, last: { boot: 1, sequence, hash } };
  add("tip", await signTip(signer, { boot: 1, sequence: 2 }, TIME, tip));
}
