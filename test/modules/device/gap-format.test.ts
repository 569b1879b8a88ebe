/** What a gap says of the readings that are gone: what they were made of, not what is made now. */
import { PacedSensor, type SampleSource } from "../../../modules/cardiac/index.js";
import { type AcceptedToken, STREAM, type StreamFormat } from "../../../modules/reading/index.js";
import { deep, ok, same } from "../../support/assert.js";
import { type Bench, type ScriptedProgrammer, SteppedClock, startDevice } from "./bench.js";
import { Clinic, DAY, MADE_AT } from "./clinic.js";
import { another, crypto } from "./in-session.js";

const ECG = STREAM.ecg;
const ONE: StreamFormat = { rateHz: 360, nanovoltsPerStep: 5000, channels: ["MLII"] };
const TWO: StreamFormat = { rateHz: 250, nanovoltsPerStep: 1000, channels: ["I", "II"] };
/** Sensors of one stream are of one kind while it runs; the next start may have another. */
const FORMATS = [ONE, TWO];

/** Samples that say of which channel they are. */
function source(format: StreamFormat): SampleSource {
  const draw = (channel: number, first: number, count: number) =>
    Int16Array.from({ length: count }, (_, n) => channel * 100 + ((first + n) % 50));
  const read = (first: number, count: number) =>
    format.channels.map((_, channel) => draw(channel, first, count));
  return { format: { ...format, channels: [...format.channels] }, length: Infinity, read };
}

class Ward {
  clinic!: Clinic;
  bench!: Bench;

  /** The power comes, with this kind of sensor; so many seconds are recorded, and then it goes. */
  async boot(format: StreamFormat, seconds: number, sectors?: number): Promise<void> {
    this.clinic ??= await Clinic.open(crypto);
    const flash =
      this.bench?.flash ?? (await this.clinic.provisionedFlash({ expires: MADE_AT + 1000 * DAY }, sectors));
    const clock = new SteppedClock();
    const sensor = new PacedSensor(source(format), { clock: () => clock.now });
    this.bench = { ...(await startDevice(crypto, flash, { clock, sensor })), clock };
    const programmer = await another(this.bench, this.clinic, ["ecg:read"]);
    same(await programmer.code("start", [ECG, 1000, 0]), undefined);
    this.bench.peripheral.lose();
    await clock.pass(1000 * seconds);
  }

  /** Everything from a token on, as one hears it who has nothing. */
  async fetch(boot: number, sequence: number): Promise<ScriptedProgrammer> {
    const programmer = await another(this.bench, this.clinic, ["ecg:read"]);
    same(await programmer.code("fetch", [ECG, boot, sequence]), undefined);
    await this.bench.clock.pass(1000);
    this.bench.peripheral.lose();
    return programmer;
  }
}

/** Behind the gap every reading is of what its own boot's sensor gave. */
function rightSamples(tokens: readonly AcceptedToken[]): number {
  let readings = 0;
  for (const token of tokens) {
    if (token.kind !== "reading" || token.stream !== ECG) continue;
    readings++;
    const { channels } = FORMATS[token.cti.boot % 2] as StreamFormat; // boots 2 and 3
    same(token.channels.length, channels.length, `boot ${token.cti.boot}`);
    for (const [index, samples] of token.channels.entries())
      deep(
        [...samples],
        [...samples].map((_, n) => index * 100 + ((token.firstSample + n) % 50)),
      );
  }
  return readings;
}

describe("A gap's format", () => {
  it("is that of the readings that went, though the sensor is another by now", async () => {
    const ward = new Ward();
    await ward.boot(ONE, 40);
    await ward.boot(TWO, 45);
    const { tokens } = await ward.fetch(1, 0);
    const gap = tokens.find(({ kind }) => kind === "gap");
    ok(gap?.kind === "gap");
    deep([gap.first, gap.last.boot], [{ boot: 2, sequence: 0 }, 2]);
    deep([gap.format, gap.mixed], [ONE, false]);
    ok(rightSamples(tokens) > 45);
    ok(
      tokens.some(({ kind, cti }) => kind === "reading" && cti.boot === 2),
      "some of the first boot are left",
    );
  });

  it("says that the first of them had another, to whoever misses those too", async () => {
    const ward = new Ward();
    await ward.boot(ONE, 40);
    await ward.boot(TWO, 130);
    for (const [boot, mixed] of [
      [1, true],
      [3, false],
    ] as const) {
      const { tokens } = await ward.fetch(boot, 0);
      const gap = tokens.find(({ kind }) => kind === "gap");
      ok(gap?.kind === "gap");
      deep([gap.first.boot, gap.last.boot], [boot === 1 ? 2 : 3, 3]);
      deep([gap.format, gap.mixed], [TWO, mixed]);
      ok(rightSamples(tokens) > 20);
    }
  });

  it("that the journal could not keep is known while the power is on, and left open behind that", async () => {
    const ward = new Ward();
    const long = { ...ONE, channels: ["a lead whose name is longer than what the journal keeps of it"] };
    await ward.boot(long, 130);
    for (const format of [long, undefined]) {
      const { tokens } = await ward.fetch(1, 0);
      const gap = tokens.find(({ kind }) => kind === "gap");
      ok(gap?.kind === "gap");
      deep([gap.format, gap.mixed, gap.last.boot], [format, false, 2]);
      if (format !== undefined) await ward.boot(TWO, 0);
    }
  });
});
