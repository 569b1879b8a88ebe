import { execFile } from "node:child_process";
import { budgets } from "../../bench/budgets.js";
import type { Figures } from "../../bench/figures.js";
import { deep, ok, same } from "../support/assert.js";

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function bench(...args: string[]): Promise<Run> {
  return new Promise((resolve) => {
    execFile(process.execPath, ["bench/run.mjs", ...args], { maxBuffer: 1 << 24 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

const SECONDS = 60;

const PROMISED = [
  ["engine", "string"],
  ["slotBytes", "number"],
  ["rawBytesPerSecond", "number"],
  ["airBytesPerSecond", "number"],
  ["airBytesPerSecond2s", "number"],
  ["jwtBytesPerSecond", "number"],
  ["meterPerReading", "number"],
  ["residentSlots", "number"],
  ["residentChunkBytes", "number"],
  ["heapPeakSlots", "number"],
  ["heapPeakChunkBytes", "number"],
  ["codecBitsPerSample", "number"],
  ["codecEncodeMeterPerSample", "number"],
  ["handshakeBytes", "number"],
  ["handshakeBytesKid", "number"],
  ["handshakeMeter", "number"],
  ["handshakeMeterKid", "number"],
  ["strictMeter", "number"],
  ["cborxEncodeMeter", "number"],
  ["cborxDecodeMeter", "number"],
] as const;

describe(`bench: the firmware on XS, ${SECONDS} s of the record`, function () {
  this.timeout(300_000);
  let figures: Record<string, number> & {
    engine: string;
    readingBytes: Record<string, number>;
    patient: Record<string, number>;
    handshakeMessages: number[];
    handshakeMessagesKid: number[];
    handshakeCredentials: number[];
    handshakeOperations: Record<string, number>;
    handshakeOperationsKid: Record<string, number>;
  };

  before(async function () {
    const { code, stdout, stderr } = await bench("--json", "--seconds", `${SECONDS}`);
    if (stderr.includes("cannot be built")) this.skip();
    same(code, 0, `exit code; ${stderr}`);
    figures = JSON.parse(stdout);
  });

  it("--json prints one object with all that is promised", () => {
    for (const [key, type] of PROMISED) {
      same(typeof (figures as Record<string, unknown>)[key], type, key);
      if (type === "number") ok(figures[key]! > 0, `expected ${key} above 0`);
    }
    ok(/^XS \d+\.\d+\.\d+$/.test(figures.engine), figures.engine);
    same(figures.rawBytesPerSecond, 720);
  });

  const atMost: [what: string, value: () => number, limit: () => number][] = [
    ["air bytes a second at 1 s a reading", () => figures.airBytesPerSecond!, () => 396],
    ["air bytes a second at 2 s a reading", () => figures.airBytesPerSecond2s!, () => 324],
    ["slots above resident", () => figures.heapPeakSlots!, () => 1000],
    ["bytes of chunks above resident", () => figures.heapPeakChunkBytes!, () => 32_768],
    ["slots, the simulated patient's three streams", () => figures.patient.heapPeakSlots!, () => 1000],
    ["bytes of chunks, the same", () => figures.patient.heapPeakChunkBytes!, () => 32_768],
    ["bytes of a handshake, credentials by value", () => figures.handshakeBytes!, () => 830],
    ["bytes of a handshake, credentials by kid", () => figures.handshakeBytesKid!, () => 280],
    ["bits a sample", () => figures.codecBitsPerSample!, () => 4.75],
    ["byte codes of the codec a sample", () => figures.codecEncodeMeterPerSample!, () => 300],
    ["strict pass: twice cbor-x's encode", () => figures.strictMeter!, () => 2 * figures.cborxEncodeMeter!],
    ["strict pass: thrice cbor-x's decode", () => figures.strictMeter!, () => 3 * figures.cborxDecodeMeter!],
  ];
  for (const [what, value, limit] of atMost)
    it(`${what}: within budget (DESIGN section 10)`, () =>
      ok(value() <= limit(), `expected at most ${limit()}, came ${value()}`));

  it("a budget that is exceeded is named, and no other", () => {
    const exceeded = (change: object) =>
      budgets({ ...figures, ...change } as unknown as Figures)
        .filter((budget) => !budget.within)
        .map((budget) => budget.figure);
    deep(exceeded({}), []);
    deep(exceeded({ airBytesPerSecond: 396.01 }), ["airBytesPerSecond"]);
    deep(exceeded({ heapPeakSlots: 1001, heapPeakChunkBytes: 32_769 }), [
      "heapPeakSlots",
      "heapPeakChunkBytes",
    ]);
    deep(exceeded({ handshakeBytes: 831 }), ["handshakeBytes"]);
    deep(exceeded({ handshakeBytesKid: 281 }), ["handshakeBytesKid"]);
  });

  it("a handshake by kid has the messages of RFC 9528 section 1.2 and what Vagus adds, to the octet", () => {
    const [version, longKid, longTag, message_4] = [5, 8, 8, 17];
    const rfc9528 = [37, 102, 77] as const;
    deep(figures.handshakeMessagesKid, [
      rfc9528[0] + version,
      rfc9528[1] + version + longKid,
      rfc9528[2] + longKid + longTag,
      message_4,
    ]);
  });

  it("by value, messages 2 and 3 are longer by no less than a credential", () => {
    const grown = figures.handshakeMessages.map((bytes, i) => bytes - figures.handshakeMessagesKid[i]!);
    const [programmer, device] = figures.handshakeCredentials as [number, number];
    deep([grown[0], grown[3]], [0, 0]);
    for (const [more, credential] of [
      [grown[1]!, programmer],
      [grown[2]!, device],
    ] as const)
      ok(more > credential - 9 && more < credential + 9, `${more} more for a credential of ${credential}`);
    ok(figures.handshakeMeterKid! < figures.handshakeMeter!, "fewer fragments are less work");
  });

  it("the device makes one key, agrees once, signs once, and verifies the peer's token and its signature", () => {
    const { generate, agree, sign, verify, decompressP256 } = figures.handshakeOperations;
    deep([generate, agree, sign, verify, decompressP256], [1, 1, 1, 2, 0]);
    deep(figures.handshakeOperationsKid, figures.handshakeOperations);
  });

  it("every stage but the codec adds to a reading, and the air carries what the last one made", () => {
    const { raw, samples, cwt, sign1, encrypt0, fragments } = figures.readingBytes as Record<string, number>;
    ok(samples! < raw!, "the codec makes it smaller");
    const stages = [samples!, cwt!, sign1!, encrypt0!, fragments!];
    for (let i = 1; i < stages.length; i++) ok(stages[i]! > stages[i - 1]!, `stage ${i} of ${stages}`);
    same(
      fragments,
      figures.readingsBytesPerSecond,
      "at 1 s a reading, a reading's bytes are the bytes a second",
    );
  });
});

describe("bench: the command", () => {
  it("--help tells how it measures, and exits with 0", async () => {
    const { code, stdout } = await bench("--help");
    same(code, 0);
    for (const word of ["--json", "--m32", "difference of two", "Exit codes"])
      ok(stdout.includes(word), `expected ${word} in the help`);
  });

  for (const args of [["--nonsense"], ["--seconds", "5"], ["--seconds", "ten"], ["extra"]])
    it(`${args.join(" ")}: wrong usage, exit code 2, nothing on standard output`, async () => {
      const { code, stdout, stderr } = await bench(...args);
      same(code, 2);
      same(stdout, "");
      ok(stderr.includes("--help tells more"), stderr);
    });
});
