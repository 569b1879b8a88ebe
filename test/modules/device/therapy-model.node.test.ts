/** Whatever is asked for, in whatever order, lost, repeated and cut off: the patient is paced as the model says. */
import fc from "fast-check";
import { NOMINAL, type PacingParameters, parametersToNumbers } from "../../../modules/cardiac/index.js";
import { errorCode } from "../../../modules/error/index.js";
import type { Flash } from "../../../modules/flash/index.js";
import { type CommandName, requestHash } from "../../../modules/session/index.js";
import { deep, ok, same } from "../../support/assert.js";
import type { ScriptedProgrammer } from "./bench.js";
import { Clinic, DAY, MADE_AT } from "./clinic.js";
import { another, crypto } from "./in-session.js";
import {
  type Act,
  type Answer,
  type Asked,
  HAPPENINGS,
  type Happening,
  type InForce,
  TherapyModel,
} from "./therapy-model.js";
import { PROGRAMMING, type Treated, treated } from "./treated.js";

/** In a magnet's mode at its rate, and in Pace-Now's (sections 3.6.3 and 4.8 of the specification). */
const SETS: readonly PacingParameters[] = [
  NOMINAL,
  { ...NOMINAL, mode: "VVI", lowerRateLimitPpm: 45 },
  { ...NOMINAL, mode: "AAI", lowerRateLimitPpm: 70 },
  { ...NOMINAL, mode: "DDD", lowerRateLimitPpm: 80, avDelayMs: 200 },
];
const WRONG: readonly PacingParameters[] = [
  { ...NOMINAL, lowerRateLimitPpm: 29 },
  { ...NOMINAL, lowerRateLimitPpm: 180 },
  { ...NOMINAL, avDelayMs: 155 },
  { ...NOMINAL, lowerRateLimitPpm: 150 }, // above the upper one
];
const numbers = (of: PacingParameters) => parametersToNumbers(of);
const hashes = SETS.map((set) => requestLike(set));

/** What names a set: the first 16 bytes of the SHA-256 of its numbers' CBOR, each below 24 or with its width before it. */
function requestLike(set: PacingParameters): Uint8Array {
  const bytes: number[] = [0x95];
  for (const number of numbers(set)) {
    const [major, value] = number < 0 ? [0x20, -1 - number] : [0, number];
    if (value < 24) bytes.push(major | value);
    else if (value < 256) bytes.push(major | 24, value);
    else bytes.push(major | 25, value >> 8, value & 255);
  }
  return crypto.sha256(Uint8Array.from(bytes)).slice(0, 16);
}

/** Another set is in force from a safe point of the cycle on. */
const CYCLES_MS = 3000;

const set = fc.nat(SETS.length - 1);
const request = { set, operation: fc.integer({ min: 1, max: 6 }), temporary: fc.boolean() };
const plain = (
  ...kinds: ("open" | "lose" | "close" | "word" | "paceNow" | "cancel" | "restart" | "magnet")[]
) => fc.record({ kind: fc.constantFrom(...kinds) });
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 4, arbitrary: plain("open", "word", "word") },
  { weight: 3, arbitrary: plain("lose", "close", "restart", "magnet") },
  { weight: 3, arbitrary: plain("paceNow", "cancel") },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("stage" as const), set }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("program" as const), ...request }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("outcome" as const), ...request }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("wrong" as const), which: fc.nat(WRONG.length - 1) }),
  },
);
/** Most of what a clinician does: opens, gets the word, stages and programs it, asks again; with anything in between. */
const visit: fc.Arbitrary<Act[]> = fc
  .record({
    ...request,
    between: fc.array(act, { maxLength: 4 }),
    behind: fc.array(act, { maxLength: 4 }),
    again: fc.constantFrom("program", "outcome", undefined),
  })
  .map(({ between, behind, again, ...request }) => [
    { kind: "open" },
    { kind: "word" },
    ...between,
    { kind: "stage", set: request.set },
    { kind: "program", ...request },
    ...(again === undefined ? [] : [{ kind: again, ...request }]),
    ...behind,
  ]);

class Bedside {
  it!: Treated;
  programmer: ScriptedProgrammer | undefined;
  readonly clinic: Clinic;
  readonly #flash: Flash;

  constructor(clinic: Clinic, flash: Flash) {
    this.clinic = clinic;
    this.#flash = flash;
  }

  async start(magnet: boolean): Promise<void> {
    this.it = await treated({ clinic: this.clinic, flash: this.#flash, magnetAtStart: magnet });
    this.programmer = undefined;
  }

  async happen(kind: Happening, magnet: boolean): Promise<void> {
    const { bench } = this.it;
    if (kind === "restart") await this.start(magnet);
    if (kind === "magnet") magnet ? this.it.magnet.press() : this.it.magnet.release();
    if (kind === "word") same(await this.programmer!.refresh(), 0);
    if (kind === "close") same((await this.programmer!.command("close", null)).code, 0);
    if (kind === "lose" || kind === "close" || kind === "open") {
      bench.peripheral.lose();
      this.programmer = undefined;
    }
    if (kind === "open") this.programmer = await another(bench, this.clinic, PROGRAMMING);
  }

  async ask(act: Asked): Promise<Answer> {
    const [name, parameters] = commandOf(act);
    const { code, result } = await this.programmer!.command(name, parameters as never);
    if (code !== 0) return errorCode(code);
    return act.kind === "outcome" ? { done: result !== null } : undefined;
  }
}

function commandOf(act: Asked): [CommandName, unknown] {
  switch (act.kind) {
    case "paceNow":
    case "cancel":
      return [act.kind, null];
    case "stage":
      return ["stage", numbers(SETS[act.set]!)];
    case "wrong":
      return ["stage", numbers(WRONG[act.which]!)];
  }
  const asked = [act.operation, hashes[act.set]!, act.temporary];
  if (act.kind === "program") return ["program", asked];
  return ["outcome", [act.operation, requestHash(crypto, "program", asked as never)]];
}

/** The model's set in force, in numbers of its own. */
function inForce({ base, magnet }: InForce): Partial<PacingParameters> {
  const own: Partial<PacingParameters> =
    base === "pace-now"
      ? { mode: "VVI", lowerRateLimitPpm: 65, ventricularAmplitudeMv: 5000, ventricularWidthUs: 1000 }
      : SETS[base]!;
  if (!magnet) return own;
  const mode = own.mode === "DDD" ? "DOO" : own.mode === "AAI" ? "AOO" : "VOO";
  return { ...own, mode, lowerRateLimitPpm: 100 };
}

function compare(bedside: Bedside, model: TherapyModel, behind: string): void {
  const { parameters, therapy } = bedside.it.implant;
  const should = inForce(model.inForce);
  const shown = Object.fromEntries(
    Object.keys(should).map((key) => [key, parameters[key as keyof PacingParameters]]),
  );
  deep(shown, should, `in force ${behind}`);
  deep(therapy.permanent, SETS[model.permanent], `permanent ${behind}`);
  deep(
    therapy.temporary,
    model.temporary === undefined ? undefined : SETS[model.temporary],
    `temporary ${behind}`,
  );
  deep([therapy.paceNow, therapy.magnet], [model.paceNow, model.magnet], behind);
  const { staged } = bedside.it.bench.device.pacing!;
  deep(staged?.parameters, model.staged === undefined ? undefined : SETS[model.staged], `staged ${behind}`);
}

describe("Pacing against a model of it", function () {
  this.timeout(60_000);
  const came = new Map<string, number>();

  it("any commands, repeated, refused, cut off by lost links and restarts: what is in force is the model's", async () => {
    const clinic = await Clinic.open(crypto);
    await fc.assert(
      fc.asyncProperty(fc.array(visit, { minLength: 1, maxLength: 4 }), async (visits) => {
        const model = new TherapyModel(0);
        const bedside = new Bedside(clinic, await clinic.provisionedFlash({ expires: MADE_AT + 1000 * DAY }));
        await bedside.start(false);
        for (const [index, act] of visits.flat().entries()) {
          const behind = `behind act ${index}, ${JSON.stringify(act)}`;
          if (happens(act)) {
            if (!model.session && (act.kind === "word" || act.kind === "close")) continue;
            model.happen(act.kind);
            await bedside.happen(act.kind, model.magnet);
          } else if (model.session) {
            const should = model.ask(act);
            deep(await bedside.ask(act), should, behind);
            const answer = typeof should === "object" ? `done ${should.done}` : `${should}`;
            came.set(`${act.kind}: ${answer}`, (came.get(`${act.kind}: ${answer}`) ?? 0) + 1);
          }
          await bedside.it.bench.clock.pass(CYCLES_MS);
          compare(bedside, model, behind);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("each kind of answer came: none of the model's rules went unasked", () => {
    const expected = [
      ...[
        "program: undefined",
        "program: device/parameter",
        "program: cardiac/busy",
        "program: credential/freshness",
      ],
      ...["stage: undefined", "stage: credential/freshness", "wrong: cardiac/parameter"],
      ...["paceNow: undefined", "cancel: undefined", "outcome: done true", "outcome: done false"],
    ];
    deep(
      expected.filter((each) => !came.has(each)),
      [],
    );
    ok((came.get("program: undefined") ?? 0) > 20);
  });
});

function happens(act: Act): act is { readonly kind: Happening } {
  return (HAPPENINGS as readonly string[]).includes(act.kind);
}
