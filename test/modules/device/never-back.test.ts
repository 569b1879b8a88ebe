/** The device's own credential, its group's epoch and its time never go back in a session (DESIGN section 4). */
import { deep, same } from "../../support/assert.js";
import { bytesOf, startDevice } from "./bench.js";
import { Clinic, DAY, DEVICE, GROUP, MADE_AT } from "./clinic.js";
import { another, crypto, inSession, refused } from "./in-session.js";

const MANAGE = ["device:manage"];
const LATER = MADE_AT + 1000 * DAY;

async function fresh() {
  const given = await inSession(MANAGE);
  same(await given.programmer.refresh(), 0);
  const { key, credential } = given.bench.device.holder.own!;
  return { ...given, key, credential };
}

describe("rotate takes only what is not older than what the device has (DESIGN section 4)", () => {
  it("back to the credential before, of another group: cwt/expired", async () => {
    const { clinic, key, credential, ...given } = await fresh();
    const newer = { audience: ["other", GROUP], issued: MADE_AT + 100, expires: LATER };
    same(await given.programmer.code("rotate", await clinic.issueDevice(key, newer)), undefined);
    await refused(given, "cwt/expired", "rotate", credential.token);
    deep(given.bench.device.holder.own!.credential.audience, ["other", GROUP]);
  });

  for (const [name, but, code] of [
    ["of the same second", { issued: MADE_AT, expires: LATER + 1 }, undefined],
    ["a second older", { issued: MADE_AT - 1, expires: LATER }, "cwt/expired"],
    ["over by its floor, though newer", { issued: MADE_AT + 5, expires: MADE_AT + 10 }, "cwt/expired"],
    ["good for a second more", { issued: MADE_AT + 5, expires: MADE_AT + 21 }, undefined],
    ["from behind the year 2242", { issued: 2 ** 33 + 1, expires: 2 ** 34 }, "cwt/claim"],
  ] as const) {
    it(`${name}: ${code ?? "taken"}`, async () => {
      const { clinic, key, ...given } = await fresh();
      // the floor goes to MADE_AT + 20
      same(
        await given.programmer.code("list", await clinic.list(1, [], { issued: MADE_AT + 20 })),
        undefined,
      );
      const token = await clinic.issueDevice(key, but);
      if (code !== undefined) await refused(given, code, "rotate", token);
      else same(await given.programmer.code("rotate", token), undefined);
    });
  }

  it("the credential that it has, again and again: done, and flash is spared", async () => {
    const { bench, programmer } = await fresh();
    const before = bytesOf(bench.flash);
    for (let i = 0; i < 5; i++)
      same(await programmer.code("rotate", bench.device.holder.own!.credential.token), undefined);
    deep(bytesOf(bench.flash), before);
  });

  it("an anchor whose rotation is older than the device's credential: credential/anchor", async () => {
    const { clinic, key, ...given } = await fresh();
    const issued = MADE_AT + 100;
    same(
      await given.programmer.code("rotate", await clinic.issueDevice(key, { issued, expires: LATER })),
      undefined,
    );
    const next = await Clinic.open(crypto, 0x40);
    const credential = await next.issueDevice(key, { issued, expires: LATER });
    for (const [at, code] of [
      [99, "credential/anchor"],
      [100, undefined],
    ] as const) {
      const parameters = [await clinic.handOver(next.anchor, MADE_AT + at), credential];
      if (code !== undefined) await refused(given, code, "anchor", parameters);
      else same(await given.programmer.code("anchor", parameters), undefined);
    }
  });
});

describe("Epochs count for each Authority and first audience (DESIGN section 4)", () => {
  it("moved to a group of a lower epoch: its newest list is taken, and is asked for by freshness", async () => {
    const { clinic, bench, programmer, key } = await fresh();
    same(await programmer.code("list", await clinic.list(10)), undefined);
    same(await programmer.refresh({ epoch: 10 }), 0);
    const moved = { audience: ["B", GROUP], issued: MADE_AT + 1, expires: LATER };
    same(await programmer.code("rotate", await clinic.issueDevice(key, moved)), undefined);
    same(bench.device.holder.epoch, 0);
    const nonce = (await programmer.command("challenge", null)).result as Uint8Array;
    const word = await clinic.freshness(nonce, { epoch: 3 });
    same(await programmer.code("freshness", word), "credential/epoch");
    const thief = new Uint8Array(8).fill(9);
    same(await programmer.code("list", await clinic.list(3, [thief], { audience: "B" })), undefined);
    deep([bench.device.holder.epoch, bench.device.holder.isRevoked(thief)], [3, true]);
    same(await programmer.code("list", await clinic.list(3, [], { audience: "B" })), "credential/epoch");
    same(await programmer.code("list", await clinic.list(11)), "cwt/audience");
    bench.peripheral.lose();
    const again = await startDevice(crypto, bench.flash);
    deep([again.device.holder.epoch, again.device.holder.isRevoked(thief)], [3, true]);
  });

  it("handed over: who was on the list stays on it until the new Authority's first list, of any epoch", async () => {
    const { clinic, bench, programmer, key } = await fresh();
    const thief = new Uint8Array(8).fill(9);
    same(await programmer.code("list", await clinic.list(10, [thief])), undefined);
    same(await programmer.refresh({ epoch: 10 }), 0);
    const next = await Clinic.open(crypto, 0x40);
    const credential = await next.issueDevice(key, { expires: LATER });
    const anchor = [await clinic.handOver(next.anchor, MADE_AT + 1), credential];
    same(await programmer.code("anchor", anchor), undefined);
    await bench.clock.pass(1000);
    const { holder } = bench.device;
    deep([holder.epoch, holder.isRevoked(thief)], [0, true]);
    const heir = await another(bench, next, MANAGE);
    same(await heir.code("list", await clinic.list(11)), "cwt/issuer");
    same(await heir.code("list", await next.list(1)), undefined);
    deep([holder.epoch, holder.isRevoked(thief)], [1, false]);
  });

  it("a device without a group has the epoch of the list for it alone", async () => {
    const { bench, programmer, clinic } = await inSession(MANAGE, {
      device: { audience: [DEVICE] },
      programmer: { audience: [DEVICE] },
    });
    same(await programmer.code("list", await clinic.list(2, [], { audience: DEVICE })), undefined);
    same(bench.device.holder.epoch, 2);
  });
});
