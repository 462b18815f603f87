/** Asks every member's person whether one more sum over the same model may be made: one no is a no. */
import { equalBytes } from '../../core/bytes/bytes.ts';
import type { Body } from '../../core/wire/messages.ts';
import type { Condition } from '../session/condition.ts';
import type { Outbox } from './outbox.ts';
import type { People, Person } from './people.ts';
import type { SessionNews } from './session-news.ts';

export interface RepeatQuestionOptions {
  readonly people: People;
  readonly outbox: Outbox;
  readonly news: SessionNews;
  readonly condition: Condition;
  readonly signal: AbortSignal;
  readonly patienceMs: number;
}

export class RepeatQuestion {
  readonly #options: RepeatQuestionOptions;
  #open: { readonly body: Body<'repeat-request'>; readonly answers: Map<Person, boolean> } | undefined;

  constructor(options: RepeatQuestionOptions) {
    this.#options = options;
  }

  /** True once everyone who is there, and no fewer than the threshold, has allowed it. */
  async ask(body: Body<'repeat-request'>, threshold: number): Promise<boolean> {
    const { people, outbox, news, condition, signal, patienceMs } = this.#options;
    const answers = new Map<Person, boolean>();
    this.#open = { body, answers };
    outbox.send('repeat-request', body, people.connectedMembers());
    news.emit({
      type: 'repeat-asked',
      round: body.round,
      answered: 0,
      needed: people.connectedMembers().length,
    });
    const refused = (): boolean => [...answers.values()].includes(false);
    const all = (): boolean =>
      people.connectedMembers().length >= threshold &&
      people.connectedMembers().every((person) => answers.has(person));
    await condition.until(() => signal.aborted || refused() || all(), patienceMs);
    this.#open = undefined;
    return !refused() && [...answers.values()].filter(Boolean).length >= threshold;
  }

  /** A member is there again: the question may have been missed. */
  came(person: Person): void {
    if (this.#open !== undefined) this.#options.outbox.send('repeat-request', this.#open.body, [person]);
  }

  /** An answer to another question, or of somebody who is no member, is dropped. */
  answered(person: Person, { model, allowed }: Body<'repeat-answer'>): void {
    const { people, condition } = this.#options;
    if (this.#open === undefined || !equalBytes(this.#open.body.model, model)) return;
    if (people.numberOf(person) === 0) return;
    this.#open.answers.set(person, allowed);
    condition.touch();
  }
}
