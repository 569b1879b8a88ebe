import { simulatedPatient } from "../../../../modules/cardiac/index.js";
import { MemoryFlash } from "../../../../modules/flash/index.js";
import { Bench } from "../../../../modules/platform/headless/bench.js";
import { CutFlash } from "../../../../modules/platform/headless/cut-flash.js";
import { type PowerLoss, World } from "../../../../modules/platform/headless/world.js";
import type { ByteStream } from "../../../../modules/platform/loopback/peripheral.js";
import { deep, ok, same, throws } from "../../../support/assert.js";

function bench(patient: ReturnType<typeof simulatedPatient> | undefined) {
  const ranges: boolean[] = [];
  const losses: PowerLoss[] = [];
  const world = new World({
    patient,
    range: (inRange) => ranges.push(inRange),
    power: (loss) => losses.push(loss),
  });
  let answers: string[] = [];
  const tell = (line: string) => {
    answers = [];
    new Bench(false, world).obey(line, (answer) => answers.push(answer));
    return answers.map((answer) => JSON.parse(answer))[0];
  };
  return { patient: patient as ReturnType<typeof simulatedPatient>, world, ranges, losses, tell };
}

describe("the world that a bench changes", () => {
  const changes: [line: string, name: string, value: unknown][] = [
    ['{"rhythm":"avb3"}', "rhythm", "avb3"],
    ['{"rhythm":"sinus","bpm":90}', "rhythm", "sinus"],
    ['{"mode":"VVI"}', "mode", "VVI"],
    ['{"lead":"atrium","fault":"fracture"}', "leads", { atrium: "fracture", ventricle: "none" }],
    ['{"noise":{"mainsUv":300}}', "noise", { mainsUv: 300 }],
    ['{"battery":8}', "batteryPercent", 8],
    ['{"battery":8}', "batteryStatus", "ERN"],
    ['{"magnet":true}', "magnet", true],
    ['{"range":false}', "range", false],
  ];
  for (const [line, name, value] of changes) {
    it(`${line} is answered by a world in which ${name} is ${JSON.stringify(value)}`, () => {
      const { tell } = bench(simulatedPatient());
      deep(tell(line).world[name], value);
    });
  }

  it("a lead that breaks no longer captures, and one that is mended does", () => {
    const { patient, tell } = bench(simulatedPatient());
    tell('{"lead":"ventricle","fault":"fracture"}');
    same(patient.lead("ventricle").impedanceOhm, 12_800);
    tell('{"lead":"ventricle","fault":"none"}');
    same(patient.lead("ventricle").impedanceOhm, 640);
  });

  it("a rhythm and a magnet are seen in what the pacer does", () => {
    const { patient, tell } = bench(simulatedPatient());
    tell('{"rhythm":"asystole"}');
    patient.liveUntil(10_000);
    patient.takeMarkers(5_000);
    same([...new Set(patient.takeMarkers(10_000).map(({ name }) => name))].sort().join(" "), "AP VP");
    tell('{"magnet":true}');
    patient.liveUntil(20_000);
    same(patient.parameters.mode, "DOO");
    same(patient.parameters.lowerRateLimitPpm, 100);
  });

  it("range and power go to whoever has them", () => {
    const { ranges, losses, tell } = bench(simulatedPatient());
    for (const line of ['{"range":false}', '{"range":true}', '{"power":"cut"}', '{"power":"write"}'])
      tell(line);
    deep(ranges, [false, true]);
    deep(losses, ["cut", "write"]);
  });

  const refused: [line: string, expected: RegExp][] = [
    ['{"rhythm":"samba"}', /rhythm of sinus/],
    ['{"rhythm":"sinus","bpm":500}', /20 to 220/],
    ['{"lead":"atrium","fault":"rust"}', /none, fracture/],
    ['{"lead":"septum","fault":"none"}', /atrium, ventricle/],
    ['{"noise":{"mainsUv":1e9}}', /0 to 5000/],
    ['{"noise":{"humUv":1}}', /wanderUv/],
    ['{"noise":5}', /expected an object/],
    ['{"noise":null}', /expected an object/],
    ['{"noise":[]}', /expected an object/],
    ['{"battery":"full"}', /0 to 100/],
    ['{"mode":"DDDR"}', /AOO/],
    ['{"magnet":1}', /true, false/],
    ['{"range":"far"}', /true, false/],
    ['{"power":"up"}', /cut, write, reset/],
  ];
  for (const [line, expected] of refused) {
    it(`${line} is refused, and nothing has changed`, () => {
      const { tell, world, ranges, losses } = bench(simulatedPatient());
      const before = JSON.stringify(world.state);
      const { refused, detail } = tell(line);
      same(refused, "cardiac/parameter");
      ok(expected.test(detail), detail);
      same(JSON.stringify(world.state), before);
      same(ranges.length + losses.length, 0);
    });
  }

  it("what is no line of it is passed over", () => {
    const { tell } = bench(simulatedPatient());
    for (const line of ["", "{", "[]", "null", "7", '{"weather":"fair"}', '{"__proto__":1}'])
      same(tell(line), undefined);
  });

  it("a recorded heart has no rhythm to change, but a range", () => {
    const { tell, ranges } = bench(undefined);
    ok(/recorded/.test(tell('{"rhythm":"avb3"}').detail));
    tell('{"range":false}');
    deep(ranges, [false]);
  });

  it("speaks ASCII over its socket, whatever a message holds", () => {
    const said: number[] = [];
    const stream: ByteStream = {
      write: (bytes) => said.push(...bytes) > 0,
      close() {},
      listener: { data() {}, writable() {}, closed() {} },
    };
    new Bench(false, bench(simulatedPatient()).world).accept(stream);
    stream.listener.data(Uint8Array.from('{"rhythm":"wörld"}\n', (letter) => letter.charCodeAt(0)));
    ok(said.length > 0 && said.every((byte) => byte < 127) && said[said.length - 1] === 10);
  });
});

describe("flash whose power is cut in a write", () => {
  it("has half of its bytes and none that come after, and says so once", () => {
    let gone = 0;
    const memory = new MemoryFlash(2);
    const flash = new CutFlash(memory, () => gone++);
    flash.program(0, Uint8Array.of(1, 2));
    flash.cutNextWrite();
    throws("flash/program", () => flash.program(8, Uint8Array.of(1, 2, 3, 4)));
    throws("flash/program", () => flash.program(16, Uint8Array.of(5)));
    throws("flash/program", () => flash.erase(0));
    deep([...memory.read(0, 2)], [1, 2]);
    deep([...memory.read(8, 4)], [1, 2, 0xff, 0xff]);
    deep([...memory.read(16, 1)], [0xff]);
    same(gone, 1);
  });
});
