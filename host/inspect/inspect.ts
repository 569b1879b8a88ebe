/** Everything that can be said about some bytes: what they are, what is wrong with them, whether they hold. */

import { Printer } from "./diagnostic.js";
import { type Item, labelOf, MAJOR, untag } from "./item.js";
import type { InspectKey } from "./key-input.js";
import { isCoseKey, type Message, messageOf, parameter } from "./message.js";
import { TYPES } from "./names.js";
import { type Paint, plain } from "./paint.js";
import { type Problem, Problems } from "./problem.js";
import { Reader } from "./reader.js";
import type { Context } from "./sense.js";
import { anything } from "./sense-cose.js";
import { Unfolding } from "./unfolding.js";
import { type Check, type VerifyInput, verifyMessages } from "./verify.js";

export interface InspectOptions extends VerifyInput {
  /** Decode readings' blocks to their samples. */
  readonly samples?: boolean;
  readonly channels?: number;
  /** Cut no string in the notation. */
  readonly full?: boolean;
  readonly paint?: Paint;
}

export interface Report {
  readonly kind: string;
  /** Of a token: its `typ`, and the name of the kind where it is known. */
  readonly typ?: number | string;
  readonly typName?: string;
  readonly length: number;
  readonly wellFormed: boolean;
  /** Well-formed, text is UTF-8, no key stands twice in a map. */
  readonly valid: boolean;
  /** Deterministic encoding (RFC 8949 section 4.2.1), of the CBOR within byte strings too. */
  readonly deterministic: boolean;
  readonly problems: readonly Problem[];
  /** true: every key that was given held, and nothing that a key could check failed; null: no key was given. */
  readonly verified: boolean | null;
  readonly checks: readonly Check[];
  readonly diagnostic: string;
  /** What a COSE_Encrypt0 held, once decrypted. */
  readonly plaintext?: Report;
}

/** What is known while one input is read, shared with what is decrypted from it. */
interface Session {
  readonly used: Set<InspectKey>;
  readonly context: { samples: boolean; channels: number };
}

/** One item, and nothing behind it. Never throws for anything that `bytes` can hold. */
export function inspect(bytes: Uint8Array, options: InspectOptions): Report {
  const session = { used: new Set<InspectKey>(), context: newContext(options) };
  return judge(look(bytes, 0, bytes.length, options, session).report, options, session);
}

/** Items one after another (RFC 8742): a recording, for instance. Offsets are the whole input's. */
export function* inspectSequence(bytes: Uint8Array, options: InspectOptions): Generator<Report> {
  const context = newContext(options);
  for (let at = 0; at < bytes.length; ) {
    const session = { used: new Set<InspectKey>(), context };
    const { report, end } = look(bytes, at, undefined, options, session);
    yield judge(report, options, session);
    if (!report.wellFormed && end <= at) return;
    if (report.problems.some(({ severity, at: offset }) => severity === "malformed" && offset >= end)) return;
    at = end;
  }
}

function newContext({ samples, channels }: InspectOptions): Session["context"] {
  return { samples: samples === true, channels: channels ?? 1 };
}

/** The report on the item at `from`; where it has to end at `until`, on what follows it too. */
function look(
  bytes: Uint8Array,
  from: number,
  until: number | undefined,
  options: InspectOptions,
  session: Session,
): { report: Report; end: number } {
  const problems = new Problems();
  const reader = new Reader(bytes);
  const item = reader.item(problems, from);
  if (until !== undefined && item.complete && item.end < until)
    problems.add(
      "malformed",
      "cbor/trailing",
      item.end,
      "expected nothing after the item (--sequence reads items one after another)",
    );
  const unfolding = new Unfolding(reader, problems);
  const found = messageOf(item, unfolding.peek);
  if (found?.good === false && found.item.complete)
    problems.add(
      "malformed",
      "cose/malformed",
      found.item.at,
      `expected a ${found.kind}, came another structure`,
    );

  const context: Context = Object.assign(session.context, { unfold: unfolding.peek });
  const printer = new Printer(context, unfolding, problems, {
    paint: options.paint ?? plain,
    full: options.full === true,
  });
  let diagnostic = printer.print(item, anything);
  if (problems.list.length > 0) diagnostic = printer.print(item, anything);

  const verification = verifyMessages(options, bytes, item, unfolding);
  for (const key of verification.used) session.used.add(key);
  const inner = verification.plaintext;
  const within = { ...options };
  delete within.externalAad;
  delete within.detached;
  const plaintext = inner && look(inner, 0, inner.length, within, session).report;
  const { count } = problems;
  return {
    end: item.end,
    report: {
      kind: kindOf(item, found),
      ...typOf(found, unfolding),
      length: (until ?? item.end) - from,
      wellFormed: count.malformed === 0,
      valid: count.malformed + count.invalid === 0,
      deterministic: count.malformed + count.invalid + count.encoding === 0,
      problems: [...problems.list].sort((a, b) => a.at - b.at),
      verified: null,
      checks: verification.checks,
      diagnostic,
      ...(plaintext && { plaintext }),
    },
  };
}

function kindOf(item: Item, message: Message | undefined): string {
  const { inner } = untag(item);
  if (message !== undefined) return message.kind;
  if (isCoseKey(inner)) return "COSE_Key";
  if (inner.major === MAJOR.array && inner.items.length > 0 && inner.items.every(isCoseKey))
    return "COSE_KeySet";
  return "CBOR";
}

function typOf(
  message: Message | undefined,
  unfolding: Unfolding,
): { typ?: number | string; typName?: string } {
  const typ = message && labelOf(parameter(message.item, 16, unfolding.peek));
  if (typ === undefined) return {};
  const typName = TYPES.get(typ);
  return typName === undefined ? { typ } : { typ, typName };
}

function allChecks(report: Report): Check[] {
  return [...report.checks, ...(report.plaintext === undefined ? [] : allChecks(report.plaintext))];
}

/** Adds up the checks: keys that were given have to hold for something. */
function judge(report: Report, { keys }: InspectOptions, { used }: Session): Report {
  if (keys.length === 0) return report;
  const failed = allChecks(report).some(({ verified }) => verified === false);
  return { ...report, verified: !failed && keys.every((key) => used.has(key)) };
}

/** Is all well that was asked for? */
export function isGood(report: Report): boolean {
  return (
    report.valid && report.verified !== false && (report.plaintext === undefined || report.plaintext.valid)
  );
}
