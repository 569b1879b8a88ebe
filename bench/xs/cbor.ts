/**
 * CBOR alone, over the claims of real readings: cbor.js FILE
 *
 *   FILE   | length (2 bytes, big-endian) | claims … | and so on
 */
import { Decoder } from "cbor-x/decode";
import { Encoder } from "cbor-x/encode";
import { equal } from "../../modules/bytes/index.js";
import { check, decode, encode } from "../../modules/cbor/index.js";
import { argument, metered, readFile, report } from "./meter.js";

// cbor-x with the settings of modules/cbor.
const decoder = new Decoder({ useRecords: false, mapsAsObjects: false, useTag259ForMaps: false });
const encoder = new Encoder({
  useRecords: false,
  mapsAsObjects: false,
  useTag259ForMaps: false,
  tagUint8Array: false,
  variableMapSize: true,
});
const RESET_BUFFER = 1024;

const file = readFile(argument(0));
const figures = {
  readings: 0,
  strictMeter: 0,
  cborxEncodeMeter: 0,
  cborxDecodeMeter: 0,
  encodeMeter: 0,
  decodeMeter: 0,
};
const cwts: Uint8Array[] = [];
for (let at = 0; at < file.length; ) {
  const length = (file[at]! << 8) | file[at + 1]!;
  cwts.push(file.slice(at + 2, at + 2 + length));
  at += 2 + length;
}

encoder.encode(decode(cwts[0]!), RESET_BUFFER); // makes the buffer that it shares from then on
for (const cwt of cwts) {
  const value = decode(cwt);
  let encoded: Uint8Array = new Uint8Array(0);
  figures.readings++;
  figures.strictMeter += metered(() => check(cwt));
  figures.cborxEncodeMeter += metered(() => {
    encoded = encoder.encode(value, RESET_BUFFER);
  });
  if (!equal(encoded, cwt)) throw new Error("the claims were not encoded as they came");
  figures.cborxDecodeMeter += metered(() => decoder.decode(cwt));
  figures.encodeMeter += metered(() => encode(value));
  figures.decodeMeter += metered(() => decode(cwt));
}
report(figures);
