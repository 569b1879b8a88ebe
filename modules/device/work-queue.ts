interface Task {
  /** Does its failure end the connection? */
  readonly fatal: boolean;
  /** When it was asked for, on the clock of the device. */
  readonly at: number;
  /** A promise where it takes its time. */
  readonly action: () => undefined | Promise<void>;
}

/** What a failure of a task is told with. */
export type Failed = (error: unknown, task: { readonly fatal: boolean; readonly at: number }) => void;

/** Does one thing after the other; a failure is told, and the next goes on. */
export class WorkQueue {
  private readonly failed: Failed;
  private tasks: Task[] = [];
  private working = false;

  constructor(failed: Failed) {
    this.failed = failed;
  }

  /** Tasks that wait beside the one that is under way. */
  get length(): number {
    return this.tasks.length;
  }

  add(task: Task): void {
    this.tasks.push(task);
    if (!this.working) this.work();
  }

  /** Forgets what waits. */
  clear(): void {
    this.tasks = [];
  }

  private work(): void {
    this.working = true;
    for (let task = this.tasks.shift(); task !== undefined; task = this.tasks.shift()) {
      const done = this.begin(task);
      if (done === undefined) continue;
      this.goOnAfter(done, task);
      return;
    }
    this.working = false;
  }

  private goOnAfter(done: Promise<void>, task: Task): void {
    done.then(
      () => this.work(),
      (error) => {
        this.tell(error, task);
        this.work();
      },
    );
  }

  private begin(task: Task): undefined | Promise<void> {
    try {
      return task.action();
    } catch (error) {
      this.tell(error, task);
      return undefined;
    }
  }

  /** Whoever is told of a failure may fail at that: the next goes on all the same. */
  private tell(error: unknown, task: Task): void {
    try {
      this.failed(error, task);
    } catch {}
  }
}
