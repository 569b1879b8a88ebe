export const packages: readonly string[];
export function hasBrowser(): boolean;
export function missingBus(): string | undefined;
export function wantedPackages(options?: { xs?: boolean; browser?: boolean }): Promise<string[]>;
export function install(names: readonly string[], say: (line: string) => void): Promise<string | undefined>;
