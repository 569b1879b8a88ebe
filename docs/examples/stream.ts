/** A stream of one reading, from the command that starts it to its head. */
import { ReceiptBook } from "../../host/receipt/receipt.js";
import { concat } from "../../modules/bytes/index.js";
import { encodeBlock } from "../../modules/cardiac/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { Fragmenter } from "../../modules/gatt/index.js";
import { STREAM, StreamWriter } from "../../modules/reading/index.js";
import {
  deviceSession,
  type Exporter,
  encodeCommand,
  encodeReply,
  programmerSession,
} from "../../modules/session/index.js";
import { type Add, NOW, type Parties } from "./made.js";

export const FORMAT = { rateHz: 360, nanovoltsPerStep: 5000, channels: ["MLII"] };

/** A triangle of 36 samples: enough to see the codec at work. */
function samples(): Int16Array {
  return Int16Array.from({ length: 36 }, (_, i) => 10 * Math.min(i, 36 - i));
}

/** @returns header, reading and head, of boot 1 from sequence 0 on */
export async function stream(
  crypto: Crypto,
  { device, programmer }: Parties,
  exporter: Exporter,
  add: Add,
): Promise<Uint8Array[]> {
  const none = new Uint8Array(0);
  for (const [flow, name] of ["commands", "replies", "telemetry"].entries()) {
    add(`key, ${name}`, exporter(32768 + 2 * flow, none, 16));
    add(`common IV, ${name}`, exporter(32769 + 2 * flow, none, 13));
  }
  const session = deviceSession(crypto, exporter);
  const start = add("command start", encodeCommand(1, "start", [1, 1000, 10]));
  add("command start, encrypted", programmerSession(crypto, exporter).commands.seal(start));
  const reply = add("reply to start", encodeReply({ id: 1, code: 0, result: null }));
  add("reply to start, encrypted", session.replies.seal(reply));

  const { key, credential } = device;
  const writer = new StreamWriter(
    { crypto, key, kid: add("kid", credential.kid) },
    {
      boot: 1,
      stream: 1,
      firstSequence: 0,
      firstSample: 0,
      format: FORMAT,
      time: () => ({ seconds: NOW, uncertainty: 2 }),
    },
  );
  const header = add("stream header", await writer.header());
  session.telemetry.seal(header);
  const reading = add("reading", await writer.reading(encodeBlock([samples()]), 36));
  const message = session.telemetry.seal(reading);
  const [first, ...rest] = new Fragmenter().cut(add("reading, encrypted", message), 97);
  add("first fragment at an MTU of 100", first);
  add("second fragment", concat(...rest));
  const head = add("head", await writer.head());
  const book = new ReceiptBook(crypto);
  for (const [sequence, token] of [header, reading, head].entries())
    book.take(STREAM.ecg, token, { boot: 1, stream: STREAM.ecg, sequence });
  const [receipt] = await book.sign(programmer.key, credential.subject, NOW + 60);
  add("receipt", receipt as Uint8Array);
  return [header, reading, head];
}
