/** The rounds that are done, whatever epoch and process they were played in, and the model after the last one. */
import type { RoundPrivacy } from '../../core/contract/run-result.ts';
import type { FinalModel, SessionRound } from '../../core/contract/session-event.ts';

export class FinishedRounds {
  readonly #results: SessionRound[];
  #modelHash: string;

  /** Of earlier processes, in order; modelHash: hexadecimal, '' before the first round. */
  constructor(results: readonly SessionRound[], modelHash: string) {
    this.#results = [...results];
    this.#modelHash = modelHash;
  }

  get all(): readonly SessionRound[] {
    return this.#results;
  }

  get last(): SessionRound | undefined {
    return this.#results.at(-1);
  }

  /** Also the number of the last one. */
  get count(): number {
    return this.last?.round ?? 0;
  }

  get lastPrivacy(): RoundPrivacy | undefined {
    return this.last?.privacy;
  }

  get finalModel(): FinalModel | null {
    if (this.last === undefined) return null;
    const { round, accuracy, f1Weighted } = this.last;
    return { round, modelSha256: this.#modelHash, accuracy, f1Weighted };
  }

  add(result: SessionRound, modelHash: string): void {
    this.#results.push(result);
    this.#modelHash = modelHash;
  }
}
