/** What a command did, and what to do next: words, or with `--json` one object. */
export interface CommandReport {
  /** For scripts: plain values, bytes as text. */
  readonly result: Readonly<Record<string, unknown>>;
  readonly did: readonly string[];
  readonly next?: readonly string[];
}

export const JSON_OPTION = { json: { type: "boolean", default: false } } as const;
export const JSON_HELP = `  --json                prints one JSON object and nothing else on standard output`;

export function report(json: boolean, { result, did, next = [] }: CommandReport): void {
  const lines = json
    ? [JSON.stringify(result)]
    : [...did, ...next.map((line, i) => `${i === 0 ? "next: " : "      "}${line}`)];
  process.stdout.write(`${lines.join("\n")}\n`);
}

/** Seconds since 1970. */
export function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

/** To the minute, as people read it. */
export function when(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** "1 key", "2 keys". */
export function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}
