/**
 * The messages that PROTOCOL.md shows, made by the code that sends them, from fixed keys and fixed "random" bytes.
 * `npm run docs` writes them between the marks of the page; a test holds the page against them.
 */
import { toHex } from "../../modules/bytes/index.js";
import { createPortableCrypto } from "../../modules/crypto/portable/index.js";
import { life } from "./life.js";
import { type Add, countingRandom, type Example, parties } from "./made.js";
import { pacing } from "./pacing.js";
import { recording } from "./recording.js";
import { edhoc, labelSession } from "./sessions.js";
import { stream } from "./stream.js";
import { streams } from "./streams.js";

export async function examples(): Promise<Example[]> {
  const crypto = createPortableCrypto({ random: countingRandom(), deviceSecret: new Uint8Array(16).fill(9) });
  const made: Example[] = [];
  const add: Add = (name, bytes) => {
    made.push({ name, bytes });
    return bytes;
  };
  const all = await parties(crypto, add);
  await labelSession(crypto, all, add);
  const tokens = await stream(crypto, all, await edhoc(crypto, all, add), add);
  await life(crypto, all, add);
  await recording(crypto, all, tokens, add);
  await streams(crypto, all, tokens, add);
  await pacing(crypto, all, add);
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
