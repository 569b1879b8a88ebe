/** The codec alone, over the record: codec.js RECORD SAMPLES BLOCK-SAMPLES */
import { decodeBlock, encodeBlock, RecordedSource } from "../../modules/cardiac/index.js";
import { argument, metered, readFile, report } from "./meter.js";

const record = readFile(argument(0));
const samples = Number(argument(1));
const blockSamples = Number(argument(2));
const source = new RecordedSource({
  length: record.length,
  read: (offset, length) => record.subarray(offset, offset + length),
});

let bytes = 0;
let encodeMeter = 0;
let decodeMeter = 0;
for (let first = 0; first < samples; first += blockSamples) {
  const channels = source.read(first, Math.min(blockSamples, samples - first));
  let block: Uint8Array = new Uint8Array(0);
  let decoded: Int16Array[] = [];
  encodeMeter += metered(() => {
    block = encodeBlock(channels);
  });
  decodeMeter += metered(() => {
    decoded = decodeBlock(block, 1);
  });
  if (decoded[0]!.join() !== channels[0]!.join())
    throw new Error(`the block at sample ${first} did not come back`);
  bytes += block.length;
}
report({ samples, bytes, encodeMeter, decodeMeter });
