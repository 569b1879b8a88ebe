/** `npm run soak`: see run.mjs. */
import { parseArgs } from "node:util";
import { createPortableCrypto } from "../../modules/crypto/portable/index.js";
import { openssl } from "./openssl.js";
import { soak } from "./soak.js";

const { values } = parseArgs({
  options: {
    days: { type: "string", default: "7" },
    hours: { type: "string" },
    seed: { type: "string", default: "1" },
    crypto: { type: "string", default: "openssl" },
    json: { type: "boolean", default: false },
  },
});
const hours = values.hours === undefined ? Number(values.days) * 24 : Number(values.hours);
const seed = Number(values.seed);
const usable =
  hours > 0 && Number.isSafeInteger(seed) && (values.crypto === "openssl" || values.crypto === "noble");
if (!usable) {
  process.stderr.write(
    "npm run soak: expected --days N, --hours N, --seed N, --crypto openssl or noble (--help tells more)\n",
  );
  process.exit(2);
}
const noble = createPortableCrypto({ deviceSecret: new Uint8Array(16).fill(0x5e) });
const write = process.stderr.isTTY
  ? (line: string) => process.stderr.write(`\r\x1b[K${line}`)
  : (line: string) => process.stderr.write(`${line}\n`);
const began = Date.now();
let shown = 0;
const result = await soak({
  crypto: values.crypto === "noble" ? noble : openssl(noble),
  seed,
  hours,
  record: "sim/hearts/mitbih-208-mlii-360hz.u16le",
  progress: (at, line) => {
    const step = process.stderr.isTTY ? 0.5 : 12;
    if (at < shown + step) return;
    shown = at;
    write(`hour ${at.toFixed(1)} of ${hours}: ${line}`);
  },
});
const seconds = (Date.now() - began) / 1000;
const whole = result.problems.length === 0 && result.notAccounted === 0;
if (values.json)
  process.stdout.write(`${JSON.stringify({ ...result, crypto: values.crypto, seconds, whole })}\n`);
else {
  const [before, after] = result.heapBytes.map((bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`);
  process.stdout.write(
    [
      ``,
      `  seed        ${seed}, cryptography by ${values.crypto}, ${result.hours.toFixed(1)} hours of simulated time in ${seconds.toFixed(0)} s`,
      `  faults      ${result.lostLinks} visits of ${result.visits} ended by a fault; ${result.powerCuts} power cuts in the midst of a write; ${result.malformed} values that mean nothing`,
      `  readings    ${result.kept} tokens kept by the device, ${result.received} received and verified, ${result.samples} samples, each held against the heart`,
      `  gone        ${result.declaredGone} in ${result.gaps} signed gaps; ${result.releases} releases; neither received nor declared: ${result.notAccounted}`,
      `  audit log   ${result.auditEntries} entries, both chains verified`,
      `  heap        ${before} behind the first hour, ${after} in the end`,
      ...result.problems.slice(0, 10).map((problem) => `  PROBLEM     ${problem}`),
      `  ${whole ? "nothing was lost" : "SOMETHING WAS LOST"}`,
      ``,
    ].join("\n"),
  );
}
process.exit(whole ? 0 : 1);
