/**
 * The power goes at every program and erase call of what a journal does, in every half-done way; it is opened again with
 * what the chip then holds and judged by a list of what was appended, released and told. Then it goes on, the power goes
 * again, and it is judged again. Opening a journal writes nothing.
 */
import type { Crypto } from "../../modules/crypto/port.js";
import type { Flash } from "../../modules/flash/index.js";
import { Journal } from "../../modules/journal/index.js";
import { Random } from "../fuzz/random.js";
import type { CutOptions, CutOutcome } from "./cuts.js";
import { brings, copyOf, type Model, nothingKept, problemsOf, tokenOf } from "./journal-model.js";
import { blank, type Call, type Image, NorFlash } from "./nor.js";
import { halfDone } from "./ways.js";

const KEY = new Uint8Array(16).fill(0x4b);
export const SECTORS = 5;
/** Few and long ones: a sector is full soon. */
const LENGTH = 900;

/** Opens a journal; another than the right one is there to be found out. */
export type OpenJournal = (crypto: Crypto, flash: Flash, boot: number) => Journal;

export const openJournal: OpenJournal = (crypto, flash, boot) =>
  new Journal(crypto, flash, { firstSector: 0, sectors: SECTORS, key: KEY, boot });

/** One change: done on the journal, or only in the model. */
export interface Act {
  readonly model: (model: Model, boot: number) => void;
  readonly journal: (journal: Journal, boot: number, model: Model) => void;
}

/** The next token of a stream. */
const append = (stream: number): Act => ({
  model: (model, boot) => {
    model.appended.push({ stream, boot, sequence: model.next(stream, boot) });
  },
  journal: (journal, boot, model) => {
    const sequence = model.next(stream, boot);
    const token = { stream, boot, sequence };
    journal.append(stream, sequence, tokenOf(token, LENGTH), brings(token));
  },
});

/** The oldest that is kept of a stream. */
const release = (crypto: Crypto, stream: number): Act => ({
  model: (model) => {
    const first = model.lastSeen.get(stream)?.[0];
    if (first !== undefined) model.released.set(stream, first);
  },
  journal: (journal, _boot, model) => {
    const first = model.lastSeen.get(stream)?.[0];
    if (first !== undefined) {
      const hash = crypto.sha256(tokenOf({ stream, ...first }, LENGTH)).slice(0, 16);
      journal.release(stream, first, hash);
    }
  },
});

const tell = (stream: number): Act => ({
  model: (model) => {
    const last = model.lastLost.get(stream);
    if (last !== undefined) model.told.set(stream, last);
  },
  journal: (journal) => journal.told(stream),
});

export interface JournalOperation {
  readonly name: string;
  /** How many tokens are there before, and of which streams in turn: of the first where it is not said. */
  readonly before: number;
  readonly streams?: readonly number[];
  readonly mayLose: boolean;
  readonly acts: (crypto: Crypto) => readonly Act[];
}

const times = (count: number, act: Act): Act[] => new Array<Act>(count).fill(act);

export const JOURNAL_OPERATIONS: readonly JournalOperation[] = [
  {
    name: "journal append",
    before: 0,
    mayLose: false,
    acts: () => [...times(5, append(1)), append(2), append(1)],
  },
  { name: "journal full", before: 18, mayLose: true, acts: () => [...times(6, append(1)), append(2)] },
  {
    name: "journal release",
    before: 6,
    mayLose: true,
    acts: (crypto) => [
      release(crypto, 1),
      append(1),
      ...times(3, release(crypto, 1)),
      append(2),
      release(crypto, 2),
    ],
  },
  {
    name: "journal release, full",
    before: 21,
    mayLose: true,
    acts: (crypto) => times(4, release(crypto, 1)).flatMap((act) => [act, append(1)]),
  },
  {
    name: "journal told",
    before: 21,
    mayLose: true,
    acts: () => [tell(1), ...times(4, append(1)), tell(1), ...times(5, append(1)), tell(1), append(1)],
  },
  {
    name: "journal full, four streams",
    before: 20,
    streams: [1, 2, 1, 3],
    mayLose: true,
    acts: () => [append(4), ...times(3, append(1)), append(2), append(3), append(4), append(1)],
  },
  {
    name: "journal release and told, three streams",
    before: 21,
    streams: [1, 2, 3],
    mayLose: true,
    acts: (crypto) => [
      ...[tell(2), release(crypto, 1), append(3), release(crypto, 3), append(1), append(2)],
      ...[tell(1), tell(3), release(crypto, 2), append(3), append(1), tell(2)],
    ],
  },
];

export interface JournalCutOptions extends Omit<CutOptions, "full" | "start"> {
  /** Only the ways that stand for their kind. */
  readonly plain?: boolean;
  readonly open?: OpenJournal;
}

interface Moment {
  readonly call: Call;
  readonly before: Model;
  readonly after: Model;
}

export function cutJournal(
  { name, before, streams = [1], mayLose, acts }: JournalOperation,
  crypto: Crypto,
  {
    seed,
    sparing = 1,
    enough = Number.POSITIVE_INFINITY,
    plain: few = false,
    open = openJournal,
  }: JournalCutOptions,
): CutOutcome {
  const random = new Random(seed);
  const failures: string[] = [];
  const doing = acts(crypto);
  let [points, again] = [0, 0];

  /** Does it all with the power on; every call is a moment at which it may go. */
  function run(image: Image, start: Model, boot: number, list: readonly Act[]) {
    const flash = new NorFlash(image);
    const journal = open(crypto, flash, boot);
    const moments: Moment[] = [];
    let model = copyOf(start);
    for (const act of list) {
      model.see(journal);
      const after = copyOf(model);
      act.model(after, boot);
      flash.onCall = (call) => moments.push({ call, before: model, after });
      act.journal(journal, boot, model);
      model = after;
    }
    flash.onCall = undefined;
    model.see(journal);
    return { image: flash.image, model, moments };
  }

  /** The old state or the new one. @returns the one that it is */
  function judge(image: Image, models: readonly Model[], boot: number, where: string): Model | undefined {
    points++;
    try {
      const found = models.map((model) =>
        problemsOf(crypto, open(crypto, new NorFlash(image), boot), model, LENGTH, true),
      );
      const right = found.findIndex((problems) => problems.length === 0);
      if (right >= 0) return models[right];
      failures.push(`${where}: ${found.map((problems) => problems[0]).join(" | or: ")}`);
    } catch (error) {
      failures.push(`${where}: ${error}`);
    }
    return undefined;
  }

  function cut(
    image: Image,
    start: Model,
    boot: number,
    list: readonly Act[],
    deep: boolean,
    trail: string,
  ): void {
    let whole: ReturnType<typeof run>;
    try {
      whole = run(image, start, boot, list);
    } catch (error) {
      failures.push(`${trail}without a cut: ${error}`);
      return;
    }
    judge(whole.image, [whole.model], boot + 1, `${trail}the power off behind it`);
    for (const [index, { call, before, after }] of whole.moments.entries()) {
      const plain = new Set([...halfDone(call, new Random(0), true)].map((way) => way.name));
      for (const way of halfDone(call, random, few || !deep)) {
        if (failures.length >= enough) return;
        const where = `${trail}call ${index + 1} of ${whole.moments.length} (${call.kind} ${call.target.length}), ${way.name}`;
        const now = judge(way.image, [before, after], boot + 1, where);
        if (!deep || now === undefined || !plain.has(way.name) || again++ % sparing !== 0) continue;
        cut(way.image, now, boot + 1, doing, false, `${where}; then `);
      }
    }
  }

  const preparation = times(before, append(1)).map((_, n) => append(streams[n % streams.length]!));
  const prepared = run(blank(SECTORS), nothingKept(mayLose), 1, preparation);
  const trail = "";
  cut(prepared.image, prepared.model, 2, doing, true, trail);
  if (points === 0) failures.push(`${name}: nothing was cut`);
  const { moments } = run(prepared.image, prepared.model, 2, doing);
  return { calls: moments.length, points, again: Math.ceil(again / sparing), failures };
}
