/**
 * A session as its coordinator runs it: the lobby, the words, the rounds, later epochs, the end. Every step a person
 * would watch is an event; what the leader decides comes in as a method. The protocol itself is in the machines of
 * core/secagg; this brings people, connections, disk and those machines together.
 */
import { toHex } from '../../core/bytes/bytes.ts';
import type { BallotPictures } from '../../core/contract/ballots.ts';
import type { FinalModel, OnSessionEvent, SessionRound } from '../../core/contract/session-event.ts';
import type { Identity } from '../../core/crypto/rsa.ts';
import type { Listener, ListenerHandlers, TransportKeys } from '../network/transport.ts';
import { Condition } from '../session/condition.ts';
import { type DeadlineRule, Deadlines } from '../session/deadlines.ts';
import type { PlanBasis } from '../session/member-plan.ts';
import type { CompletedRound, Store } from '../storage/store.ts';
import { Attendance } from './attendance.ts';
import { Ballots } from './ballots.ts';
import { Bookkeeper } from './bookkeeper.ts';
import { EpochMaker } from './epoch-maker.ts';
import { type ConfirmedEpoch, Epochs, wordsDiffer } from './epochs.ts';
import { Farewell } from './farewell.ts';
import { FinishedRounds } from './finished-rounds.ts';
import { FrontDesk } from './front-desk.ts';
import { Lobby } from './lobby.ts';
import type { ModelKeeper } from './model-keeper.ts';
import { Outbox } from './outbox.ts';
import { People } from './people.ts';
import { RepeatQuestion } from './repeat-question.ts';
import type { RoundObserver } from './round-observer.ts';
import { Rounds } from './rounds.ts';
import { SessionNews } from './session-news.ts';

export interface CoordinatorSessionOptions {
  readonly session: Uint8Array;
  readonly identity: Identity;
  readonly transport: TransportKeys;
  readonly basis: PlanBasis;
  readonly store: Store;
  readonly keeper: ModelKeeper;
  readonly deadlines: DeadlineRule;
  /** Closes the lobby and starts by itself when so many are in it; the words then count as not compared. */
  readonly startWhenFull: number | undefined;
  /** How long the room is waited for when too few members are there. */
  readonly patienceMs: number;
  readonly onEvent: OnSessionEvent;
  readonly observer?: RoundObserver | undefined;
  /** What an earlier process of this coordinator had reached. */
  readonly resumed: ResumedSession | undefined;
}

export interface ResumedSession {
  /** The epoch that was confirmed last, if any. */
  readonly epoch: ConfirmedEpoch | undefined;
  /** Epochs whose lobbies were closed, confirmed or not. */
  readonly lastEpoch: number;
  readonly lastRound: CompletedRound | undefined;
}

export interface SessionOutcome {
  /** 'finished', 'target', 'stopped', an abort's code; 'unfinished' when the coordinator has left for now. */
  readonly outcome: string;
  readonly rounds: readonly SessionRound[];
  readonly final: FinalModel | null;
}

/** What ends the work of a coordinator that leaves for now. */
const leftForNow = new Error('the coordinator has left for now');

export class CoordinatorSession {
  readonly #options: CoordinatorSessionOptions;
  readonly #id: string;
  readonly #condition = new Condition();
  readonly #stopping = new AbortController();
  /** For now: a later process goes on. */
  readonly #leaving = new AbortController();
  readonly #people: People;
  readonly #outbox: Outbox;
  readonly #news: SessionNews;
  readonly #books: Bookkeeper;
  readonly #lobby: Lobby;
  readonly #ballots: Ballots;
  readonly #maker: EpochMaker;
  readonly #epochs: Epochs;
  readonly #finished: FinishedRounds;
  readonly #rounds: Rounds;
  readonly #farewell: Farewell;
  readonly #desk: FrontDesk;
  #failure: { readonly error: unknown } | undefined;
  readonly #failed = Promise.withResolvers<never>();

  constructor(options: CoordinatorSessionOptions) {
    this.#options = options;
    const { session, identity, basis, store, resumed } = options;
    const id = toHex(session);
    this.#id = id;
    const failed = (error: unknown): void => {
      this.#fail(error);
    };
    this.#people = new People(store.departures(id), (fingerprint) => store.peer(fingerprint) !== undefined);
    this.#outbox = new Outbox(session, identity);
    this.#news = new SessionNews(id, options.onEvent, () => {
      this.#lobby.tell();
    });
    this.#books = new Bookkeeper(store, id, (sender) =>
      sender === 0 ? identity.publicKey.bits / 8 : this.#epochs.current?.keyring.signatureBytes(sender),
    );
    this.#finished = new FinishedRounds(
      store.roundSummaries(id).map(({ result }) => result),
      resumed?.lastRound?.model.hash ?? '',
    );
    const shared = {
      ...options,
      id,
      people: this.#people,
      outbox: this.#outbox,
      news: this.#news,
      books: this.#books,
      condition: this.#condition,
      signal: this.#stopping.signal,
      finished: this.#finished,
      failed,
    };
    this.#lobby = new Lobby(shared, (resumed?.lastEpoch ?? 0) + 1);
    this.#ballots = new Ballots({
      send: (body, to) => {
        this.#outbox.send('ballot', body, to);
      },
      present: () => this.#people.present().filter(({ name }) => name !== ''),
      emit: (event) => {
        this.#news.emit(event);
      },
    });
    this.#maker = new EpochMaker({
      ...shared,
      refused: (reason) => {
        attendance.refused('lobby', reason);
      },
    });
    this.#epochs = new Epochs({
      ...shared,
      lobby: this.#lobby,
      maker: this.#maker,
      unattended: options.startWhenFull !== undefined,
      begun: (...epoch) => {
        this.#rounds.begin(...epoch);
      },
    });
    const refusedMessage: FrontDesk['refusedMessage'] = (...what) => {
      this.#desk.refusedMessage(...what);
    };
    const repeat = new RepeatQuestion(shared);
    this.#rounds = new Rounds({
      ...shared,
      plan: basis.plan,
      deadlines: new Deadlines(options.deadlines),
      repeat,
      observer: options.observer,
      isEpochDue: () => this.#epochs.isNextDue,
      refused: refusedMessage,
    });
    this.#farewell = new Farewell({
      ...shared,
      resumed: resumed !== undefined,
      leaving: this.#leaving.signal,
    });
    const attendance = new Attendance({
      ...shared,
      lobby: this.#lobby,
      maker: this.#maker,
      epochs: this.#epochs,
      rounds: this.#rounds,
      repeat,
      ballots: this.#ballots,
      farewell: this.#farewell,
      refusedMessage,
    });
    this.#desk = new FrontDesk({
      ...shared,
      plan: JSON.stringify(basis.plan),
      lobby: this.#lobby,
      host: attendance,
    });
    // it may fail before anybody waits for it
    this.#failed.promise.catch(() => undefined);
  }

  /** Rounds that are done. */
  get roundsDone(): number {
    return this.#finished.count;
  }

  /** What the listener is to call. A fault in it ends the session by its name, not the process. */
  readonly handlers: ListenerHandlers = {
    connected: (connection) => {
      this.#guard(() => {
        this.#desk.handlers.connected(connection);
      });
    },
    message: (connection, bytes) => {
      this.#guard(() => {
        this.#desk.handlers.message(connection, bytes);
      });
    },
    closed: (...how) => {
      this.#guard(() => {
        this.#desk.handlers.closed(...how);
      });
    },
    turnedAway: (...whom) => {
      this.#guard(() => {
        this.#desk.handlers.turnedAway(...whom);
      });
    },
  };

  /** Nothing is done any more once something has failed: what is on disk is what a resumed session goes on from. */
  #guard(work: () => void): void {
    if (this.#failure !== undefined) return;
    try {
      work();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#rounds.close();
    this.#failed.reject(error);
  }

  // What the leader decides

  setLocked(locked: boolean): void {
    this.#lobby.setLocked(locked);
  }

  /** Closes the list: the words are drawn from those who are in the lobby now. */
  closeLobby(): void {
    this.#maker.closeLobby();
    this.#condition.touch();
  }

  /** The leader has compared the words with the participants. */
  confirmWords(agreed: boolean): void {
    if (agreed) this.#maker.agree();
    else {
      this.#maker.disagree();
      this.#news.emit(wordsDiffer('the coordinator'));
    }
    this.#condition.touch();
  }

  /** Starts with those who have confirmed; the others count as dropouts until they do. */
  start(): void {
    this.#maker.start();
    this.#condition.touch();
  }

  remove(fingerprintText: string): boolean {
    const person = this.#people.byFingerprint(fingerprintText);
    if (person === undefined) return false;
    person.gone = 'removed';
    // before anybody is told: a later process lets it in no more than this one
    this.#guard(() => {
      this.#options.store.saveDeparture(this.#id, person.fingerprint, 'removed');
    });
    this.#outbox.notify('removed', 'removed', [person]);
    person.connection?.close('refused');
    this.#lobby.changed();
    return true;
  }

  /** Between two rounds, when nobody holds a secret and whoever starts again misses nothing. */
  pause(): void {
    this.#rounds.pause();
  }

  resume(): void {
    this.#rounds.resume();
  }

  /** Asks everybody's screen which of these pictures was private; returns how many were asked. */
  openBallot(pictures: BallotPictures): number {
    return this.#failure === undefined ? this.#ballots.open(pictures) : 0;
  }

  closeBallot(): void {
    this.#guard(() => {
      this.#ballots.close();
    });
  }

  /** stepping: every phase waits for next(). */
  setStepping(stepping: boolean): void {
    this.#rounds.stepping = stepping;
    if (!stepping) this.next();
  }

  /** Lets the phase go that is held. */
  next(): void {
    this.#guard(() => {
      this.#rounds.release();
    });
  }

  /** undefined: adaptive again. */
  setDeadline(fixedMs: number | undefined): void {
    this.#rounds.setDeadline(fixedMs);
  }

  /** Ends the session; rounds that are finished are kept. */
  stop(): void {
    this.#stopping.abort();
    this.#guard(() => {
      this.#rounds.cancel();
    });
    this.#condition.touch();
  }

  /** Leaves the session as it stands, for a later process to go on with; its members wait. */
  leaveForNow(): void {
    if (this.#failure !== undefined || this.#leaving.signal.aborted) return;
    this.#leaving.abort();
    if (!this.#farewell.begun) {
      this.#guard(() => {
        this.#books.flush();
      });
      this.#outbox.notify('coordinator-leaves', 'leaving', this.#people.all());
      this.#farewell.tellLeader('unfinished');
      // from here on nothing is written down any more
      this.#fail(leftForNow);
    }
    this.#stopping.abort();
    this.#condition.touch();
  }

  // From lobby to end

  /** Runs the session to its end. The listener is open, and stays open until the members have been told the end. */
  async run(listener: Listener): Promise<SessionOutcome> {
    try {
      return this.#outcome(await Promise.race([this.#lead(), this.#failed.promise]));
    } catch (error) {
      if (error !== leftForNow) throw error;
      return this.#outcome('unfinished');
    } finally {
      this.#news.close();
      this.#rounds.close();
      // whatever went wrong: nobody waits for a coordinator that is no longer there
      await listener.close(1_000);
    }
  }

  async #lead(): Promise<string> {
    const { resumed } = this.#options;
    if (resumed?.epoch !== undefined) this.#epochs.restore(resumed.epoch);
    let outcome = this.#epochs.current === undefined ? 'new-epoch' : await this.#rounds.play();
    while (outcome === 'new-epoch') outcome = (await this.#epochs.form()) ?? (await this.#rounds.play());
    // what has failed has not ended: it can be resumed
    if (this.#failure !== undefined) throw this.#failure.error;
    await this.#farewell.say(outcome);
    return outcome;
  }

  #outcome(outcome: string): SessionOutcome {
    return { outcome, rounds: this.#finished.all, final: this.#finished.finalModel };
  }
}
