/** The device's time only rises, but for the Authority's reset over a nonce of the session (DESIGN section 4). */
import { NONCE_MS, SAVE_S } from "../../../modules/credential/index.js";
import type { ErrorCode } from "../../../modules/error/index.js";
import { deep, same } from "../../support/assert.js";
import { ScriptedProgrammer, startDevice } from "./bench.js";
import { Clinic, DAY, DEVICE, MADE_AT } from "./clinic.js";
import { another, crypto, inSession, refused } from "./in-session.js";

const READ = ["ecg:read"];
const challenge = async (programmer: ScriptedProgrammer) =>
  (await programmer.command("challenge", null)).result as Uint8Array;

describe("A time reset sets the floor, up and down (DESIGN section 4)", () => {
  for (const [name, seconds] of [
    ["a day later", MADE_AT + DAY],
    ["ten days earlier", MADE_AT - 10 * DAY],
    ["the same", MADE_AT],
    ["1970", 0],
  ] as const) {
    it(`${name}: at once, known to a minute and two seconds, kept over a restart; no freshness asked for`, async () => {
      const { bench, programmer, clinic } = await inSession(READ, {
        programmer: { expires: MADE_AT + 2 * DAY },
      });
      await bench.clock.pass(5000);
      const token = await clinic.timeReset(await challenge(programmer), seconds);
      same(await programmer.code("time", token), undefined);
      const { floor } = bench.device.holder;
      deep([floor.seconds, floor.uncertainty], [seconds, 62]);
      await bench.clock.pass(9000);
      same(floor.seconds, seconds + 9);
      const again = (await startDevice(crypto, bench.flash)).device.holder.floor;
      deep([again.seconds, again.uncertainty], [seconds, null]);
    });
  }

  it("in a label session too: a device whose floor ran away has no other", async () => {
    const { bench, clinic } = await inSession(READ);
    bench.peripheral.lose();
    bench.device.holder.floor.raise(MADE_AT + 5000 * DAY);
    const stranger = new ScriptedProgrammer(bench);
    await stranger.authenticate().catch(() => undefined);
    deep([stranger.session, bench.refusals()], [undefined, ["cwt/expired"]]);
    bench.peripheral.lose();
    await bench.button.hold(bench.clock, 3000);
    const labelled = new ScriptedProgrammer(bench);
    await labelled.openLabel(bench.label);
    same(await labelled.code("time", await clinic.timeReset(await challenge(labelled), MADE_AT)), undefined);
    bench.peripheral.lose();
    await bench.clock.pass(60_000);
    await another(bench, clinic, READ);
  });

  const CASES: [string, ErrorCode, (clinic: Clinic, nonce: Uint8Array) => Promise<Uint8Array>][] = [
    ["over another nonce", "credential/freshness", (clinic) => clinic.timeReset(new Uint8Array(16), MADE_AT)],
    [
      "for another device",
      "cwt/audience",
      (clinic, nonce) => clinic.timeReset(nonce, MADE_AT, "AgICAgICAgI"),
    ],
    ["before 1970", "cwt/claim", (clinic, nonce) => clinic.timeReset(nonce, -1)],
    [
      "of another Authority",
      "cwt/issuer",
      async (_, nonce) => (await Clinic.open(crypto, 0x40)).timeReset(nonce, MADE_AT),
    ],
    ["a freshness token in its place", "cwt/typ", (clinic, nonce) => clinic.freshness(nonce)],
  ];
  for (const [name, code, make] of CASES) {
    it(`${name}: ${code}; the nonce is still good`, async () => {
      const given = await inSession(READ);
      const { programmer, clinic, bench } = given;
      const nonce = await challenge(programmer);
      await refused(given, code, "time", await make(clinic, nonce));
      same(await programmer.code("time", await clinic.timeReset(nonce, MADE_AT - DAY)), undefined);
      same(bench.device.holder.floor.seconds, MADE_AT - DAY);
    });
  }

  it("a replay, in this session and the next; late; without a challenge; and a nonce is good for one of the two kinds", async () => {
    const given = await inSession(["ecg:read", "device:manage"]);
    const { programmer, clinic, bench } = given;
    await refused(given, "credential/freshness", "time", await clinic.timeReset(new Uint8Array(16), MADE_AT));
    const nonce = await challenge(programmer);
    const token = await clinic.timeReset(nonce, MADE_AT - DAY);
    same(await programmer.code("time", token), undefined);
    await refused(given, "credential/freshness", "time", token);
    await refused(given, "credential/freshness", "freshness", await clinic.freshness(nonce));
    const late = await clinic.timeReset(await challenge(programmer), MADE_AT);
    await bench.clock.pass(NONCE_MS);
    await refused(given, "credential/freshness", "time", late);
    bench.peripheral.lose();
    const next = await another(bench, clinic, READ, { issued: MADE_AT - DAY });
    await refused({ bench, programmer: next }, "credential/freshness", "time", token);
    await challenge(next);
    await refused({ bench, programmer: next }, "credential/freshness", "time", token);
  });

  it("set back, tokens that raised it before raise it again; nothing else does", async () => {
    const { bench, programmer, clinic } = await inSession(READ);
    const { floor } = bench.device.holder;
    same(
      await programmer.code("time", await clinic.timeReset(await challenge(programmer), MADE_AT - DAY)),
      undefined,
    );
    same(await programmer.code("list", await clinic.list(1, [], { issued: MADE_AT - 60 })), undefined);
    same(floor.seconds, MADE_AT - 60);
    bench.peripheral.lose();
    await another(bench, clinic, READ);
    same(floor.seconds, MADE_AT);
  });
});

describe("The floor rises with the Authority's tokens and with uptime (DESIGN section 4)", () => {
  it("a session ends when the floor is set past its programmer's exp; before it goes on", async () => {
    for (const [past, gone] of [
      [-1, 0],
      [0, 1],
      [100_000, 1],
    ] as const) {
      const { bench, programmer, clinic } = await inSession(READ, { programmer: { expires: MADE_AT + DAY } });
      await programmer.code("list", await clinic.list(1, [], { issued: MADE_AT + DAY + past }));
      await bench.clock.pass(0);
      same(bench.peripheral.disconnects, gone, `${past}`);
      await bench.clock.pass(1000);
      same(bench.peripheral.disconnects, 1);
    }
  });

  it("a credential whose iat raises the floor: the session ends at exp by the time as raised, without any command", async () => {
    const { bench } = await inSession(READ, {
      programmer: { issued: MADE_AT + DAY - 100, expires: MADE_AT + DAY },
    });
    same(bench.device.holder.floor.seconds, MADE_AT + DAY - 100);
    await bench.clock.pass(99_999);
    same(bench.peripheral.disconnects, 0);
    await bench.clock.pass(1);
    same(bench.peripheral.disconnects, 1);
  });

  it(`uptime is in flash every ${SAVE_S / 60} minutes, however the floor was raised in between`, async () => {
    for (const raisedAfterS of [0, 1, SAVE_S - 1]) {
      const clinic = await Clinic.open(crypto);
      const bench = await startDevice(crypto, await clinic.provisionedFlash());
      const { floor } = bench.device.holder;
      await bench.clock.pass(raisedAfterS * 1000);
      floor.raise(MADE_AT + DAY);
      for (let n = 0; n < 3; n++) {
        await bench.clock.pass(SAVE_S * 1000 - (n === 0 ? raisedAfterS * 1000 : 0));
        const again = (await startDevice(crypto, bench.flash)).device.holder.floor;
        same(again.seconds, floor.seconds);
      }
      await bench.clock.pass(SAVE_S * 1000 - 1);
      const again = (await startDevice(crypto, bench.flash)).device.holder.floor;
      same(floor.seconds - again.seconds, SAVE_S - 1);
    }
  });

  it("a reading says the time and how well it is known", async () => {
    const { bench, programmer } = await inSession(READ);
    await programmer.command("start", [1, 250, 1]);
    await bench.clock.pass(300);
    same(await programmer.refresh({ issued: MADE_AT + 50 }), 0);
    await programmer.command("start", [1, 250, 1]);
    await bench.clock.pass(300);
    deep(
      programmer.tokens
        .filter(({ kind }) => kind === "header")
        .map(({ iat, uncertainty }) => [iat, uncertainty]),
      [
        [MADE_AT, null],
        [MADE_AT + 50, 62],
      ],
    );
    same(bench.device.holder.own!.credential.subject, DEVICE);
  });
});
