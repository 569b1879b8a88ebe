/** A stream of one reading, from the command that starts it to its head. */
import { concat } from "../../modules/bytes/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import { Fragmenter } from "../../modules/gatt/index.js";
import { StreamWriter } from "../../modules/reading/index.js";
import {
  deviceSession,
  type Exporter,
  encodeCommand,
  encodeReply,
  programmerSession,
} from "../../modules/session/index.js";
import { type Add, NOW, type Parties } from "./made.js";

/** A triangle of 36 samples: enough to see the codec at work. */
function samples(): Int16Array {
  return Int16Array.from({ length: 36 }, (_, i) => 10 * Math.min(i, 36 - i));
}

export async function stream(
  crypto: Crypto,
  { device }: Parties,
  exporter: Exporter,
  add: Add,
): Promise<void> {
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
      format: { rateHz: 360, nanovoltsPerStep: 5000, channels: ["MLII"] },
      time: () => ({ seconds: NOW, uncertainty: 2 }),
    },
  );
  session.telemetry.seal(add("stream header", await writer.header()));
  const message = session.telemetry.seal(add("reading", await writer.reading([samples()])));
  const [first, ...rest] = new Fragmenter().cut(add("reading, encrypted", message), 97);
  add("first fragment at an MTU of 100", first);
  add("second fragment", concat(...rest));
  add("head", await writer.head());
}
