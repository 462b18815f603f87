/**
 * The end of a session: members get the last figures and the model, everybody hears how it ended; whoever comes back in
 * time, too. A finished session can be resumed until its members have the model; any other cannot go on.
 */
import type { SessionRound } from '../../core/contract/session-event.ts';
import type { Condition } from '../session/condition.ts';
import type { Store } from '../storage/store.ts';
import type { Bookkeeper } from './bookkeeper.ts';
import type { FinishedRounds } from './finished-rounds.ts';
import type { ModelKeeper } from './model-keeper.ts';
import type { Outbox } from './outbox.ts';
import type { People, Person } from './people.ts';
import { mayBeBack, reunionMs } from './reunion.ts';
import type { SessionNews } from './session-news.ts';

export interface FarewellOptions {
  readonly id: string;
  readonly store: Store;
  readonly keeper: ModelKeeper;
  readonly people: People;
  readonly outbox: Outbox;
  readonly news: SessionNews;
  readonly books: Bookkeeper;
  readonly condition: Condition;
  readonly finished: FinishedRounds;
  /** An earlier process has been at it. */
  readonly resumed: boolean;
  readonly patienceMs: number;
  /** Aborted: nobody is waited for any more. */
  readonly signal: AbortSignal;
  /** Aborted: the coordinator leaves for now. */
  readonly leaving: AbortSignal;
}

/** How long members have to fetch the final model. */
const farewellMs = 15_000;

export class Farewell {
  readonly #options: FarewellOptions;
  #messages: { readonly members: readonly Uint8Array[]; readonly all: Uint8Array } | undefined;
  readonly #told = new Set<Person>();

  constructor(options: FarewellOptions) {
    this.#options = options;
  }

  /** The end has been told. */
  get begun(): boolean {
    return this.#messages !== undefined;
  }

  /** Tells the end, and waits until members have what they are to have, or have had their time. */
  async say(outcome: string): Promise<void> {
    const { id, store, people, outbox, books, condition, finished, signal, leaving } = this.#options;
    const state = stateAfter(outcome);
    const everyone = people.all();
    this.#messages = {
      members: finished.last === undefined ? [] : this.#finalMessages(finished.last),
      all: outbox.seal('notice', { kind: `session-${state}`, member: 0, reason: outcome.slice(0, 60) }),
    };
    for (const person of everyone) this.tell(person);
    books.flush();
    const end = (): void => {
      store.endSession(id, state, outcome, new Date().toISOString());
    };
    if (state !== 'finished') end();
    this.tellLeader(outcome);
    if (state === 'finished') {
      const { resumed, patienceMs } = this.#options;
      const longestMs = Math.min(resumed ? farewellMs : reunionMs, patienceMs);
      // whoever has been away for long is not waited for
      const untold = (): boolean =>
        people.members().some((person) => !this.#told.has(person) && mayBeBack(person, longestMs));
      await condition.until(() => signal.aborted || !untold(), longestMs);
      if (!leaving.aborted || !untold()) end();
    }
    // members hang up once they have the model
    await condition.until(() => leaving.aborted || people.connectedMembers().length === 0, farewellMs);
    for (const { connection } of everyone) connection?.close('session-over');
  }

  /** To whoever is there, or comes back meanwhile. */
  tell(person: Person): void {
    const { people, condition } = this.#options;
    const { connection } = person;
    if (this.#messages === undefined || connection === undefined) return;
    this.#told.add(person);
    const { members, all } = this.#messages;
    for (const bytes of people.numberOf(person) > 0 ? [...members, all] : [all]) connection.send(bytes);
    condition.touch();
  }

  tellLeader(outcome: string): void {
    const { id, store, news, finished } = this.#options;
    const identitiesCompared = store.session(id)?.identitiesCompared ?? false;
    news.emit({ type: 'finished', outcome, final: finished.finalModel, identitiesCompared });
  }

  /** The last round's figures and the model. */
  #finalMessages(last: SessionRound): Uint8Array[] {
    const { keeper, outbox } = this.#options;
    const { hash, weights } = keeper.model(true);
    const body = { round: last.round, model: hash, modelBytes: weights.length };
    return [outbox.sealReport(last), outbox.seal('final-model', body, weights)];
  }
}

function stateAfter(outcome: string): 'finished' | 'stopped' | 'aborted' {
  if (outcome === 'finished' || outcome === 'target') return 'finished';
  return outcome === 'stopped' ? 'stopped' : 'aborted';
}
