/** `npm run soak` on Node: see run.mjs. */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { createPortableCrypto } from "../../modules/crypto/portable/index.js";
import { Random } from "../fuzz/random.js";
import { type Machine, WARM_HOURS } from "./machine.js";
import { openssl } from "./openssl.js";
import { run } from "./report.js";

/** How far the heap may be above that after the first hours: code that V8 still compiles, and more of it on the first day. */
const ALLOWED_BYTES = { soon: 4 * 2 ** 20, later: 2 * 2 ** 20 };

const { values } = parseArgs({
  options: {
    hours: { type: "string", default: "168" },
    seed: { type: "string", default: "1" },
    crypto: { type: "string", default: "openssl" },
    json: { type: "boolean", default: false },
  },
});
/** Keys and nonces too come of the seed: the same run again is the same. */
const chance = new Random(Number(values.seed) ^ 0x5eed);
const noble = createPortableCrypto({
  deviceSecret: new Uint8Array(16).fill(0x5e),
  random: (length) => chance.bytes(length),
});
const soon = setImmediate; // the machine's own, as the soak puts its clock over the others
const machine: Machine = {
  name: `Node, cryptography by ${values.crypto}`,
  crypto: values.crypto === "noble" ? noble : openssl(noble),
  readBytes: (path) => new Uint8Array(readFileSync(path)),
  soon: (callback) => void soon(callback),
  heap() {
    for (let i = 0; i < 3; i++) globalThis.gc?.();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return { bytes: heapUsed + arrayBuffers };
  },
  show: ({ bytes }) => `${(bytes / 2 ** 20).toFixed(1)} MiB`,
  grown(before, after, hour) {
    const allowed = hour < WARM_HOURS ? ALLOWED_BYTES.soon : ALLOWED_BYTES.later;
    const more = after.bytes - before.bytes;
    if (more <= allowed) return [];
    return [`the heap: expected at most ${allowed} bytes more than after the first hours, came ${more}`];
  },
};
const terminal = process.stderr.isTTY;
const code = await run(machine, {
  hours: Number(values.hours),
  seed: Number(values.seed),
  json: values.json,
  step: terminal ? 0.5 : 12,
  progress: (line) => void process.stderr.write(terminal ? `\r\x1b[K${line}` : `${line}\n`),
  print: (text) => void process.stdout.write(`${text}\n`),
  nowMs: () => Date.now(),
});
process.exit(code);
