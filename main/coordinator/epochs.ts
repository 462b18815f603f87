/**
 * The session's epochs, one after another: takes up the one that an earlier process had reached, opens the lobby until
 * the words of the next are confirmed, and says when enough has changed for another.
 */
import { toHex } from '../../core/bytes/bytes.ts';
import { isNoised } from '../../core/contract/run-settings.ts';
import type { SessionEventBody } from '../../core/contract/session-event.ts';
import { createEpoch, type Epoch } from '../../core/secagg/epoch.ts';
import type { Roster } from '../../core/secagg/roster.ts';
import type { Body } from '../../core/wire/messages.ts';
import type { Condition } from '../session/condition.ts';
import { rosterEvent } from '../session/epoch-record.ts';
import { memberParameters, type PlanBasis } from '../session/member-plan.ts';
import { privacyPlanEvent } from '../session/privacy-plan-event.ts';
import { statisticsNote } from '../session/statistics-note.ts';
import type { Bookkeeper } from './bookkeeper.ts';
import type { EpochMaker } from './epoch-maker.ts';
import type { FinishedRounds } from './finished-rounds.ts';
import type { Lobby } from './lobby.ts';
import type { People, Person } from './people.ts';
import type { SessionNews } from './session-news.ts';

/** An epoch that was confirmed. */
export interface ConfirmedEpoch {
  readonly number: number;
  readonly roster: Roster;
  readonly nonces: readonly Uint8Array[];
}

export interface EpochsOptions {
  readonly basis: PlanBasis;
  readonly people: People;
  readonly lobby: Lobby;
  readonly maker: EpochMaker;
  readonly books: Bookkeeper;
  readonly news: SessionNews;
  readonly condition: Condition;
  readonly finished: FinishedRounds;
  /** Nobody is there to close the lobby again. */
  readonly unattended: boolean;
  /** Messages of rounds belong to this epoch from now on. interrupted: it is taken up where an earlier process was. */
  readonly begun: (epoch: Epoch, number: number, interrupted: boolean) => void;
}

/** A new epoch is called when so many members have left or newcomers wait. */
const changesPerEpoch = 3;

export class Epochs {
  readonly #options: EpochsOptions;
  #current: Epoch | undefined;
  /** The one before, while the next one's lobby is open: it goes on when there is too little news. */
  #last: Epoch | undefined;

  constructor(options: EpochsOptions) {
    this.#options = options;
  }

  /** Drawn, and confirmed once form() is done; undefined while a lobby is open. */
  get current(): Epoch | undefined {
    return this.#current;
  }

  /** So many have left or wait that another epoch is worth its words. */
  get isNextDue(): boolean {
    const { people, lobby } = this.#options;
    return people.changesWaiting(lobby.nextEpoch) >= this.#changesPerEpoch;
  }

  /** Takes up the epoch that was confirmed last, unless a later one's list was closed. */
  restore({ roster, nonces, number }: ConfirmedEpoch): void {
    const { basis, people, lobby } = this.#options;
    for (const { name, publicKey } of roster.members) people.addKey(publicKey, name);
    if (lobby.nextEpoch > number + 1) {
      // the words of a later epoch were on screen: those who have confirmed it do not go back to this one
      people.takeRoster(roster);
      return;
    }
    this.#take(createEpoch(roster, memberParameters(basis, roster.members.length), nonces), number, true);
    this.#announce(nonces, true);
  }

  /** From an open lobby to a confirmed epoch: the reason why the session ends here, or undefined. */
  async form(): Promise<string | undefined> {
    const { people, lobby, maker, news, finished, unattended } = this.#options;
    this.#current = undefined;
    const before = finished.count === 0 ? undefined : people.members();
    for (;;) {
      const number = lobby.nextEpoch;
      lobby.open();
      const closed = await maker.waitForList(number, before);
      lobby.close();
      if (!closed) return 'stopped';
      if (this.#isTooLittleNews(number)) {
        this.#current = this.#last;
        return undefined;
      }
      const drawn = await maker.draw(number);
      lobby.nextEpoch = number + 1;
      if ('failed' in drawn) {
        if (drawn.failed === 'stopped') return 'stopped';
        news.emit(lobbyError(drawn.failed));
        if (unattended || finished.count > 0) return drawn.failed;
        continue;
      }
      this.#take(drawn.epoch, number);
      maker.save(drawn.epoch, number, drawn.nonces);
      this.#announce(drawn.nonces);
      const outcome = await maker.waitForConfirmations(drawn.epoch, number);
      if (outcome === 'confirmed') {
        // whoever was left out may enter for the next one
        const newcomers = people.all().filter((person) => people.numberOf(person) === 0);
        if (newcomers.length > 0) lobby.call(newcomers);
        return undefined;
      }
      if (outcome === 'stopped' || unattended) return outcome;
      this.#current = undefined;
      this.#last = undefined;
      people.takeRoster(undefined);
    }
  }

  /** A member has compared the words. An answer to others, or of somebody who is no member, is dropped. */
  confirmed(person: Person, { roster, agreed, compared }: Body<'confirmation'>): void {
    const { people, news, condition } = this.#options;
    if (this.#current === undefined || toHex(roster) !== toHex(this.#current.rosterDigest)) return;
    if (people.numberOf(person) === 0) return;
    person.confirmation = { agreed, compared };
    news.emit({ type: 'confirmation', name: person.name, agreed, compared });
    if (!agreed) news.emit(wordsDiffer(person.name));
    condition.touch();
  }

  /** Somebody whom the new epoch was called for has gone again: members would refuse it, and go on in theirs. */
  #isTooLittleNews(number: number): boolean {
    return this.#last !== undefined && this.#options.people.changesInto(number) < this.#changesPerEpoch;
  }

  /** Under noise sums over rosters that differ by one can be told apart no better than it allows: nobody has to wait. */
  get #changesPerEpoch(): number {
    return isNoised(this.#options.basis.plan.settings) ? 1 : changesPerEpoch;
  }

  #take(epoch: Epoch, number: number, interrupted = false): void {
    const { books, people, begun } = this.#options;
    this.#current = epoch;
    this.#last = epoch;
    books.epoch = number;
    people.takeRoster(epoch.roster);
    begun(epoch, number, interrupted);
  }

  #announce(nonces: readonly Uint8Array[], confirmed = false): void {
    const { basis, books, news } = this.#options;
    news.emit(rosterEvent(this.#current!, books.epoch, nonces, null, confirmed));
    const noise = privacyPlanEvent(this.#current!.parameters);
    const note = statisticsNote(basis.movingStatistics);
    for (const event of [noise, note]) if (event !== undefined) news.emit(event);
  }
}

/** who: a name, or 'the coordinator'. */
export function wordsDiffer(who: string): SessionEventBody {
  return {
    type: 'error',
    code: 'words-differ',
    message: `Cannot start, as ${who} sees other words or another number of participants.`,
    hint: 'Somebody may be in between: find out who, then close the lobby anew.',
  };
}

function lobbyError(reason: string): SessionEventBody {
  const explained: Readonly<Record<string, readonly [string, string]>> = {
    'too-few-members': [
      'fewer than three participants answered',
      'Wait until three or more are in the lobby.',
    ],
    'draws-exhausted': ['participants kept vanishing while the words were drawn', 'Close the lobby again.'],
    'parameters-impossible': [
      'the settings do not fit so many participants',
      'Change the number of participants, or the settings (threshold, examples per client).',
    ],
  };
  const [why, hint] = explained[reason] ?? [reason, 'Close the lobby again.'];
  return { type: 'error', code: reason, message: `Cannot close the lobby: ${why}.`, hint };
}
