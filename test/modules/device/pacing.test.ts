/** Commands 18 to 25: what a programmer has to do with the pacer (DESIGN section 7; PROTOCOL, "Pacing"). */
import { AUDIT, type AuditEvent, verifyAudit } from "../../../modules/audit/index.js";
import { NOMINAL, PACE_NOW, parametersToNumbers } from "../../../modules/cardiac/pacer/index.js";
import type { CborValue } from "../../../modules/cbor/index.js";
import { verifyCredential } from "../../../modules/credential/index.js";
import { errorCode } from "../../../modules/error/index.js";
import { STREAM } from "../../../modules/reading/index.js";
import { requestHash } from "../../../modules/session/index.js";
import { deep, ok, same } from "../../support/assert.js";
import { ScriptedProgrammer, startDevice } from "./bench.js";
import { Clinic, MADE_AT } from "./clinic.js";
import { another, crypto, inSession } from "./in-session.js";
import { SlowPeripheral, SlowRadio } from "./slow-radio.js";
import {
  FAST,
  PROGRAMMING,
  parametersOf,
  program,
  programming,
  SLOW,
  stage,
  type Treated,
  treated,
} from "./treated.js";

const numbers = parametersToNumbers;

/** Events of the log, from the first on, by name. */
async function log(programmer: ScriptedProgrammer): Promise<[AuditEvent, CborValue][]> {
  const { result } = await programmer.command("audit", [0, 1, 100]);
  const [entries, number, hash] = result as [Uint8Array[], number, Uint8Array];
  const names = Object.keys(AUDIT) as AuditEvent[];
  return verifyAudit(crypto, entries, { head: { number, hash } }).entries.map(({ event, detail }) => [
    names.find((name) => AUDIT[name] === event)!,
    detail,
  ]);
}

describe("Reading and staging parameters", () => {
  it("in force, permanent, staged, flags and battery; staging changes nothing else, and is read back", async () => {
    const it = await treated();
    const programmer = await programming(it);
    deep(await parametersOf(programmer), [numbers(NOMINAL), numbers(NOMINAL), null, 0, 0]);
    const { result } = await programmer.command("stage", numbers(SLOW));
    const [hash, back] = result as [Uint8Array, number[]];
    deep(back, numbers(SLOW));
    same(hash.length, 16);
    await it.bench.clock.pass(5000);
    deep(await parametersOf(programmer), [numbers(NOMINAL), numbers(NOMINAL), numbers(SLOW), 0, 0]);
    deep(it.implant.therapy.permanent, NOMINAL);
  });

  const bad: [string, CborValue, RegExp][] = [
    ["out of range", numbers({ ...NOMINAL, lowerRateLimitPpm: 29 }), /lowerRateLimitPpm: expected 30 to 50/],
    ["between the steps", numbers({ ...NOMINAL, avDelayMs: 155 }), /avDelayMs: expected 70 to 300 by 10 ms/],
    ["in conflict", numbers({ ...NOMINAL, lowerRateLimitPpm: 150 }), /upper/],
    ["no mode", [99, ...numbers(NOMINAL).slice(1)], /mode: expected one of/],
    ["one too few", numbers(NOMINAL).slice(1), /expected 21 numbers, came 20/],
    ["no numbers", numbers(NOMINAL).map(String), /integer/],
    ["none", null, /array/],
  ];
  it("what may not be programmed is refused by the parameter and its limit, and what was staged stays", async () => {
    const it = await treated();
    const programmer = await programming(it);
    await stage(programmer, SLOW);
    for (const [what, given, why] of bad) {
      const { code, result } = await programmer.command("stage", given);
      ok(["cardiac/parameter", "device/parameter"].includes(errorCode(code)!), `${what}: ${errorCode(code)}`);
      ok(why.test(String(result)), `${what}: ${result}`);
      deep((await parametersOf(programmer))[2], numbers(SLOW), what);
    }
  });

  it("each with its scope, and what could hurt with the Authority's word", async () => {
    const it = await treated();
    const reader = await another(it.bench, it.clinic, ["pacing:read"]);
    const all: [Parameters<ScriptedProgrammer["command"]>[0], CborValue][] = [
      ["stage", numbers(SLOW)],
      ["program", [1, new Uint8Array(16), false]],
      ["paceNow", null],
      ["cancel", null],
      ["outcome", [1, new Uint8Array(16)]],
      ["test", [0, 0]],
    ];
    for (const [name, parameters] of all) same(await reader.code(name, parameters), "session/scope", name);
    same(await reader.code("testResult", null), "device/parameter");
    same(await reader.code("parameters", null), undefined);
    it.bench.peripheral.lose();
    const writer = await another(it.bench, it.clinic, ["pacing:write"]);
    for (const name of ["parameters", "testResult"] as const)
      same(await writer.code(name, null), "session/scope", name);
    for (const [name, parameters] of all) {
      const word = name === "stage" || name === "program" || name === "test";
      same(await writer.code(name, parameters), word ? "credential/freshness" : undefined, name);
    }
    same(await writer.refresh(), 0);
    same(await writer.code("stage", numbers(SLOW)), undefined);
  });

  it("a recorded heart has no pacemaker: all of it is refused, and says so", async () => {
    const { programmer } = await inSession(["pacing:read", "pacing:write"]);
    await programmer.refresh();
    const all: [Parameters<ScriptedProgrammer["code"]>[0], CborValue][] = [
      ["parameters", null],
      ["stage", numbers(SLOW)],
      ["program", [1, new Uint8Array(16), false]],
      ["paceNow", null],
      ["cancel", null],
      ["test", [0, 0]],
      ["testResult", null],
    ];
    for (const [name, parameters] of all)
      same(await programmer.code(name, parameters), "device/implant", name);
    same(await programmer.code("outcome", [1, new Uint8Array(16)]), undefined);
  });
});

describe("Programming", () => {
  it("what was staged is in force from a safe point of the cycle on, for good: also after the power", async () => {
    const it = await treated();
    const programmer = await programming(it);
    same(await program(programmer, FAST, 1), undefined);
    deep((await parametersOf(programmer))[1], numbers(FAST));
    await it.bench.clock.pass(3000);
    deep((await parametersOf(programmer)).slice(0, 2), [numbers(FAST), numbers(FAST)]);
    const beats = it.beats();
    const late = beats.slice(1).map(({ atMs }, n) => atMs - beats[n]!.atMs);
    ok(late.at(-1)! <= 675 && late.every((ms) => ms >= 665), `${late}`);
    const again = await treated({ clinic: it.clinic, flash: it.bench.flash });
    await again.bench.clock.pass(5000);
    const [, ...after] = again.beats();
    ok(after[0]!.atMs <= 2 * 675, "from its first beat on");
    deep(again.implant.parameters, FAST);
  });

  const refusals: [string, string, (programmer: ScriptedProgrammer, hash: Uint8Array) => CborValue][] = [
    ["nothing of this hash is staged", "device/parameter", () => [1, new Uint8Array(16), false]],
    ["no operation", "device/parameter", (_, hash) => [null, hash, false]],
    ["a short hash", "device/parameter", (_, hash) => [1, hash.slice(1), false]],
    ["neither for good nor for now", "device/parameter", (_, hash) => [1, hash, 1]],
    ["an array of two", "device/parameter", (_, hash) => [1, hash]],
  ];
  for (const [what, code, parameters] of refusals)
    it(`refused: ${what}; the therapy is as it was`, async () => {
      const it = await treated();
      const programmer = await programming(it);
      const hash = await stage(programmer, FAST);
      same(await programmer.code("program", parameters(programmer, hash)), code);
      await it.bench.clock.pass(3000);
      deep(it.implant.therapy.permanent, NOMINAL);
      deep(it.implant.parameters, NOMINAL);
    });

  it("asked again behind nine others it is refused: what came behind it stands", async () => {
    const it = await treated();
    const programmer = await programming(it);
    for (let operation = 5; operation <= 14; operation++) {
      const parameters = { ...FAST, lowerRateLimitPpm: 95 - operation };
      same(await program(programmer, parameters, operation), undefined);
    }
    const first = { ...FAST, lowerRateLimitPpm: 90 };
    same(await program(programmer, first, 5), "audit/too-old");
    same(it.implant.therapy.permanent.lowerRateLimitPpm, 81);
    const hash = await stage(programmer, first);
    const asked = requestHash(crypto, "program", [5, hash, false]);
    same(await programmer.code("outcome", [5, asked]), "audit/too-old");
    same(await programmer.code("outcome", [99, asked]), undefined);
  });

  it("asked twice it is done once; its outcome is there after the link, and after the power", async () => {
    const it = await treated();
    const programmer = await programming(it);
    const hash = await stage(programmer, FAST);
    const request: CborValue = [7, hash, false];
    const named = requestHash(crypto, "program", request);
    const ask = async (by: ScriptedProgrammer) => (await by.command("outcome", [7, named])).result;
    same(await ask(programmer), null);
    programmer.write(programmer.sealed("program", request)); // and the link is gone before the reply
    await it.bench.clock.pass(0);
    it.bench.peripheral.lose();
    const next = await programming(it);
    deep(await ask(next), [0, null]);
    same(await program(next, SLOW, 8), undefined);
    same(await next.code("program", request), undefined); // lost reply: the same again, which is not staged any more
    deep(it.implant.therapy.permanent, SLOW);
    same(await next.code("program", [7, hash, true]), "device/parameter"); // the number of another request
    const again = await treated({ clinic: it.clinic, flash: it.bench.flash });
    const after = await programming(again);
    deep(await ask(after), [0, null]);
    again.bench.peripheral.lose();
    const other = await programming(again, ["pacing:write"]);
    same((await other.command("outcome", [7, requestHash(crypto, "program", [7, hash, true])])).result, null);
  });

  it("a temporary set ends with its session, however that ends; and nothing staged outlives it", async () => {
    const ends: [string, (it: Treated, programmer: ScriptedProgrammer) => Promise<unknown>][] = [
      ["link lost", async ({ bench }) => bench.peripheral.lose()],
      ["closed", async (_, programmer) => programmer.command("close", null)],
      ["expired", async ({ bench }) => bench.clock.pass(90_000)],
      [
        "revoked",
        async ({ clinic }, programmer) =>
          programmer.write(programmer.sealed("list", await clinic.list(5, [clinic.credential.kid]))),
      ],
    ];
    for (const [how, end] of ends) {
      const clinic = await Clinic.open(crypto);
      const it = await treated({ clinic });
      const programmer = new ScriptedProgrammer(it.bench);
      programmer.clinic = clinic;
      const expires = MADE_AT + 90;
      await programmer.authenticate({
        cred: await clinic.issue({ scope: ["pacing:read", "pacing:write"], expires }),
      });
      await programmer.refresh();
      same(await program(programmer, FAST, 1, true), undefined);
      await stage(programmer, SLOW);
      await it.bench.clock.pass(2000);
      deep((await parametersOf(programmer)).slice(1), [numbers(NOMINAL), numbers(SLOW), 1, 0]);
      deep(it.implant.parameters, FAST, how);
      await end(it, programmer);
      await it.bench.clock.pass(2000);
      deep([it.implant.therapy.temporary, it.implant.parameters], [undefined, NOMINAL], how);
      it.bench.peripheral.lose();
      if (how === "revoked" || how === "expired") continue;
      deep((await parametersOf(await another(it.bench, it.clinic, ["pacing:read"])))[2], null, how);
    }
  });

  for (const how of ["closed", "taken over"] as const)
    it(`a link that takes its time to go holds no temporary set up: ${how}`, async () => {
      const peripheral = new SlowPeripheral();
      const it = await treated({ ports: { peripheral } });
      const radios = [new SlowRadio(peripheral), new SlowRadio(peripheral)] as const;
      const [older, newer] = radios.map((radio) => new ScriptedProgrammer(it.bench, 247, radio));
      older!.clinic = newer!.clinic = it.clinic;
      await older!.authenticate({ cred: await it.clinic.issue({ scope: PROGRAMMING }) });
      same(await older!.refresh(), 0);
      same(await program(older!, FAST, 1, true), undefined);
      await it.bench.clock.pass(2000);
      deep(it.implant.parameters, FAST);
      if (how === "closed") await older!.command("close", null);
      else await newer!.authenticate();
      await it.bench.clock.pass(1500);
      ok(radios[0].events !== undefined, "its link is still there");
      deep(it.implant.parameters, NOMINAL);
    });

  it("Pace-Now: fixed values without the Authority's word, beyond the session, until cancel; cancel ends what is temporary", async () => {
    const it = await treated();
    const { clock } = it.bench;
    const programmer = await another(it.bench, it.clinic, ["pacing:read", "pacing:write"]);
    same(await programmer.code("paceNow", 1), "device/parameter");
    same(await programmer.code("paceNow", null), undefined);
    await clock.pass(2000);
    deep((await parametersOf(programmer)).slice(0, 4), [numbers(PACE_NOW), numbers(NOMINAL), null, 2]);
    it.bench.peripheral.lose();
    await clock.pass(60_000);
    deep(it.implant.parameters, PACE_NOW);
    const next = await programming(it);
    same(await program(next, FAST, 1, true), "cardiac/busy");
    same(await next.code("test", [0, 0]), "cardiac/busy");
    same(await next.code("cancel", null), undefined);
    await clock.pass(2000);
    deep([it.implant.parameters, it.implant.therapy.paceNow], [NOMINAL, false]);
    same(await program(next, FAST, 2, true), undefined);
    await clock.pass(2000);
    deep(it.implant.parameters, FAST);
    same(await next.code("cancel", null), undefined);
    await clock.pass(2000);
    deep(it.implant.parameters, NOMINAL);
    same(await next.code("cancel", null), undefined);
  });
});

/** A session of another programmer of the same Authority. */
async function colleague({ bench, clinic }: Treated): Promise<{ them: ScriptedProgrammer; kid: Uint8Array }> {
  const key = await crypto.importKey("Ed25519", new Uint8Array(32).fill(0x77));
  const cred = await clinic.issue({ holder: key, scope: ["pacing:read", "pacing:write"] });
  const them = new ScriptedProgrammer(bench);
  them.clinic = clinic;
  await them.authenticate({ cred, key });
  const time = { floor: MADE_AT };
  return {
    them,
    kid: verifyCredential(crypto, cred, { kind: "programmer", anchor: clinic.anchor, time }).kid,
  };
}

describe("Pace-Now of somebody else", () => {
  it("is ended with the Authority's word alone; to call it too does not make it one's own", async () => {
    const it = await treated();
    const { clock, peripheral } = it.bench;
    const programmer = await another(it.bench, it.clinic, ["pacing:read", "pacing:write"]);
    same(await programmer.code("paceNow", null), undefined);
    peripheral.lose();
    const { them, kid } = await colleague(it);
    same(await them.code("cancel", null), "credential/freshness");
    same(await them.code("paceNow", null), undefined);
    same(await them.code("cancel", null), "credential/freshness");
    await clock.pass(2000);
    deep(it.implant.parameters, PACE_NOW);
    same(await them.refresh({ programmer: kid }), 0);
    same(await them.code("cancel", null), undefined);
    await clock.pass(2000);
    deep([it.implant.parameters, it.implant.therapy.paceNow], [NOMINAL, false]);
  });

  it("who called it ends it without a word, and who calls it after that too", async () => {
    const it = await treated();
    const { them } = await colleague(it);
    same(await them.code("paceNow", null), undefined);
    same(await them.code("cancel", null), undefined);
    it.bench.peripheral.lose();
    const programmer = await another(it.bench, it.clinic, ["pacing:read", "pacing:write"]);
    same(await programmer.code("paceNow", null), undefined);
    same(await programmer.code("cancel", null), undefined);
    same(it.implant.therapy.paceNow, false);
  });
});

describe("The magnet", () => {
  it("paces asynchronously by the pacer alone, ends what is temporary, opens the window, and is told", async () => {
    const it = await treated();
    const { clock } = it.bench;
    const programmer = await programming(it);
    same(await program(programmer, FAST, 1, true), undefined);
    await clock.pass(2000);
    it.magnet.press();
    await clock.pass(2000);
    same(it.implant.parameters.mode, "DOO");
    same(it.implant.parameters.lowerRateLimitPpm, 100);
    deep((await parametersOf(programmer)).slice(1), [numbers(NOMINAL), numbers(FAST), 4, 0]);
    same(await program(programmer, FAST, 2, true), "cardiac/busy");
    same(await program(programmer, SLOW, 3), undefined); // for good: when the magnet goes
    it.magnet.release();
    await clock.pass(3000);
    deep(it.implant.parameters, SLOW);
    const kinds = it.bench.events.map((event) =>
      event.kind === "magnet" ? `magnet ${event.on}` : event.kind,
    );
    deep(
      kinds.filter((kind) => /magnet|param|window/.test(kind)),
      [
        "parametersProgrammed",
        "parametersReverted",
        "magnet true",
        "window",
        "parametersProgrammed",
        "magnet false",
      ],
    );
    const names = (await log(programmer)).filter(([name]) => /magnet|param/.test(name));
    deep(
      names.map(([name]) => name),
      kinds.filter((kind) => /magnet|param/.test(kind)).map((kind) => kind.split(" ")[0]),
    );
    deep(
      names.filter(([name]) => name === "magnet").map(([, detail]) => detail),
      [true, false],
    );
  });

  it("lies there when the power comes: from the first beat on", async () => {
    const it = await treated({ magnetAtStart: true });
    await it.bench.clock.pass(5000);
    same(it.implant.therapy.magnet, true);
    const [, ...beats] = it.beats();
    ok(beats.length >= 6 && beats.every(({ atMs }, n) => n === 0 || atMs - beats[n - 1]!.atMs <= 608));
  });
});

describe("Tests of a follow-up visit", () => {
  const of = { impedance: 0, wave: 1, threshold: 2 } as const;
  for (const [kind, rhythm, about, seconds] of [
    ["impedance", "avb3", (result: number[]) => result[3] === 5 && result[4] === 640, 20],
    ["wave", "sinus", (result: number[]) => result[3] === 8 && Math.abs(result[4]! - 9500) < 900, 40],
    ["threshold", "avb3", (result: number[]) => result[3] === 400 && result[4] === 800, 125],
  ] as const)
    it(`${kind}: it runs with temporary parameters, ends by itself, and its result can be asked for`, async () => {
      const it = await treated({ patient: { rhythm, ...(rhythm === "sinus" && { bpm: 60 }) } });
      const programmer = await programming(it);
      same(await programmer.code("testResult", null), "device/parameter");
      same(await programmer.code("test", [3, 0]), "device/parameter");
      same(await programmer.code("test", [0, 2]), "device/parameter");
      same(await programmer.code("test", [of[kind], 1]), undefined);
      await it.bench.clock.pass(1000);
      deep(
        [(await programmer.command("testResult", null)).result, (await parametersOf(programmer))[3]],
        [null, 1],
      );
      same(await programmer.code("test", [0, 1]), "cardiac/busy");
      await it.bench.clock.pass(seconds * 1000);
      const result = (await programmer.command("testResult", null)).result as number[];
      deep(result?.slice(0, 3), [of[kind], 1, 0]);
      ok(about(result), `${result}`);
      await it.bench.clock.pass(1500);
      deep(it.implant.parameters, NOMINAL);
    });

  it("ends with the session, for a magnet, for Pace-Now and for another program: as ended before", async () => {
    const ends: [string, (it: Treated, programmer: ScriptedProgrammer) => Promise<unknown>][] = [
      ["magnet", async ({ magnet }) => magnet.press()],
      ["Pace-Now", async (_, programmer) => programmer.command("paceNow", null)],
      ["cancel", async (_, programmer) => programmer.command("cancel", null)],
      ["program", async (_, programmer) => program(programmer, SLOW, 1)],
      ["temporary program", async (_, programmer) => program(programmer, SLOW, 1, true)],
    ];
    for (const [what, end] of ends) {
      const it = await treated({ patient: { rhythm: "avb3" } });
      const programmer = await programming(it);
      same(await programmer.code("test", [2, 1]), undefined);
      await it.bench.clock.pass(5000);
      await end(it, programmer);
      deep((await programmer.command("testResult", null)).result, [2, 1, 1, 400, 3200], what);
      await it.bench.clock.pass(20_000);
      same(it.implant.parameters.ventricularAmplitudeMv === 3500 || what === "Pace-Now", true, what);
      it.bench.peripheral.lose();
    }
    const it = await treated({ patient: { rhythm: "avb3" } });
    const programmer = await programming(it);
    same(await programmer.code("test", [2, 1]), undefined);
    await it.bench.clock.pass(5000);
    it.bench.peripheral.lose();
    await it.bench.clock.pass(2000);
    deep(it.implant.parameters, NOMINAL);
    same(await (await programming(it)).code("testResult", null), "device/parameter");
  });

  it("a test that sees nothing ends by its time", async () => {
    const it = await treated();
    const programmer = await programming(it);
    same(await programmer.code("test", [1, 1]), undefined);
    await it.bench.clock.pass(31_000);
    deep((await programmer.command("testResult", null)).result, [1, 1, 2, 0, null, null]);
  });
});

describe("A release that is remembered", () => {
  it("is done once, and its outcome can be asked for; it is told in the log", async () => {
    const { bench, programmer } = await inSession(["ecg:read", "journal:release", "audit:read"]);
    await programmer.refresh();
    await programmer.command("start", [STREAM.ecg, 1000, 3]);
    await bench.clock.pass(5000);
    const { cti, token } = programmer.tokens[2]!;
    const request: CborValue = [STREAM.ecg, cti.boot, cti.sequence, crypto.sha256(token).slice(0, 16), 99];
    const named = requestHash(crypto, "release", request);
    same(
      await programmer.code("release", [STREAM.ecg, cti.boot, cti.sequence, new Uint8Array(16), 98]),
      "journal/release",
    );
    for (let n = 0; n < 3; n++) same(await programmer.code("release", request), undefined);
    deep((await programmer.command("outcome", [99, named])).result, [0, null]);
    same((await programmer.command("outcome", [98, named])).result, null);
    same(
      (await startDevice(crypto, bench.flash)).device.streams.journal.read(STREAM.ecg, cti)?.sequence,
      cti.sequence + 1,
    );
    const told = (await log(programmer)).filter(([name]) => name === "journalReleased");
    deep(told[0], ["journalReleased", [STREAM.ecg, cti.sequence]]);
  });
});
