/** The person at a participant's machine, asked on a screen: questions are events, answers come back as commands. */
import type { WatchEventBody } from '../../core/contract/watch-event.ts';
import type { PersonAnswers } from '../participant/participant-options.ts';

type Question = Extract<WatchEventBody, { type: 'question' }>['question'];

export class PersonAtScreen implements PersonAnswers {
  readonly #emit: (event: WatchEventBody) => void;
  #open: { readonly question: Question; readonly answer: (agreed: boolean) => void } | undefined;

  constructor(emit: (event: WatchEventBody) => void) {
    this.#emit = emit;
  }

  async compareWords(
    _question: unknown,
    signal: AbortSignal,
  ): Promise<{ readonly agreed: boolean; readonly compared: true }> {
    return { agreed: await this.#ask('words', 0, signal), compared: true };
  }

  allowRepeat(round: number, signal: AbortSignal): Promise<boolean> {
    return this.#ask('repeat', round, signal);
  }

  /** What nobody asked is no answer. */
  answer(question: Question, agreed: boolean): void {
    const open = this.#open;
    if (open?.question !== question) return;
    this.#open = undefined;
    this.#emit({ type: 'answered', question, agreed });
    open.answer(agreed);
  }

  /** A later question takes the place of an earlier one, which nobody waits for any more. */
  #ask(question: Question, round: number, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#open = { question, answer: resolve };
      signal.addEventListener(
        'abort',
        () => {
          this.#open = undefined;
          reject(signal.reason as Error);
        },
        { once: true },
      );
      this.#emit({ type: 'question', question, round });
    });
  }
}
