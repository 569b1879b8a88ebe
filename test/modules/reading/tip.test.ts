/** How far a stream has come, signed: readings that were cut off show, and so does a device that goes back (DESIGN section 6). */
import { cryptos } from "engine";
import type { ErrorCode } from "../../../modules/error/index.js";
import {
  type AcceptedTip,
  type Cursor,
  DeviceVerifier,
  StreamVerifier,
  signGap,
  signTip,
  type Tip,
} from "../../../modules/reading/index.js";
import { deep, same, throws } from "../../support/assert.js";
import { type TestDevice, TIME, testDevice, tokens } from "./stream.js";

const crypto = cryptos[0]!;
const at = (boot: number, sequence: number): Cursor => ({ boot, sequence });
const hash = (token: Uint8Array) => crypto.sha256(token).slice(0, 16);

describe("How far a stream has come", () => {
  let ours: TestDevice;
  /** Header 0, readings 1 to 6, head 7 of boot 7. */
  let all: Uint8Array[];
  before(async () => {
    ours = await testDevice(crypto);
    all = await tokens(crypto, ours, 6);
  });
  const having = (count: number): StreamVerifier => {
    const it = new StreamVerifier(crypto, ours.device, 1);
    for (const token of all.slice(0, count)) it.accept(token);
    return it;
  };
  const signer = () => ({ crypto, key: ours.key, kid: ours.device.kid });
  const tip = (last: Tip["last"], cti = at(7, 0), stream = 1) =>
    signTip(signer(), cti, TIME, { stream, recording: true, last });
  const upTo = (sequence: number) => ({ ...at(7, sequence), hash: hash(all[sequence]!) });

  it("nothing is missing where all has come, and where there is nothing", async () => {
    deep((having(5).accept(await tip(upTo(4))) as AcceptedTip).awaited, undefined);
    deep((having(0).accept(await tip(undefined)) as AcceptedTip).awaited, undefined);
  });

  it("cut off behind the third: what is missing is named until it has come", async () => {
    const it = having(3);
    const said = it.accept(await tip(upTo(6))) as AcceptedTip;
    deep([said.kind, said.recording, said.last], ["tip", true, upTo(6)]);
    deep(said.awaited, { first: at(7, 3), last: upTo(6) });
    it.accept(all[3]!);
    deep(it.awaited?.first, at(7, 4));
    for (const token of all.slice(4, 7)) it.accept(token);
    same(it.awaited, undefined);
  });

  it("who has nothing yet awaits it from the first on", async () => {
    const said = having(0).accept(await tip(upTo(2))) as AcceptedTip;
    deep(said.awaited, { first: at(0, 0), last: upTo(2) });
  });

  const REFUSED: [string, number, () => Promise<Uint8Array>, ErrorCode][] = [
    ["a device that has less than came", 5, () => tip(upTo(2)), "reading/order"],
    ["one that has nothing any more", 5, () => tip(undefined, at(9, 0)), "reading/order"],
    ["another history up to here", 5, () => tip({ ...at(7, 4), hash: hash(all[3]!) }), "reading/chain"],
    [
      "a token of a boot that is to come",
      5,
      () => tip({ ...at(8, 0), hash: hash(all[0]!) }),
      "reading/order",
    ],
    ["another stream's", 5, () => tip(upTo(6), at(7, 0), 2), "reading/order"],
  ];
  for (const [name, count, token, code] of REFUSED) {
    it(`refused, and nothing changed: ${name}`, async () => {
      const it = having(count);
      const said = await token();
      throws(code, () => it.accept(said));
      for (const right of all.slice(count)) it.accept(right);
    });
  }

  it("what comes there with another hash is refused, and the right one is not", async () => {
    const it = having(3);
    it.accept(await tip({ ...at(7, 4), hash: hash(all[5]!) }));
    it.accept(all[3]!);
    throws("reading/chain", () => it.accept(all[4]!));
    it.accept(await tip(upTo(4)));
    it.accept(all[4]!);
  });

  it("declared to be gone: nothing is awaited", async () => {
    const it = having(3);
    it.accept(await tip(upTo(4)));
    const [first, last] = [at(7, 3), at(7, 5)];
    const gap = { stream: 1, first, last, lastHash: hash(all[5]!), format: undefined, mixed: false };
    it.accept(await signGap(signer(), at(7, 1), TIME, gap));
    same(it.awaited, undefined);
  });

  it("each stream's own", async () => {
    const it = new DeviceVerifier(crypto, ours.device);
    it.accept(await tip(upTo(6), at(7, 0), 2));
    deep([it.stream(1).awaited, it.stream(2).awaited?.last], [undefined, upTo(6)]);
  });
});
