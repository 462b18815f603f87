/** Time that passes only when a test says so: timers and performance.now() of this process. */
import { mock } from 'node:test';

export class FakeClock {
  #nowMs = 1_000;

  /** Until end(). */
  constructor() {
    mock.timers.enable({ apis: ['setTimeout'] });
    mock.method(performance, 'now', () => this.#nowMs);
  }

  /** In steps, so that what a timer leads to can wait for the next one. */
  async pass(ms: number): Promise<void> {
    const stepMs = Math.max(1, Math.ceil(ms / 100));
    for (let left = ms; left > 0; left -= stepMs) {
      const step = Math.min(stepMs, left);
      this.#nowMs += step;
      mock.timers.tick(step);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  end(): void {
    mock.timers.reset();
    mock.restoreAll();
  }
}
