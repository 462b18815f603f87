/** What a model reads in a drawing that changes: one question at a time, and always the last drawing in the end. */
import type { MethodResults } from '../../core/contract/host.ts';
import { type AppState, HostError } from './app.svelte.ts';

export class Classifier {
  /** Of the drawing of now, or of a moment ago; null for an empty pad. */
  answer = $state.raw<MethodResults['classify'] | null>(null);
  /** [784]; null for an empty pad. */
  digit = $state.raw<Uint8Array | null>(null);
  failure = $state<string | null>(null);
  readonly #app: AppState;
  readonly #model: string;
  #asking = false;

  constructor(app: AppState, model: string) {
    this.#app = app;
    this.#model = model;
  }

  read(digit: Uint8Array | null): void {
    this.digit = digit;
    if (digit === null) this.answer = null;
    else if (!this.#asking) void this.#ask();
  }

  async #ask(): Promise<void> {
    this.#asking = true;
    for (let asked: Uint8Array | null = null; this.digit !== null && this.digit !== asked;) {
      asked = this.digit;
      try {
        const answer = await this.#app.call('classify', { model: this.#model, pixels: asked });
        // the pad may have been emptied meanwhile
        if (this.digit !== null) this.answer = answer;
        this.failure = null;
      } catch (error) {
        this.failure = error instanceof HostError ? error.message : String(error);
      }
    }
    this.#asking = false;
  }
}
