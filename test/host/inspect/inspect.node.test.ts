/** `vagus inspect` judged by published tokens, by cbor2's diagnostic notation, and by the strict pass of modules/cbor. */
import { readFileSync } from "node:fs";
import { diagnose } from "cbor2";
import { vectorsFolder } from "engine";
import fc from "fast-check";
import { type InspectOptions, inspect, inspectSequence, isGood } from "../../../host/inspect/inspect.js";
import { fromCbor, fromJwk } from "../../../host/inspect/key-input.js";
import { concat, fromHex, toHex } from "../../../modules/bytes/index.js";
import { encodeBlock, encodeMarkers } from "../../../modules/cardiac/codec/index.js";
import { type CborValue, check, decode, encode, Tag } from "../../../modules/cbor/index.js";
import { encrypt0, sign1 } from "../../../modules/cose/index.js";
import { mac0 } from "../../../modules/cose/mac0.js";
import { createPortableCrypto } from "../../../modules/crypto/portable/index.js";
import { CLAIM, cnfOf, signCwt, TYP } from "../../../modules/cwt/index.js";
import { VagusError } from "../../../modules/error/index.js";
import {
  encodeCti,
  encodeHeader,
  encodeReading,
  PRIVATE_CLAIM,
  STREAM,
} from "../../../modules/reading/claims.js";
import { encodeDeviceState } from "../../../modules/reading/state.js";
import { deep, ok, same } from "../../support/assert.js";

const crypto = createPortableCrypto();
const plain: InspectOptions = { crypto, keys: [], full: true };
const look = (hex: string) => inspect(fromHex(hex.replace(/\s/g, "")), plain);

/** RFC 8392 appendix A.2.1, A.2.2, A.2.3 and the tokens of A.3 to A.7. */
const KEY_128 = "a42050231f4c4d4d3051fdc2ec0a3851d5b3830104024c53796d6d6574726963313238030a";
const KEY_256 =
  "a4205820403697de87af64611c1d32a05dab0fe1fcb715a86ab435f1ec99192d795693880104024c53796d6d6574726963323536 0304".replace(
    " ",
    "",
  );
const KEY_ES256 =
  "a72358206c1382765aec5358f117733d281c1c7bdc39884d04a45a1e6c67c858bc206c1922582060f7f1a780d8a783bfb7a2dd6b2796e8128dbbcef9d3d168db9529971a36e7b9215820143329cce7868e416927599cf65a34f3ce2ffda55a7eca69ed8919a394d42f0f2001010202524173796d6d657472696345434453413235360326";
const A3 =
  "d28443a10126a104524173796d6d657472696345434453413235365850a70175636f61703a2f2f61732e6578616d706c652e636f6d02656572696b77037818636f61703a2f2f6c696768742e6578616d706c652e636f6d041a5612aeb0051a5610d9f0061a5610d9f007420b7158405427c1ff28d23fbad1f29c4c7c6a555e601d6fa29f9179bc3d7438bacaca5acd08c8d4d4f96131680c429a01f85951ecee743a52b9b63632c57209120e1c9e30";

describe("vagus inspect: tokens", () => {
  it("RFC 8392 A.3: names, dates, verified with the key of A.2.3", () => {
    const report = inspect(fromHex(A3), { ...plain, keys: [fromCbor(crypto, fromHex(KEY_ES256))] });
    same(report.kind, "COSE_Sign1");
    same(report.verified, true);
    ok(report.deterministic && isGood(report));
    for (const part of [
      "/ COSE_Sign1 / 18([",
      "/ alg / 1: -7 / ES256 /",
      "'AsymmetricECDSA256'",
      '/ iss / 1: "coap://as.example.com"',
      "/ exp / 4: 1444064944 / 2015-10-05T17:09:04Z /",
    ])
      ok(report.diagnostic.includes(part), `${part} in\n${report.diagnostic}`);
  });

  it("a changed signature, claim or header is not verified", () => {
    const keys = [fromCbor(crypto, fromHex(KEY_ES256))];
    for (const at of [40, 100, 160]) {
      const token = fromHex(A3);
      token[at] ^= 1;
      const report = inspect(token, { ...plain, keys });
      same(report.verified, false, `byte ${at}`);
      ok(!isGood(report));
    }
  });

  it("every key that was given has to hold for something", () => {
    const keys = [fromCbor(crypto, fromHex(KEY_ES256)), fromCbor(crypto, fromHex(KEY_128))];
    same(inspect(fromHex(A3), { ...plain, keys }).verified, false);
  });

  it("cose-wg's CWT examples A.3 to A.7 verify or decrypt", function () {
    const folder = vectorsFolder();
    if (folder === undefined) return this.skip();
    const keysOf: Record<string, string> = {
      A_3: KEY_ES256,
      A_4: KEY_256,
      A_5: KEY_128,
      A_6: KEY_128,
      A_7: KEY_256,
    };
    for (const [name, key] of Object.entries(keysOf)) {
      const { output } = JSON.parse(readFileSync(`${folder}/cose-wg/CWT/${name}.json`, "utf8"));
      const report = inspect(fromHex(output.cbor), { ...plain, keys: [fromCbor(crypto, fromHex(key))] });
      same(report.verified, true, name);
      if (name === "A_6") ok(report.plaintext?.diagnostic.includes('/ sub / 2: "erikw"'), "A.6 inside");
    }
  });

  it("our own tokens: typ, kid, nested under a Partial IV, with a JWK", async () => {
    const key = await crypto.generate("Ed25519");
    const claims = new Map<number, CborValue>([
      [CLAIM.iat, 1_700_000_000],
      [-65538, [0, new Uint8Array(16), new Uint8Array(4), null]],
    ]);
    const signed = await signCwt(crypto, key, { typ: TYP.reading, claims });
    const secret = { key: new Uint8Array(16).fill(1), baseIv: new Uint8Array(13).fill(2) };
    const sealed = encrypt0(
      crypto,
      { algorithm: 30, ...secret, partialIv: 7, externalAad: fromHex("aa") },
      signed,
    );
    const jwk = { kty: "OKP", crv: "Ed25519", x: Buffer.from(key.publicKey).toString("base64url") };
    const oct = { kty: "oct", k: Buffer.from(secret.key).toString("base64url") };
    const keys = [fromJwk(crypto, jwk), fromJwk(crypto, oct)];
    const options = { ...plain, keys, baseIv: secret.baseIv, externalAad: fromHex("aa") };
    const report = inspect(sealed, options);
    same(report.verified, true, JSON.stringify(report.checks));
    same(report.plaintext?.typName, "reading");
    ok(report.diagnostic.includes("/ Partial IV / 6: h'07' / 7 /"), report.diagnostic);
    ok(report.plaintext?.diagnostic.includes("/ block / h'00000000'"));
    same(inspect(sealed, { ...options, externalAad: fromHex("ab") }).verified, false);
    same(inspect(sealed, { ...plain, keys }).verified, false, "without the base IV");
  });

  it("COSE_Mac0 without a tag is told from COSE_Sign1 by its algorithm", () => {
    const key = new Uint8Array(32).fill(3);
    const bytes = mac0(crypto, { algorithm: 5, key, payload: fromHex("a0") });
    const keys = [fromJwk(crypto, { kty: "oct", k: Buffer.from(key).toString("base64url") })];
    const report = inspect(bytes, { ...plain, keys });
    same(report.kind, "COSE_Mac0");
    same(report.verified, true);
  });

  it("a credential in a header, and the key that it confirms", async () => {
    const key = await crypto.generate("Ed25519");
    const cnf = cnfOf({ curve: "Ed25519", publicKey: key.publicKey });
    const claims = new Map<number, CborValue>([[CLAIM.cnf, cnf]]);
    const credential = await signCwt(crypto, key, { typ: TYP.deviceCredential, claims });
    const unprotected = new Map<number, CborValue>([[13, decode(credential)]]);
    const { diagnostic } = inspect(await sign1(crypto, key, { payload: fromHex("a0"), unprotected }), plain);
    for (const part of [
      "/ kcwt / 13: / COSE_Sign1 / [",
      "65000 / deviceCredential /",
      "/ COSE_Key / 1: {",
      "6 / Ed25519 /",
    ])
      ok(diagnostic.includes(part), `${part} in\n${diagnostic}`);
  });

  it("readings' blocks as samples, with the channels of the stream header before them", async () => {
    const key = await crypto.generate("Ed25519");
    const token = (typ: number, label: number, claim: CborValue) =>
      signCwt(crypto, key, { typ, claims: new Map<number, CborValue>([[label, claim]]) });
    const header = encodeHeader({
      rateHz: 360,
      nanovoltsPerStep: 5000,
      channels: ["I", "II"],
      firstSample: 0,
      uncertainty: null,
    });
    const block = encodeBlock([Int16Array.of(1, -2, 3), Int16Array.of(4, 5, 6)]);
    const reading = encodeReading({ firstSample: 0, prev: new Uint8Array(16), block, uncertainty: null });
    const recording = concat(
      await token(TYP.streamHeader, PRIVATE_CLAIM.header, header),
      await token(TYP.reading, PRIVATE_CLAIM.reading, reading),
    );
    const [, second] = inspectSequence(recording, { ...plain, samples: true });
    ok(second.diagnostic.includes("/ 3 samples: 1, -2, 3; 4, 5, 6 /"), second.diagnostic);
    const [, without] = inspectSequence(recording, plain);
    ok(!without.diagnostic.includes("samples:"));
  });

  it("readings of the pacer's markers and of the device's state are not taken for an ECG", async () => {
    const key = await crypto.generate("Ed25519");
    const token = (stream: number, block: Uint8Array) => {
      const claim = encodeReading({ firstSample: 1000, prev: new Uint8Array(16), block, uncertainty: null });
      const claims = new Map<number, CborValue>([
        [CLAIM.cti, encodeCti({ boot: 2, stream, sequence: 5 })],
        [PRIVATE_CLAIM.reading, claim],
      ]);
      return signCwt(crypto, key, { typ: TYP.reading, claims });
    };
    const paced = encodeMarkers(1000, {
      endMs: 2000,
      markers: [
        { type: "marker", name: "AS", refractory: true, atMs: 1100 },
        { type: "marker", name: "VP", refractory: false, atMs: 1250 },
      ],
      inForce: [],
    });
    const state = encodeDeviceState(4000, {
      battery: { status: "BOL", leftPermille: 995 },
      leads: undefined,
      journal: { usedBytes: 7, capacityBytes: 900 },
      ...{ boot: 2, epoch: 1 },
    });
    for (const [stream, block, said] of [
      [STREAM.pacing, paced, "/ 2 markers to 2000 ms: (AS) at 1100, VP at 1250 /"],
      [
        STREAM.state,
        state,
        "/ 4000 ms; battery BOL 99.5 %; no leads; journal 7 of 900 bytes; boot 2, list 1 /",
      ],
      [STREAM.state, paced, "/ no block: "],
      [STREAM.ecg, encodeBlock([Int16Array.of(1, 2)]), "/ 2 samples: 1, 2 /"],
    ] as const) {
      const { diagnostic } = inspect(await token(stream, block), { ...plain, samples: true });
      ok(diagnostic.includes(said), diagnostic);
    }
  });

  const ours: [number, number, CborValue, string[]][] = [
    [TYP.freshnessRequest, CLAIM.nonce, new Uint8Array(16), ["/ freshnessRequest /", "/ nonce / 10"]],
    [TYP.freshness, -65540, 3, ["/ freshness /", "/ epoch / -65540: 3"]],
    [
      TYP.revocationList,
      -65541,
      new Uint8Array(16),
      ["/ revocationList /", "/ revoked / -65541", "/ 2 kids /"],
    ],
    [TYP.selfRevocation, -65540, 1, ["/ selfRevocation /", "/ epoch / -65540: 1"]],
    [
      TYP.gap,
      -65542,
      [1, [2, 3], [2, 9], null, null, null],
      ["/ gap / -65542", "/ first boot, sequence / [", "/ hash of the last / null"],
    ],
    [TYP.boot, -65543, [1, [2, 64], null, null], ["/ boot / -65543", "/ boot before, ceiling / ["]],
  ];
  for (const [typ, label, claim, parts] of ours) {
    it(`names the claims of typ ${typ}, as ${label}`, async () => {
      const key = await crypto.generate("Ed25519");
      const token = await signCwt(crypto, key, { typ, claims: new Map<number, CborValue>([[label, claim]]) });
      const { diagnostic } = inspect(token, plain);
      for (const part of parts) ok(diagnostic.includes(part), `${part} in\n${diagnostic}`);
    });
  }

  it("items one after another keep their offsets", () => {
    const reports = [...inspectSequence(fromHex("01 8118 01 1803".replace(/ /g, "")), plain)];
    deep(
      reports.map(({ diagnostic, problems }) => [diagnostic.split(" ")[0], problems.map(({ at }) => at)]),
      [
        ["1", []],
        ["[1_0", [2]],
        ["3_0", [4]],
      ],
    );
  });
});

describe("vagus inspect: what is wrong, and where", () => {
  // code, byte, well-formed, valid
  const table: [string, string, number, boolean, boolean][] = [
    ["8201", "cbor/truncated", 1, false, false],
    ["1801", "cbor/not-shortest", 0, true, true],
    ["a2 02 01 01 01", "cbor/key-order", 3, true, true],
    ["a2 01 01 01 02", "cbor/duplicate-key", 3, true, false],
    ["a2 01 01 1801 02", "cbor/not-shortest", 3, true, false],
    ["9f01ff", "cbor/indefinite", 0, true, true],
    ["ff", "cbor/indefinite", 0, false, false],
    ["1c", "cbor/reserved", 0, false, false],
    ["f801", "cbor/reserved", 0, false, false],
    ["62c328", "cbor/utf8", 1, true, false],
    ["fb3ff8000000000000", "cbor/not-shortest", 0, true, true],
    ["0102", "cbor/trailing", 1, false, false],
    ["5bffffffffffffffff", "cbor/truncated", 9, false, false],
    ["9bffffffffffffffff", "cbor/truncated", 9, false, false],
    ["bbffffffffffffffff", "cbor/truncated", 9, false, false],
    ["5f4101 6101 ff", "cbor/type", 3, false, false],
    ["d2 83 40 a0 40", "cose/malformed", 1, false, false],
    ["d2 84 43a10126 a0 42a101 40", "", -1, true, true],
    ["d2 84 43a11826 a0 41a0 40", "cbor/truncated", 6, false, false],
  ];
  for (const [hex, code, at, wellFormed, valid] of table) {
    it(`${hex}: ${code || "nothing"}`, () => {
      const report = look(hex);
      const found = report.problems.find((problem) => problem.code === code);
      same(report.problems.length === 0, code === "", JSON.stringify(report.problems));
      if (code !== "") same(found?.at, at, JSON.stringify(report.problems));
      same(report.wellFormed, wellFormed, "well-formed");
      same(report.valid, valid, "valid");
    });
  }

  it("what the strict pass refuses for its encoding is the first problem, at the same byte; in a token, one of them", () => {
    const ENCODING = [
      "not-shortest",
      "indefinite",
      "key-order",
      "duplicate-key",
      "truncated",
      "utf8",
      "trailing",
    ];
    let compared = 0;
    const judge = (bytes: Uint8Array, inToken: boolean) => {
      let refused: VagusError | undefined;
      try {
        check(bytes, { maxSize: bytes.length, maxText: bytes.length, floats: true });
      } catch (error) {
        ok(error instanceof VagusError);
        refused = error;
      }
      const report = inspect(bytes, plain);
      if (refused === undefined) return;
      if (!ENCODING.includes(refused.code.slice(5))) return;
      compared++;
      const { code, at } = refused;
      const own = report.problems.filter((problem) => problem.code.startsWith("cbor/"));
      const found = own.findIndex((problem) => problem.code === code && problem.at === at);
      // In a message of COSE what its byte strings hold is judged too, and may be wrong at an earlier byte.
      const unfolded = inToken || report.kind !== "CBOR";
      ok(found === 0 || (unfolded && found > 0), `${toHex(bytes)}: ${refused.message}`);
    };
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 14 }), (bytes) => judge(bytes, false)),
      { numRuns: 4000 },
    );
    const token = fromHex(A3);
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = token.slice();
        changed[at] ^= flip;
        judge(changed, true);
      }),
      { numRuns: 1000 },
    );
    ok(compared > 1000, `only ${compared} were refused`);
  });
});

describe("vagus inspect: the notation", () => {
  it("without names it is cbor2's", () => {
    const { value } = fc.letrec<{ value: CborValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.integer({ min: -70000, max: 70000 }),
        fc.string({ maxLength: 8 }).filter((text) => !text.includes("/")),
        fc.uint8Array({ maxLength: 8 }),
        fc.constantFrom<CborValue>(null, true, false, undefined),
        fc.array(tie("value"), { maxLength: 4 }),
        fc
          .array(fc.tuple(fc.integer({ min: 100, max: 200 }), tie("value")), { maxLength: 4 })
          .map((entries) => new Map<CborValue, CborValue>(entries)),
        tie("value").map((inner) => new Tag(inner, 100)),
      ),
    }));
    fc.assert(
      fc.property(value, (item) => {
        const bytes = encode(item);
        const report = inspect(bytes, plain);
        fc.pre(report.kind === "CBOR"); // what looks like a message of COSE has its byte strings unfolded
        ok(report.deterministic, "deterministic");
        const own = report.diagnostic.replace(/\/ [^/]* \//g, "");
        same(squeeze(own), squeeze(diagnose(bytes)));
      }),
    );
  });

  it("text cannot steer the terminal", () => {
    const { diagnostic } = inspect(encode(["\x1b[31m", "\u009b31m", "\u202egnp", "a\nb"]), plain);
    ok(!/[^\x20-\x7e]/.test(diagnostic), diagnostic);
  });

  it("a slash in a comment ends it and begins the next", () => {
    const { diagnostic } = look("d1 84 43a10104 a0 f6 40");
    ok(diagnostic.includes("/ HMAC 256//64 /"), diagnostic);
  });
});

function squeeze(text: string): string {
  return text.replace(/\s+/g, "").replace(/_i\b/g, "");
}

describe("vagus inspect: hostile input costs an error and no memory", () => {
  const measure = (bytes: Uint8Array) => {
    const gc = (globalThis as { gc?: () => void }).gc;
    gc?.();
    const before = process.memoryUsage();
    const started = Date.now();
    const report = inspect(bytes, { ...plain, full: false });
    const after = process.memoryUsage();
    const grown = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
    return { report, grown, ms: Date.now() - started };
  };

  it("100,000 levels of arrays, maps, tags and byte strings", () => {
    for (const unit of ["81", "a100", "c6", "9f", "bf00", "d2", "d83d"]) {
      const { report, grown, ms } = measure(fromHex(unit.repeat(100_000)));
      same(report.problems.at(-1)?.code, "cbor/too-deep", unit);
      ok(grown < 8e6 && ms < 1000, `${unit}: ${grown} bytes, ${ms} ms`);
    }
  });

  it("messages in the payloads of messages", () => {
    let bytes: Uint8Array = fromHex("a0");
    for (let i = 0; i < 2000; i++) bytes = encode([new Uint8Array(0), new Map(), bytes, new Uint8Array(0)]);
    const { report, ms } = measure(bytes);
    ok(report.wellFormed && ms < 1000, `${ms} ms`);
  });

  it("10 MB of random bytes, of zeros, of one array, of one string", () => {
    const noise = new Uint8Array(10_000_000);
    let state = 1;
    for (let i = 0; i < noise.length; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      noise[i] = state >>> 24;
    }
    for (const head of [
      "",
      "9b7fffffffffffffff",
      "bb7fffffffffffffff",
      "5b7fffffffffffffff",
      "7b7fffffffffffffff",
      "9f",
    ]) {
      const { report, grown, ms } = measure(concat(fromHex(head), noise));
      ok(!report.wellFormed, head);
      ok(grown < 64e6 && ms < 5000, `${head}: ${grown} bytes, ${ms} ms`);
    }
    const { report } = measure(concat(fromHex("9a00989680"), new Uint8Array(10_000_000)));
    same(report.problems[0].code, "cbor/too-large");
  });

  it("every truncation of a token", () => {
    const token = fromHex(A3);
    for (let length = 0; length < token.length; length++) {
      const report = inspect(token.subarray(0, length), plain);
      same(report.wellFormed, false, `${length} bytes`);
      same(
        report.problems.some(({ code }) => code === "cbor/truncated"),
        true,
        `${length} bytes`,
      );
    }
  });
});
