/** What an experiment tells while it runs. */
import type { ComparisonRow, ProtocolEvent, RoundResult } from '../../core/contract/run-result.ts';
import type { Epoch } from '../../core/secagg/epoch.ts';
import type { Phase } from '../../core/wire/messages.ts';

export type ExperimentProgress =
  /** A compute process died; another does its work again. */
  | { readonly kind: 'process-replaced'; readonly reason: string }
  | { readonly kind: 'identities'; readonly done: number; readonly total: number }
  | { readonly kind: 'epoch'; readonly epoch: Epoch }
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'round-started'; readonly round: number; readonly rounds: number }
  /** Each attempt of the round that was started last, the first too. */
  | { readonly kind: 'attempt-started'; readonly round: number; readonly attempt: number }
  /** The coordinator waits for so many clients' messages of a phase. */
  | { readonly kind: 'awaits'; readonly phase: Phase; readonly clients: number }
  | { readonly kind: 'protocol'; readonly event: ProtocolEvent }
  /** Training of the round that was started last, or of a row of the comparison. */
  | {
      readonly kind: 'training';
      readonly what: 'round' | ComparisonRow['name'];
      /** Of each client whose training has begun. */
      readonly byClient: ReadonlyMap<number, number>;
      readonly examplesDone: number;
      readonly examplesTotal: number;
      readonly examplesPerSecond: number;
    }
  | { readonly kind: 'round-finished'; readonly result: RoundResult }
  /** Of the comparison. */
  | { readonly kind: 'row'; readonly row: ComparisonRow };

export type OnProgress = (progress: ExperimentProgress) => void;

/** A person cancelled before there was anything to keep. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
}

/** Adds up examples of tasks that train side by side. */
export class TrainingMeter {
  readonly #startedAt = performance.now();
  readonly #done = new Map<number, number>();
  readonly #what: 'round' | ComparisonRow['name'];
  readonly #total: number;
  readonly #onProgress: OnProgress;

  constructor(what: 'round' | ComparisonRow['name'], examplesTotal: number, onProgress: OnProgress) {
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
      byClient: this.#done,
      examplesDone: done,
      examplesTotal: this.#total,
      examplesPerSecond: (done / (performance.now() - this.#startedAt)) * 1000,
    });
  }
}
