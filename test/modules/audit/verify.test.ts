/** The reader's side: whatever was done to a log on its way shows. */
import { cryptos, engine } from "engine";
import { type AuditHead, verifyAudit } from "../../../modules/audit/index.js";
import { encode } from "../../../modules/cbor/index.js";
import type { ErrorCode } from "../../../modules/error/index.js";
import { VagusError } from "../../../modules/error/index.js";
import { MemoryFlash } from "../../../modules/flash/index.js";
import { deep, ok, same, throws } from "../../support/assert.js";
import { fact, kid, open, readAll, SECTORS } from "./writing.js";

const crypto = cryptos[0]!;

function written(count: number): { entries: Uint8Array[]; head: AuditHead } {
  const log = open(crypto, new MemoryFlash(SECTORS));
  for (let n = 1; n <= count; n++) log.append(fact(n));
  return { entries: readAll(log, "events"), head: log.head("events") };
}

const without = (list: readonly Uint8Array[], from: number, count = 1) =>
  list.filter((_, i) => i < from || i >= from + count);

describe("verifyAudit", () => {
  const { entries, head } = written(12);

  it("gives the entries, in order, and where the next ones go on", () => {
    const verified = verifyAudit(crypto, entries, { head });
    deep(
      verified.entries.map(({ detail, who }) => [detail, who]),
      entries.map((_, i) => [[i + 1, 8], kid((i + 1) % 3)]),
    );
    deep(verified.missing, []);
    deep(verified.end, head);
  });

  it("page by page it is the same as at once", () => {
    const first = verifyAudit(crypto, entries.slice(0, 5));
    const second = verifyAudit(crypto, entries.slice(5), { after: first.end, head });
    deep([...first.entries, ...second.entries], verifyAudit(crypto, entries).entries);
    deep(verifyAudit(crypto, [], { after: second.end, head }).entries, []);
  });

  it("entries behind the signed head may have come since", () => {
    const earlier = verifyAudit(crypto, entries.slice(0, 7)).end;
    same(verifyAudit(crypto, entries, { head: earlier }).entries.length, 12);
  });

  it("any bit of any entry flipped: refused", () => {
    for (let at = 0; at < entries.length; at += engine === "xs" ? 5 : 1) {
      for (let bit = 0; bit < entries[at]!.length * 8; bit++) {
        const flipped = entries.map((entry) => entry.slice());
        flipped[at]![bit >> 3]! ^= 1 << (bit & 7);
        let refused = false;
        try {
          // a number that leaps shows as what is missing, unless the next one falls behind it
          refused = verifyAudit(crypto, flipped, { head }).missing.length > 0;
        } catch (error) {
          if (!(error instanceof VagusError)) throw error;
          refused = true;
        }
        ok(refused, `entry ${at + 1}, bit ${bit}`);
      }
    }
  });

  it("any entry, or several, removed: told as lost", () => {
    for (let at = 1; at < 11; at++) {
      for (let count = 1; at + count < 12; count++) {
        const { missing } = verifyAudit(crypto, without(entries, at, count), { head });
        deep(missing, [{ first: at + 1, last: at + count, why: "lost" }]);
      }
    }
  });

  it("the first ones removed: told as dropped", () => {
    deep(verifyAudit(crypto, entries.slice(3), { head }).missing, [{ first: 1, last: 3, why: "dropped" }]);
  });

  const swapped = entries.slice();
  [swapped[4], swapped[5]] = [swapped[5]!, swapped[4]!];
  const other = written(12);
  const foreign = entries.slice();
  foreign[6] = encode([7, 1, 1, 5, null, null, 1, new Uint8Array(16)]);
  const CASES: [string, Uint8Array[], AuditHead | undefined, ErrorCode][] = [
    ["cut off behind the tenth", entries.slice(0, 10), head, "audit/head"],
    ["none at all", [], head, "audit/head"],
    ["two swapped", swapped, head, "audit/order"],
    ["one doubled", [...entries.slice(0, 3), ...entries.slice(2)], head, "audit/order"],
    ["one put in another's place", foreign, head, "audit/chain"],
    ["one put in behind the head's", [...entries, foreign[6]!], head, "audit/order"],
    ["another head", entries, { number: 12, hash: new Uint8Array(16) }, "audit/head"],
    ["the head of a longer log", entries, written(13).head, "audit/head"],
    ["an entry of seven", [encode([1, 1, 1, 5, null, null, 1])], undefined, "audit/malformed"],
    [
      "a number of no sort",
      [encode(["1", 1, 1, 5, null, null, 1, new Uint8Array(16)])],
      undefined,
      "audit/malformed",
    ],
    [
      "a hash of eight bytes",
      [encode([1, 1, 1, 5, null, null, 1, new Uint8Array(8)])],
      undefined,
      "audit/malformed",
    ],
    [
      "a kid of nine",
      [encode([1, 1, 1, 5, new Uint8Array(9), null, 1, new Uint8Array(16)])],
      undefined,
      "audit/malformed",
    ],
    ["number 0", [encode([0, 1, 1, 5, null, null, 1, new Uint8Array(16)])], undefined, "audit/order"],
    ["no CBOR", [Uint8Array.of(0x88, 1)], undefined, "cbor/truncated"],
    ["something behind it", [Uint8Array.of(...entries[0]!, 0)], undefined, "cbor/trailing"],
  ];
  for (const [what, list, expected, code] of CASES) {
    it(`${what}: ${code}`, () => {
      throws(code, () => verifyAudit(crypto, list, expected === undefined ? {} : { head: expected }));
    });
  }

  it("two devices' logs of the same facts are the same: nothing in them is random", () => {
    deep(other.entries, entries);
  });
});
