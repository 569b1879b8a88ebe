/** What a test may ask of the engine that it runs on; `engine` is node.ts or xs.ts, as the bundler says. */
export type EngineName = "node" | "xs";

/** `it` in its shape, for tests that cannot run here: they are counted as skipped, with the reason in their name. */
export type Skipped = (name: string, test?: unknown) => void;

/** `(vectors ? it : skip("no vectors here"))("reads them all", …)` */
export function skip(reason: string): Skipped {
  return (name) => {
    it.skip(`${name} (skipped: ${reason})`, () => {});
  };
}
