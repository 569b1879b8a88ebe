/** The audit log as a programmer reads it. */
import type { Programmer } from "../../host/programmer/programmer.js";
import { verifyAudit } from "../../modules/audit/verify.js";
import { equal } from "../../modules/bytes/index.js";
import { asArray, asBytes, asUint } from "../../modules/cbor/shape.js";
import type { Crypto } from "../../modules/crypto/port.js";

const MALFORMED = "session/malformed";

/** Reads and verifies both chains. @returns how many entries they have */
export async function readLog(crypto: Crypto, session: Programmer, problems: string[]): Promise<number> {
  let entries = 0;
  for (const which of [0, 1]) {
    for (let from = 1, after: Parameters<typeof verifyAudit>[2]; ; ) {
      const reply = await session.command("audit", [which, from, 1000]);
      const [part, number, hash] = asArray(reply, MALFORMED, "log", 3);
      const encoded = asArray(part, MALFORMED, "entries").map((it) =>
        asBytes(it, MALFORMED, "entry").slice(),
      );
      const verified = verifyAudit(crypto, encoded, after);
      entries += verified.entries.length;
      const reached = verified.end.number;
      const head = asUint(number, MALFORMED, "number");
      if (encoded.length === 0 || reached >= head) {
        if (!equal(verified.end.hash, asBytes(hash, MALFORMED, "hash")))
          problems.push(`the log ends at ${reached}, and its head is ${head}`);
        break;
      }
      from = reached + 1;
      after = { after: verified.end };
    }
  }
  return entries;
}
