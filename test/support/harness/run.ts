/** Runs suites one test after the other, as mocha does, and counts. */
import { type Body, Context, type HookName, Skip, type Suite, type Test } from "./suite.js";

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

export interface Report {
  /** A failed test or hook: the suites' names and its own, and the error's text with its stack. */
  failed(name: string, error: string): void;
  passed(name: string): void;
  skipped(name: string): void;
}

export async function runSuite(suite: Suite, report: Report): Promise<Counts> {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  await new Run(counts, report).suite(suite);
  return counts;
}

class Run {
  constructor(
    readonly counts: Counts,
    readonly report: Report,
  ) {}

  async suite(suite: Suite): Promise<void> {
    const ready = await this.hooks(suite, "before");
    for (const child of suite.children) {
      if ("children" in child) await (ready ? this.suite(child) : this.skipAll(child));
      else if (ready && child.body) await this.test(suite, child, child.body);
      else this.skip(title(suite, child.name));
    }
    await this.hooks(suite, "after");
  }

  private async test(suite: Suite, test: Test, body: Body): Promise<void> {
    const name = title(suite, test.name);
    const outcome = await this.around(suite, body);
    if (outcome === undefined) {
      this.counts.passed++;
      this.report.passed(name);
    } else if (outcome instanceof Skip) this.skip(name);
    else this.fail(name, outcome);
  }

  /** A test between its hooks: undefined, or what was thrown first. The hooks after it run in any case. */
  private async around(suite: Suite, body: Body): Promise<unknown> {
    const suites = lineage(suite);
    let outcome: unknown;
    for (const each of suites.flatMap((it) => it.hooks.beforeEach)) outcome ??= await attempt(each);
    outcome ??= await attempt(body);
    for (const each of suites.reverse().flatMap((it) => it.hooks.afterEach)) {
      const failure = await attempt(each);
      outcome ??= failure;
    }
    return outcome;
  }

  /** @returns whether the tests may go on. */
  private async hooks(suite: Suite, which: HookName): Promise<boolean> {
    if (suite.skipped) return true;
    for (const body of suite.hooks[which]) {
      const error = await attempt(body);
      if (error === undefined) continue;
      if (!(error instanceof Skip)) this.fail(title(suite, `"${which}" hook`), error);
      return false;
    }
    return true;
  }

  private skipAll(suite: Suite): void {
    for (const child of suite.children) {
      if ("children" in child) this.skipAll(child);
      else this.skip(title(suite, child.name));
    }
  }

  private skip(name: string): void {
    this.counts.skipped++;
    this.report.skipped(name);
  }

  private fail(name: string, error: unknown): void {
    this.counts.failed++;
    this.report.failed(name, text(error));
  }
}

/** Undefined, or what the body threw, or that it took too long. Throwing undefined counts as throwing. */
async function attempt(body: Body): Promise<unknown> {
  const context = new Context();
  let timer: number | undefined;
  try {
    const result = body.call(context);
    if (result instanceof Promise) {
      const late = new Promise((_, reject) => {
        timer = setTimeout(
          () => reject(new Error(`took longer than ${context.limitMs} ms`)),
          context.limitMs,
        );
      });
      await Promise.race([result, late]);
    }
    return undefined;
  } catch (error) {
    return error ?? new Error(`threw ${String(error)}`);
  } finally {
    clearTimeout(timer);
  }
}

function lineage(suite: Suite | undefined): Suite[] {
  return suite ? [...lineage(suite.parent), suite] : [];
}

function title(suite: Suite, name: string): string {
  return [...lineage(suite).map((it) => it.name), name].filter((it) => it !== "").join(" › ");
}

function text(error: unknown): string {
  return error instanceof Error ? (error.stack ?? String(error)) : String(error);
}

declare function setTimeout(callback: () => void, milliseconds: number): number;
declare function clearTimeout(timer: number | undefined): void;
