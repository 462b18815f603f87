/** The session's lobby: which epoch one enters for, whether it is open to anybody new, and who is told the list. */
import type { Condition } from '../session/condition.ts';
import type { Outbox } from './outbox.ts';
import type { People, Person } from './people.ts';
import type { SessionNews } from './session-news.ts';

export interface LobbyOptions {
  readonly people: People;
  readonly outbox: Outbox;
  readonly news: SessionNews;
  readonly condition: Condition;
}

export class Lobby {
  readonly #options: LobbyOptions;
  /** The epoch whose lobby is open, or will be next. */
  nextEpoch: number;
  #isOpen = false;
  #locked = false;

  constructor(options: LobbyOptions, nextEpoch: number) {
    this.#options = options;
    this.nextEpoch = nextEpoch;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Nobody new is let in. */
  get locked(): boolean {
    return this.#locked;
  }

  setLocked(locked: boolean): void {
    this.#locked = locked;
    this.changed();
  }

  open(): void {
    this.#isOpen = true;
    this.changed();
  }

  close(): void {
    this.#isOpen = false;
  }

  /** To those who may enter. */
  call(to: readonly Person[]): void {
    this.#options.outbox.send('epoch-call', { epoch: this.nextEpoch }, to);
  }

  /** Somebody has come, gone or entered: whoever waits looks again, and the list will be told. */
  changed(): void {
    this.#options.condition.touch();
    this.#options.news.lobbyChanged();
  }

  /** The list goes to the screen and, while it is open, to everyone. */
  tell(): void {
    const { people, outbox, news } = this.#options;
    const { nextEpoch: epoch, isOpen: open, locked } = this;
    const guests = people.guests(epoch);
    const listed = open ? guests : people.members();
    const waiting = open ? [] : guests.filter((person) => people.numberOf(person) === 0);
    const participants = [...listed, ...waiting].map((person) => people.describe(person));
    news.emit({ type: 'lobby', epoch, locked, open, participants });
    if (!open) return;
    const body = {
      epoch,
      names: listed.map(({ name }) => name),
      fingerprints: Uint8Array.from(Buffer.from(listed.map((person) => person.fingerprint).join(''), 'hex')),
      locked,
    };
    outbox.send('lobby-list', body, people.all());
  }
}
