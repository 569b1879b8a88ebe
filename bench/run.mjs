/** npm run bench: builds what is needed and measures; --help tells the rest. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ensurePackages } from "../sim/build/ensure.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

const help = `npm run bench [-- OPTIONS]
Figures of the firmware on the XS engine: bytes on air, work, heap. Counts, not times.

  --json        one JSON object on standard output (npm run --silent bench -- --json)
  --seconds N   only the first N seconds of the record, 10 to 300 (300)
  --m32         builds and measures a 32-bit engine, with the sizes of an ESP32; Debian:
                dpkg --add-architecture i386 && apt-get update &&
                apt-get install gcc-multilib libmbedtls-dev:i386 libsodium-dev:i386
  --radio       instead: what the virtual radio carries, for MTUs of 23, 185 and 247, and how fast backfill is. Counted in the
                air's own time, on Node: the firmware's work is not part of it but in the last column, which is timed
  --help

How. The firmware runs whole in the headless runner and streams the record, unpaced, over a loopback socket to a
programmer on Node, which verifies every token and compares every sample.
  on air   every octet of every notification's value: COSE, claims, samples, fragments' headers; the stream's signed
           header and head too. ATT's three octets a packet and what lies below are not counted.
  jwt      the same readings by the npm package jose: claims and raw int16 samples (base64url) in a JWS with EdDSA, that in a
           JWE with A128GCM (dir), both compact; octets of the tokens, not cut in fragments.
  meter    byte codes that XS ran; native code (cryptography) is not among them. A reading's is the difference of two
           runs, of N and of N/5 readings, divided by the difference in readings: what comes before and after cancels out.
  heart    two channels at 250 Hz, a minute of each rhythm: the dearest. The pacer alone is given P waves at 70 a minute, which it
           tracks, with every function of DDD switched on.
  display  the view of 320 × 240 and of 240 × 320, a paced heart; 25 frames a second. Poco and SPI, which are not JavaScript, are not in it.
  journal  512 sectors, full, of readings of 400 bytes; what the flash itself runs is not counted.
  handshake
           EDHOC with the device as Initiator, both credentials by value (the programmer's has every scope) and then, in the
           next session, by kid. Bytes are those of the four messages, without fragments' headers. The meter is the difference of two
           runs of the whole firmware, of one session and of two; a session is connecting, the handshake with its fragments, and
           hanging up as soon as the device says that it has authenticated. Operations are the calls of the Crypto port
           by the device's handshake alone, run on XS against a programmer in the same machine whose own are not
           counted: the verification of the peer's token is among them, keys of the session's flows are not.
  heap     resident is what is in use when the program is loaded, XS's own included, which a device keeps in ROM. From
           there the heap grows only by what live data needs, in steps of 8 slots and 1,024 bytes. With the simulated
           patient all three streams are heard: sinus rhythm, a fibrillation in readings of 250 ms, a tachycardia in
           readings of 4 s; the most of them. A handshake while streams are still recorded is not among these.
All are the same on every run: the programmer is still for 10 ms before each write, so that the device has read what came
before, and nothing is cut or joined by chance.

Exit codes: 0 measured, and all within budget; 1 something failed, or a budget is exceeded (it is named); 2 usage.
`;

/** @returns the options, or undefined when there is nothing to do any more. */
function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        json: { type: "boolean", default: false },
        radio: { type: "boolean", default: false },
        m32: { type: "boolean", default: false },
        seconds: { type: "string", default: "300" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    if (values.help) {
      process.stdout.write(help);
      return undefined;
    }
    const seconds = Number(values.seconds);
    if (!(Number.isInteger(seconds) && seconds >= 10 && seconds <= 300))
      throw new Error(`--seconds: expected a number from 10 to 300, came ${values.seconds}`);
    return { ...values, seconds };
  } catch (error) {
    process.stderr.write(`bench: ${error.message} (--help tells more)\n`);
    process.exitCode = 2;
    return undefined;
  }
}

/** A line on standard error; the next takes its place on a terminal. */
function progress(what) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${what && `Measuring: ${what} …`}`);
  else if (what) process.stderr.write(`Measuring: ${what}\n`);
}

async function radio(json) {
  const { bundle } = await import("../sim/build/bundle.mjs");
  const outfile = join(root, "build/bench/radio.mjs");
  await bundle({ entry: join(root, "bench/radio.ts"), engine: "node", outfile });
  const { benchRadio } = await import(outfile);
  return benchRadio({ record: join(root, "sim/hearts/mitbih-208-mlii-360hz.u16le"), json, progress });
}

async function build(m32) {
  const { ensureRunner } = await import("../sim/build/runner.mjs");
  const { bundle } = await import("../sim/build/bundle.mjs");
  const runner = await ensureRunner({ m32 });
  const made = async (entry, engine, outfile) => {
    const path = join(root, "build/bench", outfile);
    await bundle({ entry: join(root, entry), engine, outfile: path, bare: true });
    return path;
  };
  const built = {
    runner,
    firmware: await made("main.ts", "xs", "firmware.js"),
    codec: await made("bench/xs/codec.ts", "xs", "codec.js"),
    cbor: await made("bench/xs/cbor.ts", "xs", "cbor.js"),
    heart: await made("bench/xs/heart.ts", "xs", "heart.js"),
    display: await made("bench/xs/display.ts", "xs", "display.js"),
    pacer: await made("bench/xs/pacer.ts", "xs", "pacer.js"),
    journal: await made("bench/xs/journal.ts", "xs", "journal.js"),
    edhoc: await made("bench/xs/handshake.ts", "xs", "handshake.js"),
    record: join(root, "sim/hearts/mitbih-208-mlii-360hz.u16le"),
  };
  const main = await made("bench/main.ts", "node", "main.mjs");
  return { main, built };
}

const options = readOptions();
if (options) {
  try {
    await ensurePackages();
    if (options.radio) process.exitCode = await radio(options.json);
    else {
      const { main, built } = await build(options.m32);
      const { bench } = await import(main);
      process.exitCode = await bench({ built, seconds: options.seconds, json: options.json, progress });
    }
  } catch (error) {
    progress("");
    process.stderr.write(`bench: ${error.message}\n`);
    process.exitCode = 1;
  }
}
