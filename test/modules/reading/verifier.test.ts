import { cryptos } from "engine";
import { encodeBlock } from "../../../modules/cardiac/index.js";
import type { CborValue } from "../../../modules/cbor/index.js";
import { CLAIM, type Claims, signCwt, TYP, type Typ } from "../../../modules/cwt/index.js";
import type { ErrorCode } from "../../../modules/error/index.js";
import {
  type AcceptedEcg,
  type AcceptedHead,
  type AcceptedHeader,
  DeviceVerifier,
  encodeCti,
  encodeHead,
  encodeReading,
  PRIVATE_CLAIM,
  StreamVerifier,
} from "../../../modules/reading/index.js";
import { deep, same, throws } from "../../support/assert.js";
import { FORMAT, samples, type TestDevice, TIME, testDevice, tokens, writer } from "./stream.js";

const OF_STREAMS: Typ[] = [TYP.reading, TYP.streamHeader, TYP.head, TYP.gap, TYP.boot, TYP.tip];

const flip = (token: Uint8Array) => token.map((byte, i) => (i === token.length - 1 ? byte ^ 1 : byte));

for (const crypto of cryptos) {
  describe(`A stream of readings, ${crypto.name}`, () => {
    let ours: TestDevice;
    let all: Uint8Array[];
    before(async () => {
      ours = await testDevice(crypto);
      all = await tokens(crypto, ours, 3);
    });
    const verifier = () => new StreamVerifier(crypto, ours.device, 1);
    /** A verifier that has accepted the first `count` tokens. */
    const having = (count: number): StreamVerifier => {
      const it = verifier();
      for (const token of all.slice(0, count)) it.accept(token);
      return it;
    };

    it("header, readings and head come out as they went in", () => {
      const it = verifier();
      const [header, one, two, three, head] = all.map((token) => it.accept(token)) as [
        AcceptedHeader,
        AcceptedEcg,
        AcceptedEcg,
        AcceptedEcg,
        AcceptedHead,
      ];
      deep(header.format, { ...FORMAT, firstSample: 1000, uncertainty: 2 });
      deep(
        [header.kind, header.cti, header.iat],
        ["header", { boot: 7, stream: 1, sequence: 0 }, TIME.seconds],
      );
      for (const [n, reading] of [one, two, three].entries()) {
        deep([reading.kind, reading.firstSample, reading.cti.sequence], ["reading", 1000 + 90 * n, n + 1]);
        deep(reading.channels, [samples(1000 + 90 * n, 90)]);
      }
      deep([head.kind, head.nextSample, head.cti.sequence], ["head", 1270, 4]);
      deep(one.token, all[1]);
    });

    it("goes on from where another one was, takes back what it accepted, and knows the device's earlier keys", async () => {
      const other = await testDevice(crypto, 9);
      for (let n = 0; n <= all.length; n++) {
        const { position } = having(n);
        const known = { earlier: [ours.device], position: () => position };
        const next = new DeviceVerifier(crypto, other.device, known);
        throws(n === all.length ? "reading/header" : n > 0 ? "reading/order" : "cose/bad-signature", () =>
          next.accept(n > 0 ? all[n - 1]! : flip(all[0]!)),
        );
        for (const token of all.slice(n)) next.accept(token);
        next.stream(1).resume(position);
        for (const token of all.slice(n)) next.accept(token);
        deep(next.stream(1).position?.cti, { boot: 7, stream: 1, sequence: 4 });
      }
      throws("cose/key", () => new DeviceVerifier(crypto, other.device).accept(all[0]!));
    });

    // What comes after the first `n` tokens, and the code that refuses it; then the right ones are still accepted.
    const REFUSED: [string, number, (given: { all: Uint8Array[] }) => Uint8Array, ErrorCode][] = [
      ["a reading before the header", 0, ({ all }) => all[1]!, "reading/header"],
      ["a head before the header", 0, ({ all }) => all[4]!, "reading/header"],
      ["the header again", 1, ({ all }) => all[0]!, "reading/order"],
      ["the header again, later", 3, ({ all }) => all[0]!, "reading/order"],
      ["one missing", 1, ({ all }) => all[2]!, "reading/order"],
      ["one doubled", 2, ({ all }) => all[1]!, "reading/order"],
      ["an older one", 3, ({ all }) => all[1]!, "reading/order"],
      ["the head too early", 3, ({ all }) => all[4]!, "reading/order"],
      ["nothing", 2, () => new Uint8Array(0), "cbor/truncated"],
      ["cut off", 2, ({ all }) => all[2]!.slice(0, -1), "cbor/truncated"],
      ["something behind", 2, ({ all }) => Uint8Array.of(...all[2]!, 0), "cbor/trailing"],
      ["no Sign1", 2, () => Uint8Array.of(0x80), "cose/malformed"],
    ];
    for (const [name, count, token, code] of REFUSED) {
      it(`refused, and nothing changed: ${name}`, () => {
        const it = having(count);
        throws(code, () => it.accept(token({ all })));
        for (const right of all.slice(count)) it.accept(right);
      });
    }

    it("after the head a header opens the next stream, nothing else does", async () => {
      const it = having(5);
      for (const token of all.slice(1)) throws("reading/header", () => it.accept(token));
      const next = await tokens(crypto, ours, 1, { firstSequence: 5, firstSample: 2000 });
      for (const token of next) it.accept(token);
    });

    it("a stream that was cut off: the next header says so by its sequence", async () => {
      const it = having(2);
      const next = await tokens(crypto, ours, 1, { firstSequence: 9, firstSample: 5000 });
      for (const token of next) it.accept(token);
      throws("reading/header", () => it.accept(all[2]!));
    });

    it("a later boot's stream is accepted, an earlier one's is not, whatever its sequence", async () => {
      const later = await tokens(crypto, ours, 1, { boot: 8 });
      const earlier = await tokens(crypto, ours, 1, { boot: 6, firstSequence: 1000 });
      const it = having(2);
      throws("reading/order", () => it.accept(earlier[0]!));
      throws("reading/order", () => it.accept(later[1]!));
      for (const token of later) it.accept(token);
      throws("reading/order", () => it.accept(all[0]!));
    });

    it("another device's stream, and another key under our name", async () => {
      const theirs = await testDevice(crypto, 2);
      const it = having(1);
      const foreign = await tokens(crypto, theirs, 1);
      throws("cose/key", () => it.accept(foreign[1]!));
      const named = await tokens(crypto, { ...theirs, device: ours.device }, 1);
      throws("cose/bad-signature", () => it.accept(named[1]!));
      it.accept(all[1]!);
    });

    it("another stream of this device", async () => {
      const other = await tokens(crypto, ours, 1, { stream: 2 });
      const it = verifier();
      throws("reading/order", () => it.accept(other[0]!));
      it.accept(all[0]!);
    });

    it("another stream's reading with the right numbers: the chain tells", async () => {
      const fork = await tokens(crypto, ours, 3, { time: () => ({ ...TIME, seconds: TIME.seconds + 1 }) });
      const it = having(2);
      throws("reading/chain", () => it.accept(fork[2]!));
      it.accept(all[2]!);
      throws("reading/chain", () => having(4).accept(fork[4]!));
    });

    it("a wrong first or next sample", async () => {
      const stream = writer(crypto, ours);
      const it = verifier();
      it.accept(await stream.header());
      // The right sequence and prev, one sample further; then a head one sample short.
      const prev = crypto.sha256(await writer(crypto, ours).header()).slice(0, 16);
      const claim = { firstSample: 1001, prev, block: Uint8Array.of(0, 0, 0, 0), uncertainty: 2 };
      const label = PRIVATE_CLAIM.reading;
      const token1 = await signed(TYP.reading, label, encodeReading(claim));
      throws("reading/order", () => it.accept(token1));
      const head = encodeHead({ nextSample: 999, prev, uncertainty: 2 });
      const token2 = await signed(TYP.head, PRIVATE_CLAIM.head, head);
      throws("reading/order", () => it.accept(token2));
    });

    const signed = (
      typ: Typ,
      label: number,
      claim: CborValue,
      cti: CborValue = cti1(),
    ): Promise<Uint8Array> => {
      const claims: Claims = new Map<number, CborValue>([
        [CLAIM.iat, TIME.seconds],
        [CLAIM.cti, cti],
        [label, claim],
      ]);
      return signCwt(crypto, ours.key, { typ, kid: ours.device.kid, claims });
    };
    const cti1 = () => encodeCti({ boot: 7, stream: 1, sequence: 1 });

    it("every other typ of ours, though rightly signed (RFC 9596)", async () => {
      const it = having(1);
      for (const typ of [...Object.values(TYP), 0, 65535, "application/cwt"]) {
        if (OF_STREAMS.includes(typ)) continue;
        const token = await signed(typ as Typ, PRIVATE_CLAIM.reading, null);
        throws("cwt/typ", () => it.accept(token), `typ ${typ}`);
      }
      it.accept(all[1]!);
    });

    it("a reading that says it is a head, and the other way round", async () => {
      const prev = new Uint8Array(16);
      const head = await signed(
        TYP.reading,
        PRIVATE_CLAIM.head,
        encodeHead({ nextSample: 1000, prev, uncertainty: 2 }),
      );
      throws("cwt/claim", () => having(1).accept(head));
    });

    const CLAIMS: [string, CborValue][] = [
      ["no array", null],
      ["too short", [1000, new Uint8Array(16), new Uint8Array(4)]],
      ["too long", [1000, new Uint8Array(16), new Uint8Array(4), 2, 0]],
      ["a first sample below 0", [-1, new Uint8Array(16), new Uint8Array(4), 2]],
      ["a prev of 15 bytes", [1000, new Uint8Array(15), new Uint8Array(4), 2]],
      ["a block that is text", [1000, new Uint8Array(16), "x", 2]],
      ["an uncertainty below 0", [1000, new Uint8Array(16), new Uint8Array(4), -1]],
      ["an uncertainty that is text", [1000, new Uint8Array(16), new Uint8Array(4), "x"]],
    ];
    for (const [name, claim] of CLAIMS) {
      it(`a signed reading's claim: ${name}`, async () => {
        const token = await signed(TYP.reading, PRIVATE_CLAIM.reading, claim);
        const it = having(1);
        throws("reading/malformed", () => it.accept(token));
        it.accept(all[1]!);
      });
    }

    it("a signed reading whose block is none: refused by the codec, and nothing changed", async () => {
      const prev = crypto.sha256(all[0]!).slice(0, 16);
      const it = having(1);
      for (const block of [new Uint8Array(0), Uint8Array.of(0xff, 0xff), new Uint8Array(400)]) {
        const claim = encodeReading({ firstSample: 1000, prev, block, uncertainty: null });
        const token = await signed(TYP.reading, PRIVATE_CLAIM.reading, claim);
        throws("cardiac/malformed", () => it.accept(token));
      }
      it.accept(all[1]!);
    });

    it("a cti that is not 9 bytes", async () => {
      for (const length of [0, 8, 10]) {
        const token = await signed(TYP.reading, PRIVATE_CLAIM.reading, null, new Uint8Array(length));
        throws("reading/malformed", () => having(1).accept(token));
      }
    });

    it("sequence: each token takes one, from the first that is free", async () => {
      const stream = writer(crypto, ours, { firstSequence: 41 });
      same(stream.sequence, 41);
      await stream.header();
      await stream.reading(encodeBlock([samples(0, 5)]), 1005);
      same(stream.sequence, 43);
    });
  });
}
