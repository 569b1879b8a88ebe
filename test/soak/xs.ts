/** `npm run soak -- --engine xs`: the device and both programmers in one XS, with the cryptography of its C. */
import { cryptos, readBytes } from "engine";
import type { Machine } from "./machine.js";
import { run } from "./report.js";

/** How far the heap may be above that after the first hours. */
const ALLOWED = { slots: 256, bytes: 8192 };

const [hours, seed, json] = native("xs_arguments")();
const setTimer = native("xs_timer_set");
const machine: Machine = {
  name: native("xs_engine")(),
  crypto: cryptos[0]!,
  readBytes,
  soon: (callback) => void setTimer(callback, 1),
  heap() {
    for (let i = 0; i < 3; i++) native("xs_collect")();
    const { slots, chunkBytes } = native("xs_heap")();
    return { slots, bytes: chunkBytes };
  },
  show: ({ slots, bytes }) => `${slots} slots and ${bytes} bytes of chunks`,
  grown(before, after) {
    const slots = after.slots! - before.slots!;
    const bytes = after.bytes - before.bytes;
    if (slots <= ALLOWED.slots && bytes <= ALLOWED.bytes) return [];
    const allowed = `${ALLOWED.slots} slots and ${ALLOWED.bytes} bytes of chunks`;
    return [
      `the heap: expected at most ${allowed} more than after the first hours, came ${slots} and ${bytes}`,
    ];
  },
};
declare const console: { log(...values: unknown[]): void };
run(machine, {
  hours: Number(hours),
  seed: Number(seed),
  json: json === "true",
  step: 1,
  progress: (line) => json === "true" || console.log(line),
  print: (text) => console.log(text),
  nowMs: () => native("xs_clock_monotonic")(),
}).then(
  (code) => native("xs_exit")(code),
  (error: Error) => {
    console.log(error.stack ?? `${error}`);
    native("xs_exit")(1);
  },
);
