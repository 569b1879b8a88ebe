/** The examples and test vectors of draft-ietf-oauth-status-list, from `../shared/vectors` (or $VECTORS), unchanged. */
import { readText, vectorsFolder } from "engine";
import { fromHex } from "../../modules/bytes/index.js";
import { decode } from "../../modules/cbor/index.js";
import type { Crypto } from "../../modules/crypto/port.js";
import {
  CLAIM,
  decodeStatusList,
  encodeStatusList,
  lookUpStatus,
  readStatusListToken,
  statusReference,
  TYP,
  verifyCwt,
  type Zlib,
} from "../../modules/cwt/index.js";
import { show } from "../support/assert.js";
import { differs, MISSING, type Suite, Tally } from "./suite.js";

/**
 * The P-256 key of the draft's two CWTs. The files do not tell it: it is the one key that recovery from both ECDSA
 * signatures yields, so that each of them judges the other one's Sig_structure.
 */
const KEY = {
  curve: "P-256" as const,
  publicKey:
    "042371d69bfd03b3574f308f885a67f8981987f9869e0156cf56eeef076ec2c57ae8dfdde44963f5bb3586d815de890928875b1c4a6481398096e60a25e9b39f53",
};

/** Appendix "Test vectors for Status List encoding": the entries that are not 0, of 2^20. */
const LONG: [string, number, [number, number][]][] = [
  [
    "status_list_encoding1_long_cbor.txt",
    1,
    [0, 1993, 25460, 159495, 495669, 554353, 645645, 723232, 854545, 934534, 1000345].map((i) => [i, 1]),
  ],
  [
    "status_list_encoding2_long_cbor.txt",
    2,
    [
      [0, 1],
      [1993, 2],
      [25460, 1],
      [159495, 3],
      [495669, 1],
      [554353, 1],
      [645645, 2],
      [723232, 1],
      [854545, 1],
      [934534, 2],
      [1000345, 3],
    ],
  ],
  [
    "status_list_encoding4_cbor.txt",
    4,
    [
      [0, 1],
      [1993, 2],
      [35460, 3],
      [459495, 4],
      [595669, 5],
      [754353, 6],
      [845645, 7],
      [923232, 8],
      [924445, 9],
      [934534, 10],
      [1000345, 12],
      [1004534, 11],
      [1030203, 13],
      [1030204, 14],
      [1030205, 15],
    ],
  ],
];
/** Section 4.1's two lists, with their bytes. */
const SHORT: [string, string][] = [
  ["status_list_encoding_cbor.txt", "b9a3"],
  ["status_list_encoding2_cbor.txt", "c944f9"],
];
const EIGHT_BITS = "status_list_encoding8_cbor.txt";
const TOKENS = 3;
const FOREIGN = {
  algorithms: ["ES256"],
  tags: true,
  deterministic: false,
  time: { floor: 1686920170 },
} as const;

function bytesOf(folder: string, file: string): Uint8Array {
  const text = readText(`${folder}/status-list/${file}`);
  return fromHex(text.slice(text.lastIndexOf(":") + 1).replace(/\s/g, ""));
}

async function run(crypto: Crypto, zlib: Zlib | undefined): Promise<Tally> {
  const tally = new Tally();
  const folder = vectorsFolder();
  if (folder === undefined) {
    tally.skip(MISSING, EXPECTED);
    return tally;
  }
  const key = { curve: KEY.curve, publicKey: fromHex(KEY.publicKey) };
  const token = (file: string, typ: string | undefined) =>
    verifyCwt(crypto, bytesOf(folder, file), { ...FOREIGN, typ, key });
  await tally.case("referenced_token_cwt.txt", () => {
    const reference = statusReference(token("referenced_token_cwt.txt", undefined).claims);
    const expected = show({ index: 0, uri: "https://example.com/statuslists/1" });
    return show(reference) === expected ? undefined : `expected ${expected}, came ${show(reference)}`;
  });
  await tally.case("status_list_cwt.txt: the token", () => {
    const { claims } = token("status_list_cwt.txt", TYP.statusList);
    return claims.get(CLAIM.ttl) === 43200
      ? undefined
      : `expected a ttl of 43200, came ${claims.get(CLAIM.ttl)}`;
  });
  if (zlib === undefined) {
    tally.skip("this engine has no zlib", EXPECTED - 2);
    return tally;
  }
  await tally.case("status_list_cwt.txt: the list, and the token's status in it", () => {
    const list = readStatusListToken(token("status_list_cwt.txt", TYP.statusList).claims, zlib);
    const status = lookUpStatus(list, statusReference(token("referenced_token_cwt.txt", undefined).claims));
    return (
      differs(list.list.bytes, "b9a3") ?? (status === 1 ? undefined : `expected status 1, came ${status}`)
    );
  });
  const list = (file: string) =>
    decodeStatusList(decode(bytesOf(folder, file), { maxSize: 8192, deterministic: false }), zlib);
  for (const [file, bytes] of SHORT) {
    await tally.case(file, () => {
      const read = list(file);
      return (
        differs(read.bytes, bytes) ??
        differs(decodeStatusList(encodeStatusList(read, zlib), zlib).bytes, bytes)
      );
    });
  }
  for (const [file, bits, entries] of LONG) {
    await tally.case(file, () => {
      const read = list(file);
      const set: [number, number][] = [];
      for (let i = 0; i < read.size; i++) if (read.get(i) !== 0) set.push([i, read.get(i)]);
      if (read.bits !== bits || read.size !== 1 << 20)
        return `came ${read.bits} bits and ${read.size} entries`;
      return show(set) === show(entries) ? undefined : `expected ${show(entries)}, came ${show(set)}`;
    });
  }
  await tally.case(`${EIGHT_BITS}: every status from 1 to 255 once`, () => {
    const read = list(EIGHT_BITS);
    const seen = new Set<number>();
    let count = 0;
    for (let i = 0; i < read.size; i++) {
      if (read.get(i) === 0) continue;
      seen.add(read.get(i));
      count++;
    }
    if (read.bits === 8 && read.size === 1 << 20 && seen.size === 255 && count === 255) return undefined;
    return `came ${read.bits} bits, ${read.size} entries, ${count} set, ${seen.size} statuses`;
  });
  return tally;
}

const EXPECTED = TOKENS + SHORT.length + LONG.length + 1;

/** `zlib` where the engine has one; the tokens are verified without it. */
export function statusList(zlib: Zlib | undefined): Suite {
  return {
    suite: "Token Status List",
    source: "draft-ietf-oauth-status-list",
    expected: EXPECTED,
    run: (crypto) => run(crypto, zlib),
  };
}
