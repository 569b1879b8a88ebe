/** What was asked for cannot be: exit code 2. */
export class UsageError extends Error {}

/** @throws UsageError where it was not given */
export function needed<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new UsageError(`expected ${what}, came nothing`);
  return value;
}

/** @throws UsageError for more or fewer than one */
export function only(positionals: readonly string[], what: string): string {
  if (positionals.length > 1) throw new UsageError(`expected one ${what}, came ${positionals.join(" ")}`);
  return needed(positionals[0], what);
}

/** @throws UsageError */
export function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((name) => name === value);
  if (found !== undefined) return found;
  throw new UsageError(`--${option}: expected ${allowed.join(" or ")}, came ${value}`);
}

/** @throws UsageError */
export function number(option: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value >= min && value <= max) return value;
  throw new UsageError(`--${option}: expected a number from ${min} to ${max}, came ${text}`);
}

/** @throws UsageError for anything that is no option */
export function nothing(positionals: readonly string[]): void {
  if (positionals.length > 0) throw new UsageError(`expected options alone, came ${positionals.join(" ")}`);
}
