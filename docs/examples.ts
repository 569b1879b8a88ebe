/**
 * The messages that PROTOCOL.md shows, made by the code that sends them, from fixed keys and fixed "random" bytes.
 * `npm run docs` writes them between the marks of the page; a test holds the page against them.
 */
import { concat, fromHex, toHex } from "../modules/bytes/index.js";
import { keyId } from "../modules/cose/index.js";
import { createPortableCrypto } from "../modules/crypto/portable/index.js";
import { Commands } from "../modules/device/commands.js";
import type { Streamer } from "../modules/device/streamer.js";
import { Fragmenter } from "../modules/gatt/index.js";
import { StreamWriter } from "../modules/reading/index.js";
import {
  deviceSession,
  encodeCommand,
  encodeReply,
  LabelInitiatorWaitLabel2,
  LabelResponderWaitLabel3,
  programmerSession,
} from "../modules/session/index.js";

export interface Example {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const LABEL = fromHex("000102030405060708090a0b0c0d0e0f");
const DEVICE_SEED = fromHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");

/** A "generator" that counts: every example can be made again by anyone. */
function countingRandom(): (length: number) => Uint8Array {
  let next = 0;
  return (length) => Uint8Array.from({ length }, () => next++ & 0xff);
}

/** A triangle of 36 samples: enough to see the codec at work. */
function samples(): Int16Array {
  return Int16Array.from({ length: 36 }, (_, i) => 10 * Math.min(i, 36 - i));
}

export async function examples(): Promise<Example[]> {
  const crypto = createPortableCrypto({ random: countingRandom() });
  const made: Example[] = [];
  const add = (name: string, bytes: Uint8Array): Uint8Array => {
    made.push({ name, bytes });
    return bytes;
  };

  const initiator = await LabelInitiatorWaitLabel2.start(crypto, LABEL);
  const responder = await LabelResponderWaitLabel3.answer(crypto, LABEL, add("label_1", initiator.label_1));
  const { label_3, exporter } = await initiator.receive(add("label_2", responder.label_2));
  responder.receive(add("label_3", label_3));
  const none = new Uint8Array(0);
  for (const [flow, name] of ["commands", "replies", "telemetry"].entries()) {
    add(`key, ${name}`, exporter(32768 + 2 * flow, none, 16));
    add(`common IV, ${name}`, exporter(32769 + 2 * flow, none, 13));
  }
  const device = deviceSession(crypto, exporter);
  const programmer = programmerSession(crypto, exporter);

  const key = await crypto.importKey("Ed25519", DEVICE_SEED);
  const signer = { crypto, key, kid: keyId(crypto, { curve: "Ed25519", publicKey: key.publicKey }) };
  add("kid", signer.kid);
  const time = () => ({ seconds: 1_800_000_000, uncertainty: 1 });
  const format = { rateHz: 360, nanovoltsPerStep: 5000, channels: ["MLII"] };

  const identify = add("command identify", encodeCommand(1, "identify", null));
  add("command identify, encrypted", programmer.commands.seal(identify));
  const commands = new Commands(signer, {} as Streamer);
  const request = await commands.run({ id: 1, name: "identify", parameters: null });
  add("request", request as Uint8Array);
  add("reply to identify, encrypted", device.replies.seal(encodeReply({ id: 1, code: 0, result: request })));
  const start = add("command start", encodeCommand(2, "start", [1, 1000, 10]));
  add("command start, encrypted", programmer.commands.seal(start));
  add("reply to start", encodeReply({ id: 2, code: 0, result: null }));

  const writer = new StreamWriter(signer, {
    boot: 1,
    stream: 1,
    firstSequence: 0,
    firstSample: 0,
    format,
    time,
  });
  const header = add("stream header", await writer.header());
  device.telemetry.seal(header);
  const reading = add("reading", await writer.reading([samples()]));
  const message = add("reading, encrypted", device.telemetry.seal(reading));
  const [first, ...rest] = new Fragmenter().cut(message, 97);
  add("first fragment at an MTU of 100", first);
  add("second fragment", concat(...rest));
  add("head", await writer.head());
  return made;
}

/** The page with each example in its place: behind `<!-- example: name -->`, in a block of its own. */
export function withExamples(page: string, made: readonly Example[]): string {
  let text = page;
  for (const { name, bytes } of made) {
    const mark = `<!-- example: ${name} -->\n`;
    const at = text.indexOf(mark);
    if (at < 0) throw new Error(`PROTOCOL.md has no mark for the example "${name}"`);
    const begin = at + mark.length;
    const end = text.indexOf("```\n", text.indexOf("```\n", begin) + 4) + 4;
    const block = `\`\`\`\n${name} (${bytes.length} bytes)\n${wrap(toHex(bytes))}\n\`\`\`\n`;
    const old = text.startsWith("```\n", begin) ? end : begin;
    text = text.slice(0, begin) + block + text.slice(old);
  }
  return text;
}

function wrap(hex: string): string {
  return (hex.match(/.{1,96}/g) ?? [""]).join("\n");
}
