/** What is left when the attacker is done: does the clinician read on, and does the log tell of it? */

import type { Programmer, ProgrammerEvent } from "../../host/programmer/programmer.js";
import type { AuditEntry } from "../../modules/audit/entry.js";
import { AUDIT, auditEvent } from "../../modules/audit/events.js";
import { verifyAudit } from "../../modules/audit/verify.js";
import { asArray, asBytes, asUint } from "../../modules/cbor/shape.js";
import { errorCode } from "../../modules/error/index.js";
import { type AcceptedToken, STREAM } from "../../modules/reading/index.js";
import { heart } from "./heart.js";
import type { Person } from "./hospital.js";
import type { Scene } from "./scene.js";

const READINGS = 2;
const MALFORMED = "session/malformed";

export interface Log {
  readonly events: readonly AuditEntry[];
  readonly failures: readonly AuditEntry[];
}

/** Both chains of the log, verified up to the heads that the device named. */
export async function readLog(scene: Scene, session: Programmer): Promise<Log> {
  const chain = async (which: 0 | 1) => {
    const encoded: Uint8Array[] = [];
    for (let from = 1; ; ) {
      const [part, number, hash] = asArray(
        await session.command("audit", [which, from, 1000]),
        MALFORMED,
        "log",
        3,
      );
      const entries = asArray(part, MALFORMED, "entries").map((entry) =>
        asBytes(entry, MALFORMED, "entry").slice(),
      );
      encoded.push(...entries);
      const head = { number: asUint(number, MALFORMED, "number"), hash: asBytes(hash, MALFORMED, "hash") };
      const { entries: verified } = verifyAudit(scene.crypto, encoded);
      const last = verified[verified.length - 1]?.number ?? 0;
      if (entries.length === 0 || last >= head.number)
        return verifyAudit(scene.crypto, encoded, { head }).entries;
      from = last + 1;
    }
  };
  return { events: await chain(0), failures: await chain(1) };
}

/** "edhoc/mac ×2": what was refused, by the log. */
export function failuresOf({ failures }: Log): string {
  const times = new Map<string, number>();
  for (const { event, detail, times: n } of failures) {
    const code =
      typeof detail === "number" ? (errorCode(detail) ?? `${detail}`) : (auditEvent(event) ?? `${event}`);
    times.set(code, (times.get(code) ?? 0) + n);
  }
  return [...times].map(([code, n]) => (n > 1 ? `${code} ×${n}` : code)).join(", ");
}

export function countOf({ events }: Log, event: keyof typeof AUDIT): number {
  return events.filter((entry) => entry.event === AUDIT[event]).length;
}

/** Are these the samples that the device's heart had? It is a record, which this side has too. */
export function genuine(tokens: readonly AcceptedToken[]): boolean {
  const source = heart();
  return tokens.every((token) => {
    if (token.kind !== "reading" || !("channels" in token)) return true;
    const [samples] = token.channels;
    return (samples as Int16Array).every(
      (value, i) => value === source.read((token.firstSample + i) % source.length, 1)[0]?.[0],
    );
  });
}

export const tokensOf = (events: readonly ProgrammerEvent[]): AcceptedToken[] =>
  events.flatMap((event) => (event.kind === "token" ? [event.token] : []));

/** An honest clinician comes, reads, and looks into the log. */
export async function aftermath(scene: Scene, alice: Person): Promise<void> {
  const { stage } = scene;
  const events: ProgrammerEvent[] = [];
  const session = await stage.connect(alice, { observe: (event) => events.push(event) });
  try {
    const [recording] = asArray(await session.command("status", 1), MALFORMED, "status", 5);
    if (recording === true) await session.stop(STREAM.ecg);
    const log = await readLog(scene, session);
    const before = session.figures.verified;
    await session.start(STREAM.ecg, 250, READINGS);
    await stage.until(
      () => session.figures.verified >= before + READINGS + 2,
      "two readings behind the attack",
    );
    const tokens = tokensOf(events);
    const refused = events.filter(({ kind }) => kind === "refused").length;
    scene.expect(refused === 0, `behind the attack the programmer refuses ${refused} messages of the device`);
    scene.expect(
      !scene.recorded || genuine(tokens),
      "behind the attack there are samples that the heart never had",
    );
    const failures = failuresOf(log);
    scene.device(`log: ${failures || "nothing refused"}, chain verified`);
    scene.clinician(`then reads on: ${READINGS} readings verified, 0 refused`);
  } finally {
    session.close();
  }
}
