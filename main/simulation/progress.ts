/** What an experiment tells while it runs. */
import type { ProtocolEvent, RoundResult } from '../../core/contract/run-result.ts';

export type ExperimentProgress =
  /** A compute process died; another does its work again. */
  | { readonly kind: 'process-replaced'; readonly reason: string }
  | { readonly kind: 'identities'; readonly done: number; readonly total: number }
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'round-started'; readonly round: number; readonly rounds: number }
  | { readonly kind: 'protocol'; readonly event: ProtocolEvent }
  /** Training of the round that was started last, or of a row of the comparison (`what` is its name). */
  | {
      readonly kind: 'training';
      readonly what: string;
      readonly examplesDone: number;
      readonly examplesTotal: number;
      readonly examplesPerSecond: number;
    }
  | { readonly kind: 'round-finished'; readonly result: RoundResult };

export type OnProgress = (progress: ExperimentProgress) => void;

/** A person cancelled before there was anything to keep. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
}

/** Adds up examples of tasks that train side by side. */
export class TrainingMeter {
  readonly #startedAt = performance.now();
  readonly #done = new Map<number, number>();
  readonly #what: string;
  readonly #total: number;
  readonly #onProgress: OnProgress;

  constructor(what: string, examplesTotal: number, onProgress: OnProgress) {
    this.#what = what;
    this.#total = examplesTotal;
    this.#onProgress = onProgress;
  }

  /** task: any number that tells the tasks apart. */
  update(task: number, examplesDone: number): void {
    this.#done.set(task, examplesDone);
    const done = this.#done.values().reduce((sum, value) => sum + value, 0);
    this.#onProgress({
      kind: 'training',
      what: this.#what,
      examplesDone: done,
      examplesTotal: this.#total,
      examplesPerSecond: (done / (performance.now() - this.#startedAt)) * 1000,
    });
  }
}
