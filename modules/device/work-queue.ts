interface Task {
  /** Does its failure end the connection? */
  readonly fatal: boolean;
  /** When it was asked for, on the clock of the device. */
  readonly at: number;
  readonly action: () => Promise<void>;
}

/** What a failure of a task is told with. */
export type Failed = (error: unknown, task: { readonly fatal: boolean; readonly at: number }) => void;

/** Does one thing after the other; a failure is told, and the next goes on. */
export class WorkQueue {
  readonly #failed: Failed;
  #tasks: Task[] = [];
  #working = false;

  constructor(failed: Failed) {
    this.#failed = failed;
  }

  /** Tasks that wait beside the one that is under way. */
  get length(): number {
    return this.#tasks.length;
  }

  add(task: Task): void {
    this.#tasks.push(task);
    if (!this.#working) this.work();
  }

  /** Forgets what waits. */
  clear(): void {
    this.#tasks = [];
  }

  private async work(): Promise<void> {
    this.#working = true;
    try {
      for (let task = this.#tasks.shift(); task !== undefined; task = this.#tasks.shift()) {
        try {
          await task.action();
        } catch (error) {
          this.tell(error, task);
        }
      }
    } finally {
      this.#working = false;
    }
  }

  /** Whoever is told of a failure may fail at that: the next goes on all the same. */
  private tell(error: unknown, task: Task): void {
    try {
      this.#failed(error, task);
    } catch {}
  }
}
