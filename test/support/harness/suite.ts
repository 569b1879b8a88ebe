/** Tests as they are declared: suites with hooks and tests, in mocha's words. */

/** `this` in a test or a hook. */
export class Context {
  limitMs = 30_000;

  timeout(milliseconds: number): this {
    this.limitMs = milliseconds;
    return this;
  }

  skip(): never {
    throw new Skip();
  }
}

/** Thrown by `this.skip()`. */
export class Skip extends Error {}

export type Body = (this: Context) => unknown;
export type HookName = "before" | "after" | "beforeEach" | "afterEach";

export interface Test {
  readonly name: string;
  /** Undefined for a test that is skipped. */
  readonly body: Body | undefined;
}

export class Suite {
  readonly children: (Suite | Test)[] = [];
  readonly hooks: Record<HookName, Body[]> = { before: [], after: [], beforeEach: [], afterEach: [] };

  constructor(
    readonly name: string,
    readonly parent: Suite | undefined,
    readonly skipped: boolean,
  ) {}
}

const root = new Suite("", undefined, false);
let current = root;

function describe(name: string, body: () => void, skipped = current.skipped): void {
  const suite = new Suite(name, current, skipped);
  current.children.push(suite);
  current = suite;
  try {
    body.call(undefined);
  } finally {
    current = current.parent!;
  }
}

function test(name: string, body?: Body): void {
  if (body && body.length > 0) throw new TypeError(`${name}: return a promise instead of taking a callback`);
  current.children.push({ name, body: current.skipped ? undefined : body });
}

const hook = (name: HookName) => (body: Body) => {
  current.hooks[name].push(body);
};

/** Puts mocha's words into the global scope. @returns the suite that holds all others. */
export function install(): Suite {
  const describing = Object.assign((name: string, body: () => void) => describe(name, body), {
    skip: (name: string, body: () => void) => describe(name, body, true),
  });
  const it = Object.assign(test, { skip: (name: string) => test(name) });
  Object.assign(globalThis, {
    describe: describing,
    it,
    before: hook("before"),
    after: hook("after"),
    beforeEach: hook("beforeEach"),
    afterEach: hook("afterEach"),
  });
  return root;
}
