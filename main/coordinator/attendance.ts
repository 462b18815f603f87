/**
 * People come, enter, answer and go: what each of that changes in the session, and what whoever comes back is told of what
 * it may have missed.
 */
import type { Body } from '../../core/wire/messages.ts';
import type { CloseReason } from '../network/transport.ts';
import type { Store } from '../storage/store.ts';
import type { Ballots } from './ballots.ts';
import type { Bookkeeper } from './bookkeeper.ts';
import type { EpochMaker } from './epoch-maker.ts';
import type { Epochs } from './epochs.ts';
import type { Farewell } from './farewell.ts';
import type { FinishedRounds } from './finished-rounds.ts';
import type { FrontDeskHost } from './front-desk.ts';
import type { Lobby } from './lobby.ts';
import type { Outbox } from './outbox.ts';
import type { People, Person } from './people.ts';
import type { RepeatQuestion } from './repeat-question.ts';
import type { Rounds } from './rounds.ts';
import type { SessionNews } from './session-news.ts';

export interface AttendanceOptions {
  readonly id: string;
  readonly store: Store;
  readonly people: People;
  readonly outbox: Outbox;
  readonly news: SessionNews;
  readonly books: Bookkeeper;
  readonly lobby: Lobby;
  readonly maker: EpochMaker;
  readonly epochs: Epochs;
  readonly rounds: Rounds;
  readonly finished: FinishedRounds;
  readonly repeat: RepeatQuestion;
  readonly ballots: Ballots;
  readonly farewell: Farewell;
  /** Bytes of a person that do not belong. */
  readonly refusedMessage: (person: Person, reason: string) => void;
}

export class Attendance implements FrontDeskHost {
  readonly #options: AttendanceOptions;

  constructor(options: AttendanceOptions) {
    this.#options = options;
  }

  refused(who: string, reason: string): void {
    const { news, books } = this.#options;
    if (!news.refused(who, reason)) return;
    books.note({ round: 0, attempt: 0, phase: 'session', kind: 'refused', detail: { who, reason } });
  }

  // Coming and going

  connected(person: Person, fresh: boolean): void {
    const { people, outbox, news, lobby, epochs, rounds, ballots, farewell } = this.#options;
    if (person.name !== '') news.emit({ type: 'connection', name: person.name, connected: true, reason: '' });
    if (farewell.begun) return farewell.tell(person);
    if (people.numberOf(person) > 0) this.#memberConnected(person, fresh);
    else if (epochs.current !== undefined) outbox.notify('waiting-for-next-epoch', 'running', [person]);
    if (rounds.paused) outbox.notify('paused', '', [person]);
    if (person.name !== '') ballots.came(person);
    lobby.changed();
  }

  #memberConnected(person: Person, fresh: boolean): void {
    const { id, store, people, outbox, lobby, rounds, finished, repeat } = this.#options;
    const member = people.numberOf(person);
    if (finished.last !== undefined) person.connection?.send(outbox.sealReport(finished.last));
    if (lobby.isOpen) lobby.call([person]);
    rounds.connectionChanged(member, true, fresh);
    const others = people.members().filter((other) => other !== person);
    if (fresh && (store.coordinatorRecord(id)?.round ?? 0) > 0)
      outbox.send('notice', { kind: 'member-returned', member, reason: '' }, others);
    repeat.came(person);
  }

  disconnected(person: Person, reason: CloseReason): void {
    const { people, news, lobby, maker, rounds } = this.#options;
    const number = people.numberOf(person);
    if (person.name !== '') news.emit({ type: 'connection', name: person.name, connected: false, reason });
    if (number > 0) rounds.connectionChanged(number, false);
    else if (person.gone === undefined && !maker.drawing) people.forget(person);
    lobby.changed();
  }

  entered(person: Person): void {
    this.#options.ballots.came(person);
    this.#options.lobby.changed();
  }

  departed(person: Person): void {
    const { id, store, people, lobby, maker } = this.#options;
    const { connection } = person;
    // a member's place stays taken until the next epoch; a guest may think better of it
    if (people.numberOf(person) > 0 || maker.drawing) {
      person.gone = 'left';
      store.saveDeparture(id, person.fingerprint, 'left');
    } else people.forget(person);
    connection?.close('closing');
    lobby.changed();
  }

  // What they say

  confirmed(person: Person, answer: Body<'confirmation'>): void {
    this.#options.epochs.confirmed(person, answer);
  }

  repeatAnswered(person: Person, answer: Body<'repeat-answer'>): void {
    this.#options.repeat.answered(person, answer);
  }

  voted(person: Person, vote: Body<'vote'>): void {
    this.#options.ballots.voted(person, vote);
  }

  message(person: Person, bytes: Uint8Array): void {
    const { people, maker, rounds, refusedMessage } = this.#options;
    if (maker.receive(person, bytes)) return;
    const number = people.numberOf(person);
    if (number === 0 || person.gone !== undefined) return refusedMessage(person, 'unknown-sender');
    rounds.receive(number, bytes);
  }
}
