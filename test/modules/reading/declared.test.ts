/** Gaps and boots: what a device no longer has, told apart from what somebody took away (DESIGN section 6). */
import { cryptos } from "engine";
import type { CborValue } from "../../../modules/cbor/index.js";
import { CLAIM, signCwt, TYP } from "../../../modules/cwt/index.js";
import type { ErrorCode } from "../../../modules/error/index.js";
import {
  type AcceptedBoot,
  type AcceptedGap,
  type AcceptedHeader,
  type Boot,
  type Cursor,
  encodeCti,
  type Gap,
  PRIVATE_CLAIM,
  StreamVerifier,
  signBoot,
  signGap,
} from "../../../modules/reading/index.js";
import { deep, ok, same, throws } from "../../support/assert.js";
import { FORMAT, type TestDevice, TIME, testDevice, tokens } from "./stream.js";

const crypto = cryptos[0]!;
const at = (boot: number, sequence: number): Cursor => ({ boot, sequence });
const hash = (token: Uint8Array) => crypto.sha256(token).slice(0, 16);
const ZEROS = new Uint8Array(16);

describe("A stream with declared gaps and boots", () => {
  let ours: TestDevice;
  /** Header 0, readings 1 to 6, head 7 of boot 7; and of boot 8. */
  let seven: Uint8Array[];
  let eight: Uint8Array[];
  before(async () => {
    ours = await testDevice(crypto);
    seven = await tokens(crypto, ours, 6);
    eight = await tokens(crypto, ours, 6, { boot: 8, firstSample: 5000 });
  });
  const verifier = () => new StreamVerifier(crypto, ours.device, 1);
  const having = (list: readonly Uint8Array[]): StreamVerifier => {
    const it = verifier();
    for (const token of list) it.accept(token);
    return it;
  };
  const gap = (of: Partial<Gap>, { cti = at(8, 0), from = ours } = {}) =>
    signGap({ crypto, key: from.key, kid: from.device.kid }, cti, TIME, {
      stream: 1,
      first: at(7, 3),
      last: at(7, 4),
      lastHash: hash(seven[4]!),
      format: undefined,
      mixed: false,
      ...of,
    });
  const boot = (of: Partial<Boot>, { cti = at(8, 1), from = ours } = {}) =>
    signBoot({ crypto, key: from.key, kid: from.device.kid }, cti, TIME, {
      stream: 1,
      before: 7,
      ceiling: 256,
      last: { sequence: 6, hash: hash(seven[6]!) },
      ...of,
    });

  it("a gap comes out as it went in, and the token behind it follows", async () => {
    const it = having(seven.slice(0, 3));
    const said = it.accept(await gap({})) as AcceptedGap;
    deep([said.kind, said.stream, said.first, said.last], ["gap", 1, at(7, 3), at(7, 4)]);
    deep(
      [said.lastHash, said.hole, said.uncertainty, said.iat],
      [hash(seven[4]!), undefined, 2, TIME.seconds],
    );
    deep(said.cti, { boot: 8, stream: 0, sequence: 0 });
    for (const token of seven.slice(5)) it.accept(token);
  });

  it("what is missing without a gap is refused; with one only what it names", async () => {
    throws("reading/order", () => having(seven.slice(0, 3)).accept(seven[5]!));
    const it = having(seven.slice(0, 3));
    it.accept(await gap({}));
    for (const wrong of [3, 4, 6]) throws("reading/order", () => it.accept(seven[wrong]!));
    it.accept(seven[5]!);
  });

  it("a gap that begins later than what came ended: the hole before it shows", async () => {
    const it = having(seven.slice(0, 2));
    const { hole } = it.accept(await gap({})) as AcceptedGap;
    deep(hole, { first: at(7, 2), last: at(7, 2) });
  });

  it("a gap over what came already and more: the rest follows", async () => {
    const it = having(seven.slice(0, 4));
    same((it.accept(await gap({ first: at(7, 1) })) as AcceptedGap).hole, undefined);
    it.accept(seven[5]!);
  });

  it("the token behind a gap has the hash that it names", async () => {
    const it = having(seven.slice(0, 3));
    it.accept(await gap({ lastHash: ZEROS }));
    throws("reading/chain", () => it.accept(seven[5]!));
    const unknown = having(seven.slice(0, 3));
    unknown.accept(await gap({ lastHash: undefined }));
    unknown.accept(seven[5]!);
    throws("reading/order", () => unknown.accept(seven[7]!));
  });

  it("a gap that has the stream's header in it: the format that it names, or none", async () => {
    const first = at(7, 0);
    const without = verifier();
    without.accept(await gap({ first }));
    throws("reading/header", () => without.accept(seven[5]!));
    const it = verifier();
    it.accept(await gap({ first, format: FORMAT }));
    for (const token of seven.slice(5)) it.accept(token);
  });

  it("a gap whose first tokens had another format says so", async () => {
    for (const mixed of [false, true]) {
      const accepted = verifier().accept(await gap({ first: at(6, 1), format: FORMAT, mixed }));
      ok(accepted.kind === "gap");
      deep([accepted.format, accepted.mixed], [FORMAT, mixed]);
    }
  });

  it("a gap over a restart", async () => {
    const it = having(seven.slice(0, 3));
    it.accept(await gap({ last: at(8, 2), lastHash: hash(eight[2]!), format: FORMAT }));
    for (const token of seven.slice(3)) throws("reading/order", () => it.accept(token));
    for (const token of eight.slice(3)) it.accept(token);
  });

  const REFUSED_GAPS: [string, Partial<Gap>, { cti?: Cursor }, ErrorCode][] = [
    ["of another stream", { stream: 2 }, {}, "reading/order"],
    ["that is behind us", { first: at(7, 1), last: at(7, 2) }, {}, "reading/order"],
    ["of an earlier boot", { first: at(6, 1), last: at(6, 200) }, {}, "reading/order"],
    ["of a boot that is yet to come", { last: at(9, 4) }, {}, "reading/order"],
    ["signed in a boot before", {}, { cti: at(6, 9) }, "reading/order"],
    ["the wrong way round", { first: at(7, 5) }, {}, "reading/malformed"],
  ];
  for (const [name, of, how, code] of REFUSED_GAPS) {
    it(`a gap, refused, and nothing changed: ${name}`, async () => {
      const it = having(seven.slice(0, 3));
      const token = await gap(of, how);
      throws(code, () => it.accept(token));
      for (const right of seven.slice(3)) it.accept(right);
    });
  }

  it("a gap or a boot of another device", async () => {
    const theirs = await testDevice(crypto, 2);
    const it = having(seven.slice(0, 3));
    const [one, two] = [await gap({}, { from: theirs }), await boot({}, { from: theirs })];
    throws("cose/key", () => it.accept(one));
    throws("cose/key", () => it.accept(two));
    const named = await gap({}, { from: { ...theirs, device: ours.device } });
    throws("cose/bad-signature", () => it.accept(named));
  });

  // What came of boot 7, what the boot says of it, and what is missing as yet.
  const CUT_OFF: [string, number, Partial<Boot>, unknown][] = [
    ["all that was written down came", 7, {}, undefined],
    ["more came than was written down", 7, { last: { sequence: 2, hash: ZEROS } }, undefined],
    ["the last two did not come", 5, {}, { first: at(7, 5), last: at(7, 6) }],
    ["nothing was written down", 5, { last: undefined }, undefined],
    [
      "a whole boot did not come",
      5,
      { before: 9, last: { sequence: 3, hash: ZEROS } },
      { first: at(7, 5), last: at(9, 3) },
    ],
  ];
  for (const [name, count, of, hole] of CUT_OFF) {
    it(`cut off by a restart: ${name}`, async () => {
      const it = having(seven.slice(0, count));
      const said = it.accept(await boot(of, { cti: at(10, 1) })) as AcceptedBoot;
      deep([said.kind, said.hole], ["boot", hole]);
      const next = await tokens(crypto, ours, 1, { boot: 10 });
      deep((it.accept(next[0]!) as AcceptedHeader).hole, hole);
    });
  }

  it("what a boot says is missing may still come, and then is not", async () => {
    const it = having(seven.slice(0, 5));
    deep((it.accept(await boot({})) as AcceptedBoot).hole, { first: at(7, 5), last: at(7, 6) });
    for (const token of seven.slice(5, 7)) it.accept(token);
    same((it.accept(eight[0]!) as AcceptedHeader).hole, undefined);
  });

  it("without a boot nobody can say how far a stream went that was cut off; one with its head went no further", () => {
    deep((having(seven.slice(0, 5)).accept(eight[0]!) as AcceptedHeader).hole, {
      first: at(7, 5),
      last: undefined,
    });
    same((having(seven).accept(eight[0]!) as AcceptedHeader).hole, undefined);
    same((verifier().accept(eight[0]!) as AcceptedHeader).hole, undefined);
  });

  it("a header that does not follow in its boot: what is before it is missing", async () => {
    const later = await tokens(crypto, ours, 1, { firstSequence: 12 });
    deep((having(seven.slice(0, 5)).accept(later[0]!) as AcceptedHeader).hole, {
      first: at(7, 5),
      last: at(7, 11),
    });
    deep((having(seven).accept(later[0]!) as AcceptedHeader).hole, { first: at(7, 8), last: at(7, 11) });
  });

  const REFUSED_BOOTS: [string, Partial<Boot>, { cti?: Cursor }, ErrorCode][] = [
    ["of another stream", { stream: 2 }, {}, "reading/order"],
    ["whose ceiling is below what came", { ceiling: 4, last: undefined }, {}, "reading/order"],
    ["that comes before the one that it names", { before: 8 }, {}, "reading/order"],
    ["that names another hash for what came", { last: { sequence: 4, hash: ZEROS } }, {}, "reading/chain"],
    ["whose last is not below its ceiling", { ceiling: 6 }, {}, "reading/malformed"],
  ];
  for (const [name, of, how, code] of REFUSED_BOOTS) {
    it(`a boot, refused, and nothing changed: ${name}`, async () => {
      const it = having(seven.slice(0, 5));
      const token = await boot(of, how);
      throws(code, () => it.accept(token));
      for (const right of seven.slice(5)) it.accept(right);
    });
  }

  it("an earlier boot behind a later one", async () => {
    const it = having(seven.slice(0, 5));
    it.accept(await boot({}, { cti: at(9, 0) }));
    const old = await boot({}, { cti: at(8, 5) });
    throws("reading/order", () => it.accept(old));
  });

  const CLAIMS: [string, "gap" | "boot", CborValue][] = [
    ["no array", "gap", null],
    ["too short", "gap", [1, [7, 3], [7, 4], ZEROS, null]],
    ["a cursor of one", "gap", [1, [7], [7, 4], ZEROS, null, 2]],
    ["a boot count above 32 bits", "gap", [1, [7, 3], [2 ** 32, 4], ZEROS, null, 2]],
    ["a hash of 15 bytes", "gap", [1, [7, 3], [7, 4], new Uint8Array(15), null, 2]],
    [
      "a format with a fourth item that is not true",
      "gap",
      [1, [7, 3], [7, 4], ZEROS, [360, 5000, ["II"], false], 2],
    ],
    ["a format of five items", "gap", [1, [7, 3], [7, 4], ZEROS, [360, 5000, ["II"], true, true], 2]],
    ["a format without channels", "gap", [1, [7, 3], [7, 4], ZEROS, [360, 5000, []], 2]],
    ["stream 256", "gap", [256, [7, 3], [7, 4], ZEROS, null, 2]],
    ["no array", "boot", 7],
    ["too long", "boot", [1, [7, 256], null, 2, 0]],
    ["a last without a hash", "boot", [1, [7, 256], [6], 2]],
    ["a last behind ceiling 0", "boot", [1, [7, 0], [0, ZEROS], 2]],
    ["an uncertainty below 0", "boot", [1, [7, 256], null, -1]],
  ];
  for (const [name, kind, claim] of CLAIMS) {
    it(`a signed ${kind}'s claim: ${name}`, async () => {
      const claims = new Map<number, CborValue>([
        [CLAIM.iat, TIME.seconds],
        [CLAIM.cti, encodeCti({ boot: 8, stream: 0, sequence: 0 })],
        [PRIVATE_CLAIM[kind], claim],
      ]);
      const token = await signCwt(crypto, ours.key, { typ: TYP[kind], kid: ours.device.kid, claims });
      const it = having(seven.slice(0, 3));
      throws("reading/malformed", () => it.accept(token));
      it.accept(seven[3]!);
    });
  }

  it("a gap in a stream's own numbering is none", async () => {
    const claims = new Map<number, CborValue>([
      [CLAIM.iat, TIME.seconds],
      [CLAIM.cti, encodeCti({ boot: 7, stream: 1, sequence: 3 })],
      [PRIVATE_CLAIM.gap, [1, [7, 3], [7, 4], ZEROS, null, 2]],
    ]);
    const token = await signCwt(crypto, ours.key, { typ: TYP.gap, kid: ours.device.kid, claims });
    throws("reading/order", () => having(seven.slice(0, 3)).accept(token));
  });
});
