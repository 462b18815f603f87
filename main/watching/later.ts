/** Work that nobody waits for: in its order, one piece between any two turns of what matters. */
export class Later {
  #tasks: (() => void)[] = [];
  #scheduled: NodeJS.Immediate | undefined;
  readonly #failed: (error: unknown) => void;

  /** failed: told what a piece of work throws; the others are done all the same. */
  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  do(task: () => void): void {
    this.#tasks.push(task);
    this.#schedule();
  }

  /** Forgets what has not been done. */
  stop(): void {
    this.#tasks = [];
    clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
  }

  #schedule(): void {
    this.#scheduled ??= setImmediate(() => {
      this.#scheduled = undefined;
      const task = this.#tasks.shift();
      if (this.#tasks.length > 0) this.#schedule();
      try {
        task?.();
      } catch (error) {
        this.#failed(error);
      }
    });
  }
}
