/** Byte codes of XS, counted around a piece of work. */
declare const console: { log(line: string): void };

const now = native("xs_meter");

function around(work: () => unknown): number {
  const before = now();
  work();
  return now() - before;
}

/** What calling nothing costs. */
const empty = around(() => undefined);

/** The byte codes that `work` runs, without those of the call. Native code is not counted. */
export function metered(work: () => unknown): number {
  return around(work) - empty;
}

/** The program's arguments: strings. */
export function argument(index: number): string {
  const value = native("xs_arguments")()[index];
  if (value === undefined) throw new Error(`expected an argument ${index}, came none`);
  return value;
}

export function readFile(path: string): Uint8Array {
  const bytes = native("xs_file_read")(path);
  if (bytes === undefined) throw new Error(`expected a file, came nothing: ${path}`);
  return new Uint8Array(bytes);
}

/** What `bench/inside.ts` reads: the last line of standard output. */
export function report(figures: object): void {
  console.log(JSON.stringify(figures));
}
