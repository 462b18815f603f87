/** The latest of many values, told at most so often; the last one always. */
export class Latest<Value> {
  readonly #everyMs: number;
  readonly #tell: (value: Value) => void;
  #waiting: { readonly value: Value } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #toldAt = -Infinity;

  constructor(everyMs: number, tell: (value: Value) => void) {
    this.#everyMs = everyMs;
    this.#tell = tell;
  }

  offer(value: Value): void {
    this.#waiting = { value };
    const dueInMs = this.#toldAt + this.#everyMs - performance.now();
    if (dueInMs <= 0) this.flush();
    else
      this.#timer ??= setTimeout(() => {
        this.flush();
      }, dueInMs);
  }

  /** Tells at once what waits. */
  flush(): void {
    const { value } = this.#waiting ?? {};
    this.stop();
    if (value === undefined) return;
    this.#toldAt = performance.now();
    this.#tell(value);
  }

  /** Forgets what waits. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = undefined;
  }
}
