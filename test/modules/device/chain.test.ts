/** What sequences may have been used is in flash before they are (DESIGN sections 6 and 9): no cti comes twice. */
import { SECTOR } from "../../../modules/credential/index.js";
import type { MemoryFlash } from "../../../modules/flash/index.js";
import { RESERVED, readChain } from "../../../modules/reading/index.js";
import { deep, ok, same } from "../../support/assert.js";
import { type Bench, type ScriptedProgrammer, startDevice } from "./bench.js";
import { another, crypto, inSession } from "./in-session.js";

const READ = ["ecg:read"];

/** Streams so many readings of the shortest kind, with header and head. */
async function stream(
  { clock, device }: Bench,
  programmer: ScriptedProgrammer,
  readings: number,
): Promise<void> {
  same(await programmer.code("start", [1, 250, readings]), undefined);
  for (let n = 0; device.streams.running() && n < readings + 9; n++) await clock.pass(250);
  same(device.streams.running(), false);
}

/** The first 16 bytes of the SHA-256 of a token, as the programmer has it: what the one after names. */
function hashes(programmer: ScriptedProgrammer, telemetry: readonly Uint8Array[]): Map<number, Uint8Array> {
  return new Map(
    programmer.tokens.map(({ cti }, n) => [cti.sequence, crypto.sha256(telemetry[n]!).slice(0, 16)]),
  );
}

describe("The chain record (DESIGN section 9)", () => {
  it("none before the first token; then a ceiling above every sequence that was sent, over three reservations", async () => {
    const { bench, programmer } = await inSession(READ);
    const { flash } = bench;
    deep(readChain(flash, SECTOR.chain), []);
    const { session } = programmer;
    const open = session!.telemetry.open.bind(session!.telemetry);
    const plain: Uint8Array[] = [];
    session!.telemetry.open = (message: Uint8Array) => {
      const token = open(message);
      plain.push(token.slice());
      const sequence = plain.length - 1;
      const [mark] = readChain(flash, SECTOR.chain);
      ok(sequence < mark!.ceiling, `${sequence} is below ${mark!.ceiling}`);
      ok(mark!.ceiling <= sequence + RESERVED, "no further than it says");
      return token;
    };
    await stream(bench, programmer, RESERVED + 40);
    await stream(bench, programmer, RESERVED - 40);
    same(programmer.tokens.length, 2 * RESERVED + 4);
    const { last, ...mark } = readChain(flash, SECTOR.chain)[0]!;
    deep(mark, { boot: 2, stream: 1, ceiling: 3 * RESERVED });
    same(last!.sequence, 2 * RESERVED - 1);
    deep(last!.hash, hashes(programmer, plain).get(last!.sequence));
  });

  it("reserved at a stream's header: the last hash is the stream's before, its head's", async () => {
    const { bench, programmer } = await inSession(READ);
    const { session } = programmer;
    const open = session!.telemetry.open.bind(session!.telemetry);
    const plain: Uint8Array[] = [];
    session!.telemetry.open = (message: Uint8Array) => {
      const token = open(message);
      plain.push(token.slice());
      return token;
    };
    await stream(bench, programmer, RESERVED - 2);
    deep(programmer.heard.at(-1), `head 2/${RESERVED - 1}`);
    await stream(bench, programmer, 1);
    const mark = readChain(bench.flash, SECTOR.chain)[0]!;
    deep([mark.ceiling, mark.last?.sequence], [2 * RESERVED, RESERVED - 1]);
    deep(mark.last?.hash, crypto.sha256(plain[RESERVED - 1]!).slice(0, 16));
  });

  it("over restarts and sessions, stopped, cut and closed: no cti comes twice, and each boot begins anew", async () => {
    const seen = new Set<string>();
    let { bench, programmer, clinic } = await inSession(READ);
    for (let boot = 2; boot < 6; boot++) {
      for (let session = 0; session < 2; session++) {
        await stream(bench, programmer, 2);
        await programmer.command("start", [1, 250, 0]);
        await bench.clock.pass(600);
        for (const heard of programmer.heard) {
          const cti = heard.split(" ")[1]!;
          ok(cti.startsWith(`${boot}/`) && !seen.has(cti), `${cti} again`);
          seen.add(cti);
        }
        bench.peripheral.lose();
        programmer = await another(bench, clinic, READ);
      }
      const mark = readChain(bench.flash, SECTOR.chain)[0]!;
      deep([mark.boot, mark.ceiling], [boot, RESERVED]);
      ({ bench, programmer, clinic } = await inSession(READ, { flash: bench.flash, clinic }));
    }
    same(seen.size, 4 * 2 * 7);
  });

  it("flash that takes no more reservation: no token goes out, recording ends, and the device goes on", async () => {
    const { bench, programmer, clinic } = await inSession(READ);
    const flash = bench.flash as MemoryFlash;
    const { program } = flash;
    flash.program = () => {};
    await programmer.command("start", [1, 250, 0]);
    await bench.clock.pass(1000);
    deep([programmer.tokens.length, bench.device.streams.running()], [0, false]);
    deep([...new Set(bench.refusals())], ["flash/program"]);
    flash.program = program;
    bench.peripheral.lose();
    const next = await another(bench, clinic, READ);
    await stream(bench, next, 1);
    same(next.tokens.length, 3);
    same((await startDevice(crypto, flash)).device.holder.boot, 3);
  });
});
