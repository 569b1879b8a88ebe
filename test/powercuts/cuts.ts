/**
 * The power goes at every program and erase call of an operation, in every half-done way; the device restarts from what the
 * chip then holds and is judged; the power goes again at every call of that restart, and it is judged again.
 *
 * A chip that dies in a call leaves what it held before, and some of the bits of the call. So the operation runs once, the
 * chip is kept as it was at each call, and every restart begins from there.
 */
import { toHex } from "../../modules/bytes/index.js";
import { Random } from "../fuzz/random.js";
import type { Step } from "./acts.js";
import { Bench } from "./bench.js";
import type { CheapCrypto } from "./cheap-crypto.js";
import { logProblems, outcomeProblems } from "./logged.js";
import { type Call, type Image, NorFlash } from "./nor.js";
import type { Operation } from "./operations.js";
import { type Running, type Start, start, view } from "./subject.js";
import { chainProblems, copyOf, listProblems, residue, type Told, tokensLeft } from "./told.js";
import { halfDone } from "./ways.js";

export interface CutOptions {
  readonly seed: number;
  /** Every record is one version short of a change of sectors, over old versions. */
  readonly full?: boolean;
  /** Puts the power on; another than the device's own is there to be found out. */
  readonly start?: Start;
  /** Only every so many-th chip is cut again in its recovery, and that many are done again; 1: all. */
  readonly sparing?: number;
  /** Only the few ways that stand for their kind. */
  readonly brief?: boolean;
  /** Stops behind so many failures. */
  readonly enough?: number;
}

export interface CutOutcome {
  /** Program and erase calls of the operation. */
  readonly calls: number;
  /** Chips that were restarted from, and those of them that were cut twice. */
  readonly points: number;
  readonly again: number;
  readonly failures: readonly string[];
}

/** What a device may be behind a restart. */
interface Allowed {
  /** Undefined: any that is new. */
  readonly views: readonly string[] | undefined;
  readonly floors: readonly number[] | undefined;
  /** How many of the blobs that were sealed have to be gone where it is the first view, and the last. */
  readonly sealed: readonly [number, number];
}

/** A moment at which the power may go. */
interface Moment {
  readonly call: Call;
  readonly told: Told;
  readonly allowed: Allowed;
}

interface Restart {
  readonly device: Running | undefined;
  readonly flash: NorFlash;
  readonly told: Told;
  readonly calls: readonly Call[];
  /** What the device turned out to be. */
  readonly allowed: Allowed;
}

export async function cutEverywhere(
  operation: Operation,
  crypto: CheapCrypto,
  options: CutOptions,
): Promise<CutOutcome> {
  return new Cuts(operation, crypto, options).run();
}

class Cuts {
  readonly #operation: Operation;
  readonly #crypto: CheapCrypto;
  readonly #options: CutOptions;
  readonly #random: Random;
  readonly #start: Start;
  readonly #failures: string[] = [];
  #bench!: Bench;
  #points = 0;
  #again = 0;

  constructor(operation: Operation, crypto: CheapCrypto, options: CutOptions) {
    this.#operation = operation;
    this.#crypto = crypto;
    this.#options = options;
    this.#random = new Random(options.seed);
    this.#start = options.start ?? start;
  }

  async run(): Promise<CutOutcome> {
    const { seed, full = false, sparing = 1 } = this.#options;
    this.#crypto.rewind(seed);
    this.#bench = await Bench.open(this.#crypto);
    await this.#operation.prepare?.(this.#bench);
    if (full) this.#bench.fill(this.#operation.ready === undefined ? 0 : 1);
    const { moments, end } = await this.#whole();
    const sealed = this.#crypto.sealed.length;
    if (end !== undefined)
      await this.#judge(end.image, end.told, end.allowed, "the power off behind it", true, sealed);
    let n = 0;
    for (const [index, { call, told, allowed }] of moments.entries()) {
      const plain = new Set([...halfDone(call, new Random(0), true)].map(({ name }) => name));
      for (const { name, image } of halfDone(call, this.#random, this.#options.brief ?? false)) {
        if (this.#failures.length >= (this.#options.enough ?? Number.POSITIVE_INFINITY)) break;
        const where = `call ${index + 1} of ${moments.length} (${said(call)}), ${name}`;
        const deeper = plain.has(name) && n++ % sparing === 0;
        const recovery = await this.#judge(image, told, allowed, where, this.#points % sparing === 0, sealed);
        if (deeper) await this.#cutAgain(recovery, told, allowed, where, sealed);
      }
    }
    return {
      calls: moments.length,
      points: this.#points,
      again: this.#again,
      failures: this.#failures,
    };
  }

  /** The operation from its beginning to its end, and where the power may go in it. */
  async #whole() {
    const bench = this.#bench;
    const flash = new NorFlash(bench.image);
    const moments: Moment[] = [];
    const told = copyOf(bench.told);
    let allowed: Allowed = {
      views: bench.view === undefined ? undefined : [bench.view],
      floors: bench.floor === undefined ? undefined : [bench.floor],
      sealed: [0, 0],
    };
    const pending: { call: Call; told: Told }[] = [];
    const record = (call: Call) => pending.push({ call, told: copyOf(told) });
    const settle = (device: Running, sealedBefore: number) => {
      const after = view(this.#crypto, device);
      const floor = device.holder.floor.seconds;
      const both: Allowed = {
        views: allowed.views && [allowed.views[allowed.views.length - 1]!, after],
        floors: allowed.floors && [allowed.floors[allowed.floors.length - 1]!, floor],
        sealed: [sealedBefore, this.#crypto.sealed.length],
      };
      for (const moment of pending.splice(0)) moments.push({ ...moment, allowed: both });
      allowed = {
        views: [after],
        floors: [floor],
        sealed: [this.#crypto.sealed.length, this.#crypto.sealed.length],
      };
    };
    const { ready } = this.#operation;
    try {
      if (ready === undefined) flash.onCall = record;
      const sealedAtStart = this.#crypto.sealed.length;
      const device = await this.#start(this.#crypto, flash);
      settle(device, sealedAtStart);
      hear(told, device);
      const steps: Step[] = ready === undefined ? [] : await ready(device, bench, told);
      flash.onCall = record;
      for (const step of steps) {
        const sealed = this.#crypto.sealed.length;
        await step();
        settle(device, sealed);
      }
      return { moments, end: { image: flash.image, told: copyOf(told), allowed } };
    } catch (error) {
      this.#failures.push(`without a cut: ${error}`);
      return { moments, end: undefined };
    }
  }

  /** A restart, judged; and where there is time the operation once more. */
  async #judge(
    image: Image,
    told: Told,
    allowed: Allowed,
    where: string,
    more: boolean,
    sealed: number,
  ): Promise<Restart> {
    this.#points++;
    this.#crypto.sealed.length = sealed;
    const restart = await this.#restart(image, told, allowed, where);
    if (more && restart.device !== undefined) {
      try {
        await this.#onceMore(restart, `${where}; done again`);
      } catch (error) {
        this.#failures.push(`${where}; done again: ${error}`);
      }
    }
    return restart;
  }

  async #restart(image: Image, before: Told, allowed: Allowed, where: string): Promise<Restart> {
    const flash = new NorFlash(image);
    const told = copyOf(before);
    const calls: Call[] = [];
    flash.onCall = (call) => calls.push(call);
    const problems: string[] = [];
    let device: Running | undefined;
    let seen = allowed;
    try {
      device = await this.#start(this.#crypto, flash);
      flash.onCall = undefined;
      seen = this.#check(device, flash.image, told, allowed, problems);
      hear(told, device);
    } catch (error) {
      problems.push(`does not open: ${error}`);
    }
    for (const problem of problems) this.#failures.push(`${where}: ${problem}`);
    return { device, flash, told, calls, allowed: seen };
  }

  #check(device: Running, image: Image, told: Told, allowed: Allowed, problems: string[]): Allowed {
    const { holder } = device;
    const now = view(this.#crypto, device);
    const floor = holder.floor.seconds;
    if (holder.boot <= told.boot) problems.push(`boot ${holder.boot} behind ${told.boot}`);
    if (told.label !== undefined && toHex(holder.label) !== told.label) problems.push("another label");
    if (allowed.views === undefined) {
      if (holder.state !== "new" || holder.epoch !== 0) problems.push(`expected a new device, came ${now}`);
    } else if (!allowed.views.includes(now)) {
      problems.push(`expected ${allowed.views.join(" or ")}; came ${now}`);
    }
    if (allowed.floors !== undefined && !isBetween(floor, allowed.floors)) {
      problems.push(`expected the floor ${allowed.floors.join(" or ")}, came ${floor}`);
    }
    const first = allowed.views !== undefined && now !== allowed.views[allowed.views.length - 1];
    problems.push(...residue(image, this.#crypto.sealed.slice(0, allowed.sealed[first ? 0 : 1])));
    problems.push(...listProblems(image, holder, told));
    problems.push(...chainProblems(image, told));
    problems.push(...logProblems(this.#crypto, image, told.logged));
    problems.push(...outcomeProblems(this.#crypto, image, told.logged));
    if (told.tokens !== undefined) {
      const tokens = tokensLeft(image);
      if (tokens > told.tokens) problems.push(`${tokens} handshakes, where ${told.tokens} were left`);
    }
    return { views: [now], floors: [floor], sealed: allowed.sealed };
  }

  /** What the device did or did not, it can do; and what it then says it is, it is behind a restart. */
  async #onceMore(restart: Restart, where: string): Promise<void> {
    const { device, flash, told } = restart;
    this.#crypto.rewind(this.#options.seed + 1);
    const { ready } = this.#operation;
    let last = device!;
    if (ready === undefined) {
      last = await this.#start(this.#crypto, flash);
      hear(told, last);
    } else for (const step of await ready(last, this.#bench, told)) await step();
    const { length } = this.#crypto.sealed;
    const allowed: Allowed = {
      views: [view(this.#crypto, last)],
      floors: [last.holder.floor.seconds],
      sealed: [length, length],
    };
    await this.#restart(flash.image, told, allowed, where);
  }

  async #cutAgain(
    recovery: Restart,
    told: Told,
    allowed: Allowed,
    where: string,
    sealed: number,
  ): Promise<void> {
    const { sparing = 1 } = this.#options;
    for (const [index, call] of recovery.calls.entries()) {
      for (const { name, image } of halfDone(call, this.#random, this.#options.brief ?? false)) {
        const there = `${where}; then call ${index + 1} of the restart (${said(call)}), ${name}`;
        this.#again++;
        await this.#judge(image, told, allowed, there, this.#again % (8 * sparing) === 0, sealed);
      }
    }
  }
}

/** A floor that rises may do so in two steps; one that is set back may not. */
function isBetween(floor: number, floors: readonly number[]): boolean {
  const [before, after] = [floors[0]!, floors[floors.length - 1]!];
  return floors.includes(floor) || (before < floor && floor < after);
}

/** The world hears of a device that is on. */
function hear(told: Told, { holder }: Running): void {
  told.boot = holder.boot;
  told.label = toHex(holder.label);
}

function said({ kind, sector, at, target }: Call): string {
  return kind === "erase"
    ? `erase of sector ${sector}`
    : `${target.length} bytes at ${at} of sector ${sector}`;
}
