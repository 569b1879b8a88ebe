/** What was asked for cannot be: exit code 2. */
export class UsageError extends Error {}
