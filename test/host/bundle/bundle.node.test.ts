import { concat } from "../../../modules/bytes/index.js";
import type { SigningCurve } from "../../../modules/crypto/port.js";
import { type ErrorCode, VagusError } from "../../../modules/error/index.js";
import { deep, ok, same, throws } from "../../support/assert.js";
import { bundle, crypto, itemsOf, type Parts, parts, T0, verify, World } from "./made.js";

/** What an item of the bundle of `parts` is. */
const NAMES = [
  ...["preface", "device", "programmer", "older list", "newer list", "receipt 1", "receipt 2"],
  ...["header", "reading 1", "reading 2", "reading 3", "head", "seal"],
];

function refusal(bytes: Uint8Array, world: World): VagusError | undefined {
  try {
    verify(bytes, world);
    return undefined;
  } catch (error) {
    if (error instanceof VagusError) return error;
    throw error;
  }
}

/** @returns the message */
function refuses(code: ErrorCode, bytes: Uint8Array, world: World): string {
  const error = refusal(bytes, world);
  if (error?.code !== code) throw new Error(`expected ${code}, came ${error?.message ?? "a good bundle"}`);
  return error.message;
}

describe("host/bundle: verified by the Authority's public key alone", () => {
  let world: World;
  let good: Parts;
  let bytes: Uint8Array;
  before(async () => {
    world = await World.make();
    good = await parts(world);
    bytes = await bundle(good, world.programmer);
  });

  it("a good one: whose it is, what it has, who vouches for it", () => {
    const { credential } = world.device;
    const kid = (party: { credential: { kid: Uint8Array } }) =>
      Buffer.from(party.credential.kid).toString("hex");
    deep(verify(bytes, world), {
      device: credential.subject,
      keys: [kid(world.device)],
      streams: [
        {
          ...{ stream: 1, tokens: 5, readings: 3, samples: 30, closed: true, gaps: 0 },
          ...{ firstIat: T0, lastIat: T0 + 4 },
        },
      ],
      receipts: [
        { by: kid(world.programmer), issued: T0 + 20, tokens: 3 },
        { by: kid(world.programmer), issued: T0 + 100, tokens: 2 },
      ],
      ...{ covered: 5, tokens: 5, sealedBy: kid(world.programmer), sealed: T0 + 300 },
      ...{ statusAsOf: T0 + 200, heldUntil: null },
    });
  });

  for (const curve of ["Ed25519", "P-256"] as const satisfies readonly SigningCurve[])
    it(`${curve}: no byte of it can be another: a bit of each turned`, async function () {
      this.timeout(120_000);
      const here = await World.make(curve);
      const whole = await bundle(await parts(here, 1), here.programmer);
      ok(refusal(whole, here) === undefined);
      const accepted: number[] = [];
      for (let at = 0; at < whole.length; at++) {
        const changed = whole.slice();
        changed[at]! ^= 1 << (at % 8);
        if (refusal(changed, here) === undefined) accepted.push(at);
      }
      deep(accepted, []);
    });

  it("a byte added or taken away, anywhere", () => {
    for (let at = 0; at <= bytes.length; at += 7)
      for (const extra of [[0], [0xf6], [0xa0], []]) {
        const changed = concat(
          bytes.slice(0, at),
          Uint8Array.from(extra),
          bytes.slice(extra.length ? at : at + 1),
        );
        if (changed.length === bytes.length) continue;
        ok(refusal(changed, world) !== undefined, `byte ${at}, ${extra.length} more`);
      }
  });

  it("cut off at any byte, it says so", () => {
    for (let length = 0; length < bytes.length; length++)
      ok(refusal(bytes.slice(0, length), world) !== undefined, `${length} bytes`);
  });

  describe("no item can be missing, doubled, moved or another's", () => {
    const left = (index: number) => itemsOf(bytes).filter((_, at) => at !== index);

    for (const [index, name] of NAMES.entries())
      it(`without ${name}`, () => {
        ok(refusal(concat(...left(index)), world) !== undefined);
      });

    it("any two of them in each other's place", () => {
      const items = itemsOf(bytes);
      same(items.length, NAMES.length);
      for (let a = 0; a < items.length; a++)
        for (let b = a + 1; b < items.length; b++) {
          const swapped = items.slice();
          [swapped[a], swapped[b]] = [items[b]!, items[a]!];
          ok(refusal(concat(...swapped), world) !== undefined, `${NAMES[a]} and ${NAMES[b]}`);
        }
    });

    it("any of them twice, beside itself and at the end", () => {
      const items = itemsOf(bytes);
      for (const [index, item] of items.entries()) {
        const beside = [...items.slice(0, index), item, ...items.slice(index)];
        for (const doubled of [beside, [...items, item]])
          ok(refusal(concat(...doubled), world) !== undefined, NAMES[index]);
      }
    });
  });

  // What even a programmer who seals the result cannot do: the chain, the head and the receipts are not his to make.
  describe("sealed anew by a programmer who changed it", () => {
    const sealed = (change: Partial<Parts>, by = world.programmer) => bundle({ ...good, ...change }, by);
    const message = async (code: ErrorCode, change: Partial<Parts>) =>
      refuses(code, await sealed(change), world);

    it("a reading left out: which one, and where", async () => {
      for (const [index, code] of [
        [0, "reading/header"],
        [1, "reading/order"],
        [2, "reading/order"],
        [3, "reading/order"],
      ] as const) {
        const tokens = good.tokens.filter((_, at) => at !== index);
        const said = await message(code, { tokens });
        ok(said.includes(`item ${7 + index} (byte `), said);
        if (index > 0)
          ok(said.includes(`expected boot 1 sequence ${index}, came boot 1 sequence ${index + 1}`), said);
      }
    });

    it("two readings in each other's place", async () => {
      const [header, a, b, ...rest] = good.tokens as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
      await message("reading/order", { tokens: [header, b, a, ...rest] });
    });

    it("a reading of another device of the Authority", async () => {
      const others = await world.stream(3, world.other);
      const tokens = good.tokens.slice();
      tokens[2] = others[2]!;
      await message("cose/key", { tokens });
      await message("cose/key", { tokens: others });
      await message("host/bundle", { devices: [...good.devices, world.other.credential.token], tokens });
    });

    it("a reading of another session of the device", async () => {
      const tokens = good.tokens.slice();
      tokens[2] = (await world.stream(3, world.device, { firstSample: 50 }))[2]!;
      await message("reading/chain", { tokens });
    });

    it("the tail cut off: the receipt knows of it", async () => {
      ok((await message("host/receipt", { tokens: good.tokens.slice(0, -1) })).includes("it is cut off"));
      await message("host/receipt", { tokens: good.tokens.slice(0, 2) });
    });

    it("the tail cut off, and its receipt: then nobody says that it is all", async () => {
      const change = { tokens: good.tokens.slice(0, 3), receipts: good.receipts.slice(0, 1) };
      same(verify(await sealed(change), world).streams[0]!.closed, false);
    });

    it("a whole recording taken out from between two others", async () => {
      const at = (firstSequence: number) =>
        world.stream(1, world.device, { firstSequence, firstSample: 10 * firstSequence });
      const [a, b, c] = [await at(0), await at(3), await at(6)];
      verify(await sealed({ receipts: [], tokens: [...a!, ...b!, ...c!] }), world);
      const said = await message("reading/order", { receipts: [], tokens: [...a!, ...c!] });
      ok(said.includes("boot 1 sequence 3"), said);
    });

    it("a receipt for other readings, for another device, of nobody that is known", async () => {
      const other = await world.stream(3, world.device, { firstSample: 50 });
      await message("host/receipt", { receipts: [await world.receipt(other, T0 + 20)] });
      const { signReceipt } = await import("../../../host/receipt/receipt.js");
      const { RunningRange } = await import("../../../host/receipt/range.js");
      const range = new RunningRange(crypto, 1, { boot: 1, stream: 1, sequence: 0 });
      range.add(good.tokens[0]!, { boot: 1, stream: 1, sequence: 0 });
      const { subject } = world.other.credential;
      const foreign = await signReceipt(crypto, world.programmer.key, {
        ...{ device: subject, issued: T0 + 20, ranges: [range.range] },
      });
      await message("host/receipt", { receipts: [foreign] });
      await message("cose/key", { receipts: [await world.receipt(good.tokens, T0 + 20, world.other)] });
    });

    it("credentials, lists or a seal of another Authority", async () => {
      const elsewhere = await World.make("P-256");
      await message("cose/algorithm", { devices: [elsewhere.device.credential.token] });
      await message("cose/algorithm", { statusLists: [await elsewhere.list(T0)] });
      const { anchor } = elsewhere.authority;
      throws("cose/algorithm", () => verify(bytes, { ...world, authority: { anchor } } as never));
      refuses("cose/algorithm", await sealed({}, elsewhere.programmer), world);
    });

    it("no status list, though its credentials name one", () => message("cwt/status", { statusLists: [] }));
  });

  describe("a device that was revoked", () => {
    const revokedAt = (issued: number) => world.list(issued, "device");

    it("readings of which there is a receipt from when a list still had it are history", async () => {
      const statusLists = [await world.list(T0 + 150), await revokedAt(T0 + 200)];
      const verified = verify(await bundle({ ...good, statusLists }, world.programmer), world);
      deep([verified.heldUntil, verified.covered], [T0 + 150, 5]);
    });

    it("those without one are refused: which, and why", async () => {
      const statusLists = [await world.list(T0 + 150), await revokedAt(T0 + 200)];
      const change = { statusLists, receipts: good.receipts.slice(0, 1) };
      const said = refuses("cwt/status", await bundle({ ...good, ...change }, world.programmer), world);
      ok(said.includes("item 9 (byte ") && said.includes("expected a receipt from before, came none"), said);
    });

    it("a receipt from after the last list that had it shows nothing", async () => {
      const statusLists = [await world.list(T0 + 50), await revokedAt(T0 + 200)];
      const said = refuses("cwt/status", await bundle({ ...good, statusLists }, world.programmer), world);
      ok(said.includes(`expected a receipt from before, came one of ${T0 + 100}`), said);
    });

    it("where no list ever had it, nothing is history", async () => {
      const statusLists = [await revokedAt(T0 + 200)];
      refuses("cwt/status", await bundle({ ...good, statusLists }, world.programmer), world);
    });

    it("a newer list from elsewhere tells of a revocation that the bundle does not know of", async () => {
      verify(bytes, world, [await revokedAt(T0 + 400)]);
      const without = await bundle({ ...good, receipts: [] }, world.programmer);
      const lists = [await revokedAt(T0 + 400)];
      throws("cwt/status", () => verify(without, world, lists));
    });
  });

  describe("a key that was renewed, as by vagus rotate, has two credentials", () => {
    const subject = new Uint8Array(8).fill(9);
    const credential = (now: number, lifetimeS: number, index: number) =>
      world.authority.issue({
        ...{ kind: "device" as const, holder: world.device.key, audience: ["ward"], now, lifetimeS, subject },
        status: { index, uri: "https://clinic.example/s" },
      });
    const bundled = async (devices: Uint8Array[], change: Partial<Parts> = {}) =>
      bundle({ ...good, receipts: [], devices, ...change }, world.programmer);

    it("what came after the first had ended is signed by the second", async () => {
      const devices = [await credential(T0 - 1000, 1002, 0), await credential(T0 - 600, 9999, 0)];
      same(verify(await bundled(devices), world).tokens, 5);
      refuses("cwt/expired", await bundled(devices.slice(0, 1)), world);
    });

    it("the first one's revocation does not touch the second; that of both does", async () => {
      const devices = [await credential(T0 - 1000, 9999, 2), await credential(T0 - 600, 9999, 0)];
      const first = { statusLists: [await world.list(T0 + 200, "other")] };
      same(verify(await bundled(devices, first), world).heldUntil, null);
      const both = { statusLists: [await world.list(T0 + 200, "other", "device")] };
      refuses("cwt/status", await bundled(devices, both), world);
    });
  });

  describe("who may sign", () => {
    it("a hub, with its programmer's credential before its own", async () => {
      const hub = await world.hub();
      const receipts = [await world.receipt(good.tokens, T0 + 100, hub)];
      const signers = [world.programmer.credential.token, hub.credential.token];
      same(verify(await bundle({ ...good, signers, receipts }, hub), world).covered, 5);
      refuses("host/bundle", await bundle({ ...good, signers: signers.slice(1), receipts }, hub), world);
    });

    it("nobody whose credential had ended, or had not begun", async () => {
      const week = 7 * 86_400;
      refuses("cwt/expired", await bundle(good, world.programmer, T0 - 1000 + week), world);
      refuses("cwt/not-yet", await bundle(good, world.programmer, T0 - 2000), world);
      const receipts = [await world.receipt(good.tokens, T0 - 2000)];
      refuses("cwt/not-yet", await bundle({ ...good, receipts }, world.programmer), world);
    });

    it("no programmer that was revoked before", async () => {
      const statusLists = [await world.list(T0 + 60), await world.list(T0 + 200, "programmer")];
      const said = refuses("cwt/status", await bundle({ ...good, statusLists }, world.programmer), world);
      ok(said.includes(`expected a receipt of a programmer that holds, came one of ${T0 + 100}`), said);
    });
  });
});
