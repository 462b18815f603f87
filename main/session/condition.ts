/** Waiting for something that other callbacks bring about: whoever changes state says so, whoever waits looks again. */
export class Condition {
  #waiting: (() => void)[] = [];

  /** Something has changed. */
  touch(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  /** True once `holds()` does; false when that has not come within the time. */
  async until(holds: () => boolean, withinMs?: number): Promise<boolean> {
    const endsAt = withinMs === undefined ? Infinity : performance.now() + withinMs;
    while (!holds()) {
      const leftMs = endsAt - performance.now();
      if (leftMs <= 0) return false;
      await this.#change(leftMs);
    }
    return true;
  }

  #change(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = Number.isFinite(withinMs) ? setTimeout(resolve, withinMs) : undefined;
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
