/** The programmer's side of commands 18 to 25, against the device. */
import { cryptos } from "engine";
import { Authority } from "../../../host/authority/authority.js";
import { freshen, type Managed } from "../../../host/programmer/manage.js";
import { Operation } from "../../../host/programmer/operation.js";
import {
  cancel,
  paceNow,
  program,
  programTemporarily,
  readParameters,
  stage,
  startTest,
  testResult,
} from "../../../host/programmer/pacing.js";
import { Programmer } from "../../../host/programmer/programmer.js";
import { NOMINAL, PACE_NOW } from "../../../modules/cardiac/pacer/index.js";
import { Trust, verifyCredential } from "../../../modules/credential/index.js";
import { CLAIM, parseCwtUnverified } from "../../../modules/cwt/index.js";
import { VagusError } from "../../../modules/error/index.js";
import { MADE_AT } from "../../modules/device/clinic.js";
import { FAST, PROGRAMMING, SLOW, type Treated, treated } from "../../modules/device/treated.js";
import { deep, rejects, same } from "../../support/assert.js";
import { linkTo } from "./bench-link.js";

const crypto = cryptos[0]!;
const operation = () => new Operation(crypto, MADE_AT);

/** Sessions with a device, each with the Authority's word. */
async function sessions(it: Treated) {
  const { anchor, key, authority: signer } = it.clinic;
  const authority = new Authority(crypto, signer);
  const time = { floor: MADE_AT };
  const token = await it.clinic.issue({ scope: PROGRAMMING });
  const credential = verifyCredential(crypto, token, { kind: "programmer", anchor, time });
  const trust = new Trust(crypto, { anchor, kinds: ["device"], time: () => time });
  const ask = async (request: Uint8Array) => {
    const { claims } = parseCwtUnverified(request);
    const [device, nonce] = [claims.get(CLAIM.sub) as string, claims.get(CLAIM.nonce) as Uint8Array];
    const { kid: programmer } = credential;
    return { token: await authority.freshness({ nonce, device, programmer, epoch: 0, now: MADE_AT + 10 }) };
  };
  return async () => {
    const { link } = linkTo(it.bench);
    const observe = () => {};
    const session = await Programmer.connect({
      crypto,
      link,
      credential,
      key,
      trust,
      observe,
      timeoutMs: 500,
    });
    await freshen(session, { crypto, key, anchor, now: MADE_AT, ask });
    return session;
  };
}

async function inSession(patient = {}) {
  const it = await treated({ patient });
  const open = await sessions(it);
  return { ...it, open, session: await open(), pass: (ms: number) => it.bench.clock.pass(ms) };
}

/** The link goes when the command is on its way: before it comes, or before its reply does. */
function losing(session: Managed, it: Treated, when: "before" | "behind"): Managed {
  return {
    device: session.device,
    command: async (name, parameters) => {
      if (when === "before") it.bench.peripheral.lose();
      else it.bench.peripheral.onSend = () => it.bench.peripheral.lose();
      return session.command(name, parameters);
    },
  };
}

/** The device has done it, and the radio says that the write failed: some stacks do. */
function failing(session: Managed): Managed {
  return {
    device: session.device,
    command: async (name, parameters) => {
      await session.command(name, parameters);
      throw new VagusError("gatt/attribute", "Not connected");
    },
  };
}

describe("A programmer and a pacer", () => {
  it("reads, stages, programs: what comes back is what was meant", async () => {
    const { session, pass } = await inSession();
    const before = await readParameters(session);
    deep(
      [before.inForce, before.permanent, before.staged, before.temporary, before.paceNow, before.magnet],
      [NOMINAL, NOMINAL, undefined, false, false, false],
    );
    same(before.battery, "BOL");
    const staged = await stage(session, FAST);
    deep([staged.parameters, (await readParameters(session)).staged], [FAST, FAST]);
    await program(session, operation(), staged);
    await pass(3000);
    const after = await readParameters(session);
    deep([after.inForce, after.permanent], [FAST, FAST]);
    await programTemporarily(session, operation(), await stage(session, SLOW));
    await pass(3000);
    deep([(await readParameters(session)).inForce, (await readParameters(session)).temporary], [SLOW, true]);
    await cancel(session);
    await paceNow(session);
    await pass(3000);
    deep(
      [(await readParameters(session)).inForce, (await readParameters(session)).paceNow],
      [PACE_NOW, true],
    );
  });

  it("a limit that is broken is named", async () => {
    const { session } = await inSession();
    await rejects("cardiac/parameter", () => stage(session, { ...NOMINAL, vrpMs: 5 }));
  });

  it("a write that the radio says has failed may have been done: the device is asked", async () => {
    const it = await inSession();
    const staged = await stage(it.session, FAST);
    const one = operation();
    await program(failing(it.session), one, staged, async () => it.session);
    same(one.open, false);
    const alone = operation();
    const again = await stage(it.session, SLOW);
    await rejects("gatt/attribute", () => program(failing(it.session), alone, again));
    same(alone.open, true);
  });

  it("what the device refuses is not asked for again", async () => {
    const it = await inSession();
    await stage(it.session, FAST);
    const staged = await stage(it.session, SLOW);
    await stage(it.session, FAST);
    const one = operation();
    let asked = 0;
    const again = async () => {
      asked++;
      return it.session;
    };
    await rejects("device/parameter", () => program(it.session, one, staged, again));
    deep([one.open, asked], [false, 0]);
  });

  for (const [when, done] of [
    ["before", false],
    ["behind", true],
  ] as const)
    it(`the link is lost ${when} the command: the next session resolves it, ${done ? "done" : "not done"}`, async () => {
      const it = await inSession();
      const staged = await stage(it.session, FAST);
      const one = operation();
      const act = program(losing(it.session, it, when), one, staged, it.open);
      if (done) await act;
      else await rejects("gatt/disconnected", () => act);
      same(one.open, false);
      same(it.implant.therapy.permanent.lowerRateLimitPpm, done ? 90 : 60);
      it.bench.peripheral.lose();
      const alone = operation();
      const session = await it.open();
      const again = await stage(session, SLOW);
      await rejects("gatt/disconnected", () => program(losing(session, it, when), alone, again));
      same(alone.open, true);
      same((await alone.outcome(await it.open())) !== undefined, done);
    });

  it("a session that did not stage it cannot program it", async () => {
    const it = await inSession();
    const staged = await stage(it.session, FAST);
    it.bench.peripheral.lose();
    const session = await it.open();
    await rejects("device/parameter", () => program(session, operation(), staged));
  });

  it("follow-up tests: impedance, waves, threshold", async () => {
    const { session, pass } = await inSession({ rhythm: "avb3" });
    await rejects("device/parameter", () => testResult(session));
    await startTest(session, "impedance", "ventricle");
    same(await testResult(session), undefined);
    await pass(20_000);
    deep(await testResult(session), {
      kind: "impedance",
      chamber: "ventricle",
      ending: "done",
      count: 5,
      mean: 640,
      smallest: 640,
    });
    await startTest(session, "threshold", "ventricle");
    await pass(60_000);
    deep(await testResult(session), {
      kind: "threshold",
      chamber: "ventricle",
      ending: "done",
      widthUs: 400,
      thresholdMv: 800,
    });
    await startTest(session, "wave", "ventricle");
    await pass(31_000);
    const waves = await testResult(session);
    deep([waves?.kind, waves?.chamber], ["wave", "ventricle"]);
  });
});
