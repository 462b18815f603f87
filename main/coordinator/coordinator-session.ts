/**
 * A session as its coordinator runs it: the lobby, the words, the rounds, later epochs, the end. Every step a person
 * would watch is an event; what the leader decides comes in as a method. The protocol itself is in the machines of
 * core/secagg; this brings people, connections, disk and those machines together.
 */
import { toHex } from '../../core/bytes/bytes.ts';
import type {
  FinalModel,
  OnSessionEvent,
  SessionEventBody,
  SessionRound,
} from '../../core/contract/session-event.ts';
import type { RoundPrivacy } from '../../core/contract/run-result.ts';
import { isNoised } from '../../core/contract/run-settings.ts';
import { fingerprint } from '../../core/crypto/fingerprint.ts';
import type { Identity } from '../../core/crypto/rsa.ts';
import { reachesTarget } from '../../core/fedavg/metrics.ts';
import { createEpoch, type Epoch } from '../../core/secagg/epoch.ts';
import { identitySigner, type Roster } from '../../core/secagg/roster.ts';
import type { CoordinatorRecord } from '../../core/secagg/coordinator-state.ts';
import type { CloseReason, Listener, ListenerHandlers, TransportKeys } from '../network/transport.ts';
import { Condition } from '../session/condition.ts';
import { type DeadlineRule, Deadlines } from '../session/deadlines.ts';
import { rosterEvent } from '../session/epoch-record.ts';
import { privacyPlanEvent } from '../session/privacy-plan-event.ts';
import { statisticsNote } from '../session/statistics-note.ts';
import { memberParameters, type PlanBasis } from '../session/member-plan.ts';
import type { CompletedRound, Store } from '../storage/store.ts';
import type { BallotPictures } from '../../core/contract/ballots.ts';
import { Ballots } from './ballots.ts';
import { Bookkeeper } from './bookkeeper.ts';
import { FrontDesk, type FrontDeskHost } from './front-desk.ts';
import { EpochMaker } from './epoch-maker.ts';
import type { ModelKeeper } from './model-keeper.ts';
import { People, type Person } from './people.ts';
import { RoundDesk, type RoundDeskHost } from './round-desk.ts';
import type { RoundObserver } from './round-observer.ts';
import { roundModel } from './round-model.ts';
import { RoundPlayer } from './round-player.ts';
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
  readonly epoch:
    { readonly number: number; readonly roster: Roster; readonly nonces: readonly Uint8Array[] } | undefined;
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

/** Members that were lost get this long to be back before an attempt begins without them: longer than they wait to try again. */
const reunionMs = 20_000;
/** A new epoch is called when so many members have left or newcomers wait. */
const changesPerEpoch = 3;
/** How long members have to fetch the final model. */
const farewellMs = 15_000;
/** What ends the work of a coordinator that leaves for now. */
const leftForNow = new Error('the coordinator has left for now');

export class CoordinatorSession {
  readonly #options: CoordinatorSessionOptions;
  readonly #people: People;
  readonly #condition = new Condition();
  readonly #stopping = new AbortController();
  readonly #deadlines: Deadlines;
  readonly #desk: FrontDesk;
  readonly #maker: EpochMaker;
  readonly #news: SessionNews;
  readonly #books: Bookkeeper;
  readonly #ballots: Ballots;
  readonly #id: string;
  readonly #rounds: SessionRound[] = [];
  /** The epoch whose lobby is open, or will be next. */
  #nextEpoch = 1;
  #epoch: Epoch | undefined;
  /** The epoch before, while the next one's lobby is open: it goes on when there is too little news. */
  #lastEpoch: Epoch | undefined;
  /** What the record of an earlier process says, until its round is taken up. */
  #interrupted: CoordinatorRecord | undefined;
  /** What whoever is there at the end is told; sent to those who come back meanwhile, too. */
  #farewell: { readonly members: readonly Uint8Array[]; readonly all: Uint8Array } | undefined;
  readonly #told = new Set<Person>();
  #failure: { readonly error: unknown } | undefined;
  readonly #failed = Promise.withResolvers<never>();
  #roundDesk: RoundDesk | undefined;
  #player: RoundPlayer | undefined;
  #roundsDone = 0;
  /** Of the model after the last round that is done. */
  #modelHash = '';
  #locked = false;
  #left = false;
  #lobbyOpen = false;
  #paused = false;
  #stepping = false;
  #repeat: { readonly model: string; readonly answers: Map<Person, boolean> } | undefined;

  constructor(options: CoordinatorSessionOptions) {
    this.#options = options;
    this.#id = toHex(options.session);
    this.#deadlines = new Deadlines(options.deadlines);
    const { store, identity, session, basis } = options;
    this.#people = new People(store.departures(this.#id));
    this.#books = new Bookkeeper(store, this.#id, (sender) =>
      sender === 0 ? identity.publicKey.bits / 8 : this.#signatureBytesOf(sender),
    );
    this.#desk = new FrontDesk({
      session,
      identity,
      plan: JSON.stringify(basis.plan),
      people: this.#people,
      host: this.#frontDeskHost(),
    });
    this.#news = new SessionNews(this.#id, options.onEvent, () => {
      this.#tellLobby();
    });
    this.#ballots = new Ballots({
      send: (body, to) => {
        this.#desk.broadcast('ballot', body, to);
      },
      present: () =>
        this.#people
          .all()
          .filter(
            ({ name, connection, gone }) => name !== '' && connection !== undefined && gone === undefined,
          ),
      emit: (event) => {
        this.#news.emit(event);
      },
    });
    this.#maker = new EpochMaker({
      ...options,
      people: this.#people,
      books: this.#books,
      condition: this.#condition,
      desk: this.#desk,
      signal: this.#stopping.signal,
      refused: (reason) => {
        this.#refused('lobby', reason);
      },
      failed: (error) => {
        this.#fail(error);
      },
    });
    // it may fail before anybody waits for it
    this.#failed.promise.catch(() => undefined);
  }

  /** Rounds that are done. */
  get roundsDone(): number {
    return this.#roundsDone;
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
    this.#roundDesk?.close();
    this.#failed.reject(error);
  }

  // What the leader decides

  setLocked(locked: boolean): void {
    this.#locked = locked;
    this.#lobbyChanged();
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
      this.#wordsDiffer('the coordinator');
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
    this.#desk.broadcast('notice', { kind: 'removed', member: 0, reason: 'removed' }, [person]);
    person.connection?.close('refused');
    this.#lobbyChanged();
    return true;
  }

  /** Between two rounds, when nobody holds a secret and whoever starts again misses nothing. */
  pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.#news.emit({ type: 'paused' });
    this.#tellAll('paused');
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#news.emit({ type: 'resumed' });
    this.#tellAll('resumed');
    this.#condition.touch();
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
    this.#stepping = stepping;
    if (!stepping) this.next();
  }

  /** Lets the phase go that is held. */
  next(): void {
    this.#guard(() => this.#roundDesk?.release());
  }

  /** Ends the session; rounds that are finished are kept. */
  stop(): void {
    this.#stopping.abort();
    this.#guard(() => this.#roundDesk?.cancel());
    this.#condition.touch();
  }

  /** Leaves the session as it stands, for a later process to go on with; its members wait. */
  leaveForNow(): void {
    if (this.#failure !== undefined || this.#left) return;
    this.#left = true;
    if (this.#farewell === undefined) {
      this.#guard(() => {
        this.#books.flush();
      });
      const notice = { kind: 'coordinator-leaves', member: 0, reason: 'leaving' } as const;
      this.#desk.broadcast('notice', notice, this.#people.all());
      this.#tellFinished('unfinished', this.#finalModel());
      // from here on nothing is written down any more
      this.#fail(leftForNow);
    }
    this.#stopping.abort();
    this.#condition.touch();
  }

  /** undefined: adaptive again. */
  setDeadline(fixedMs: number | undefined): void {
    this.#deadlines.rule = { ...this.#deadlines.rule, fixedMs };
    this.#roundDesk?.deadlinesChanged();
  }

  // From lobby to end

  /** Runs the session to its end. The listener is open, and stays open until the members have been told the end. */
  async run(listener: Listener): Promise<SessionOutcome> {
    try {
      return await Promise.race([this.#lead(), this.#failed.promise]);
    } catch (error) {
      if (error !== leftForNow) throw error;
      return { outcome: 'unfinished', rounds: this.#rounds, final: this.#finalModel() };
    } finally {
      this.#news.close();
      this.#roundDesk?.close();
      // whatever went wrong: nobody waits for a coordinator that is no longer there
      await listener.close(1_000);
    }
  }

  async #lead(): Promise<SessionOutcome> {
    this.#restore();
    for (;;) {
      if (this.#epoch === undefined) {
        const failed = await this.#formEpoch();
        if (failed !== undefined) return this.#end(failed);
      }
      const outcome = await this.#playRounds();
      if (outcome !== 'new-epoch') return this.#end(outcome);
      this.#epoch = undefined;
    }
  }

  /** Takes up where an earlier process left off. */
  #restore(): void {
    const { resumed, basis, store } = this.#options;
    if (resumed === undefined) return;
    this.#nextEpoch = resumed.lastEpoch + 1;
    this.#roundsDone = resumed.lastRound?.round ?? 0;
    this.#modelHash = resumed.lastRound?.model.hash ?? '';
    this.#rounds.push(...store.roundSummaries(this.#id).map(({ result }) => result));
    if (resumed.epoch === undefined) return;
    const { roster, nonces, number } = resumed.epoch;
    for (const { name, publicKey } of roster.members)
      this.#people.addKey(publicKey, name, this.#isKnown(publicKey));
    if (resumed.lastEpoch > number) {
      // the words of a later epoch were on screen: those who have confirmed it do not go back to this one
      this.#people.takeRoster(roster);
      return;
    }
    this.#interrupted = store.coordinatorRecord(this.#id);
    this.#takeEpoch(createEpoch(roster, memberParameters(basis, roster.members.length), nonces), number);
    this.#announceRoster(nonces, true);
  }

  /** Met in an earlier epoch or session of this machine. */
  #isKnown(publicKey: Uint8Array): boolean {
    return this.#options.store.peer(toHex(fingerprint(publicKey))) !== undefined;
  }

  // An epoch: lobby, draw, words

  /** The reason why the session ends here; undefined when there is a confirmed epoch. */
  async #formEpoch(): Promise<string | undefined> {
    const unattended = this.#options.startWhenFull !== undefined;
    const before = this.#roundsDone === 0 ? undefined : this.#people.members();
    for (;;) {
      const number = this.#nextEpoch;
      this.#lobbyOpen = true;
      this.#lobbyChanged();
      const closed = await this.#maker.waitForList(number, before);
      this.#lobbyOpen = false;
      if (!closed) return 'stopped';
      if (this.#isTooLittleNews(number)) {
        this.#epoch = this.#lastEpoch;
        return undefined;
      }
      const drawn = await this.#maker.draw(number);
      this.#nextEpoch = number + 1;
      if ('failed' in drawn) {
        if (drawn.failed === 'stopped') return 'stopped';
        this.#news.emit(lobbyError(drawn.failed));
        if (unattended || this.#roundsDone > 0) return drawn.failed;
        continue;
      }
      this.#takeEpoch(drawn.epoch, number);
      this.#maker.save(drawn.epoch, number, drawn.nonces);
      this.#announceRoster(drawn.nonces);
      const outcome = await this.#maker.waitForConfirmations(drawn.epoch, number);
      if (outcome === 'confirmed') {
        this.#callNewcomers();
        return undefined;
      }
      if (outcome === 'stopped' || unattended) return outcome;
      this.#epoch = undefined;
      this.#lastEpoch = undefined;
      this.#people.takeRoster(undefined);
    }
  }

  /** Somebody whom the new epoch was called for has gone again: members would refuse it, and go on in theirs. */
  #isTooLittleNews(number: number): boolean {
    return this.#lastEpoch !== undefined && this.#people.changesInto(number) < this.#changesPerEpoch;
  }

  get #isNoised(): boolean {
    return isNoised(this.#options.basis.plan.settings);
  }

  /** A rule that looks at each update needs them all (demonstrations only). */
  get #keepsVectors(): boolean {
    return this.#options.basis.plan.settings.aggregation !== 'mean';
  }

  /** Under noise sums over rosters that differ by one can be told apart no better than it allows: nobody has to wait. */
  get #changesPerEpoch(): number {
    return this.#isNoised ? 1 : changesPerEpoch;
  }

  /** Whoever was left out of the epoch that begins may enter for the next one. */
  #callNewcomers(): void {
    const newcomers = this.#people.all().filter((person) => this.#people.numberOf(person) === 0);
    if (newcomers.length > 0) this.#desk.broadcast('epoch-call', { epoch: this.#nextEpoch }, newcomers);
  }

  #takeEpoch(epoch: Epoch, number: number): void {
    const { identity, keeper, store } = this.#options;
    this.#epoch = epoch;
    this.#lastEpoch = epoch;
    this.#books.epoch = number;
    this.#people.takeRoster(epoch.roster);
    const record = store.coordinatorRecord(this.#id);
    this.#roundDesk?.close();
    this.#roundDesk = new RoundDesk({
      environment: { epoch, signer: identitySigner(0, identity), keepsVectors: this.#keepsVectors },
      host: this.#roundDeskHost(),
      deadlines: this.#deadlines,
      record,
      model: this.#isInterrupted ? roundModel(keeper, epoch.parameters, this.#lastPrivacy) : undefined,
    });
    this.#player = new RoundPlayer({
      session: this.#id,
      epochNumber: number,
      epoch,
      desk: this.#roundDesk,
      keeper,
      store,
      books: this.#books,
      signal: this.#stopping.signal,
      emit: (event) => {
        this.#news.emit(event);
      },
      enoughMembers: (survivors) => this.#enoughMembers(epoch.parameters.threshold, survivors),
      lastPrivacy: () => this.#lastPrivacy,
      reportRound: (result) => {
        this.#reportRound(result);
      },
      observer: this.#options.observer,
    });
  }

  get #lastPrivacy(): RoundPrivacy | undefined {
    return this.#rounds.at(-1)?.privacy;
  }

  /** An earlier process was cut short in a round: it alone is taken up, and only in its own epoch. */
  get #isInterrupted(): boolean {
    return this.#interrupted !== undefined && this.#interrupted.round > this.#roundsDone;
  }

  #announceRoster(nonces: readonly Uint8Array[], confirmed = false): void {
    this.#news.emit(rosterEvent(this.#epoch!, this.#books.epoch, nonces, null, confirmed));
    const noise = privacyPlanEvent(this.#epoch!.parameters);
    const note = statisticsNote(this.#options.basis.movingStatistics);
    for (const event of [noise, note]) if (event !== undefined) this.#news.emit(event);
  }

  #wordsDiffer(who: string): void {
    this.#news.emit({
      type: 'error',
      code: 'words-differ',
      message: `Cannot start, as ${who} sees other words or another number of participants.`,
      hint: 'Somebody may be in between: find out who, then close the lobby anew.',
    });
  }

  // Rounds

  async #playRounds(): Promise<string> {
    const { store, basis } = this.#options;
    const { rounds, target } = basis.plan.settings;
    let interrupted = this.#isInterrupted ? this.#interrupted : undefined;
    this.#interrupted = undefined;
    // reached before an earlier process was cut short
    if (reachesTarget(this.#rounds.at(-1)?.accuracy ?? 0, target)) return 'target';
    const begun = store.coordinatorRecord(this.#id)?.round ?? 0;
    for (
      let round = interrupted?.round ?? Math.max(this.#roundsDone, begun) + 1;
      round <= rounds;
      round += 1
    ) {
      await this.#condition.until(() => !this.#paused || this.#stopping.signal.aborted);
      if (this.#stopping.signal.aborted) return 'stopped';
      if (
        interrupted === undefined &&
        this.#roundsDone > 0 &&
        this.#people.changesWaiting(this.#nextEpoch) >= this.#changesPerEpoch
      ) {
        return 'new-epoch';
      }
      const outcome = await this.#player!.play(round, interrupted?.attempt);
      interrupted = undefined;
      switch (outcome.kind) {
        case 'stopped':
          return 'stopped';
        case 'aborted':
          return outcome.reason;
        case 'burnt':
          // under noise one more sum over the model is one more charge, which each member's ledger decides on
          if (!this.#isNoised && !(await this.#mayRepeat(round))) return 'round-burnt';
          break;
        case 'done':
          this.#roundsDone = round;
          this.#modelHash = this.#options.keeper.hash;
          this.#rounds.push(outcome.result);
          if (reachesTarget(outcome.result.accuracy, target)) return 'target';
      }
    }
    return 'finished';
  }

  /**
   * Until enough members are there for an attempt: T, or all of the survivors that alone may still be summed. Those who
   * have just been lost get a moment to be back. False when that takes too long.
   */
  async #enoughMembers(threshold: number, survivors: readonly number[]): Promise<boolean> {
    const { patienceMs } = this.#options;
    const momentMs = Math.min(reunionMs, patienceMs);
    const isPresent = ({ connection }: Person): boolean => connection !== undefined;
    const members = (): readonly Person[] => this.#people.members();
    const stopped = (): boolean => this.#stopping.signal.aborted;
    const enough = (): boolean =>
      members().filter(isPresent).length >= threshold &&
      survivors.every((client) => this.#people.member(client)?.connection !== undefined);
    await this.#condition.until(
      () => stopped() || !members().some((person) => !isPresent(person) && mayBeBack(person, momentMs)),
      momentMs,
    );
    if (stopped() || enough()) return true;
    const present = members().filter(isPresent).length;
    const needed = Math.max(threshold, survivors.length);
    this.#news.emit({
      type: 'note',
      text: `Waiting for members: ${present} are connected, ${needed} are needed.`,
      code: 'waiting-for-members',
      detail: { present, needed },
    });
    await this.#condition.until(() => stopped() || enough(), patienceMs);
    // without one of the survivors the attempt burns the round, and everybody is asked
    return stopped() || members().filter(isPresent).length >= threshold;
  }

  /** Asks every member's person whether one more sum over the same model may be made. */
  async #mayRepeat(round: number): Promise<boolean> {
    const { keeper, patienceMs } = this.#options;
    const { threshold } = this.#epoch!.parameters;
    const model = keeper.model(false).hash;
    const answers = new Map<Person, boolean>();
    this.#repeat = { model: toHex(model), answers };
    const present = (): readonly Person[] =>
      this.#people.members().filter(({ connection }) => connection !== undefined);
    this.#desk.broadcast('repeat-request', { model, round }, present());
    this.#news.emit({ type: 'repeat-asked', round, answered: 0, needed: present().length });
    const refused = (): boolean => [...answers.values()].includes(false);
    const all = (): boolean =>
      present().length >= threshold && present().every((person) => answers.has(person));
    await this.#condition.until(() => this.#stopping.signal.aborted || refused() || all(), patienceMs);
    this.#repeat = undefined;
    return !refused() && [...answers.values()].filter(Boolean).length >= threshold;
  }

  #reportRound(result: SessionRound): void {
    const bytes = this.#sealReport(result);
    for (const { connection } of this.#people.members()) connection?.send(bytes);
  }

  #sealReport(result: SessionRound): Uint8Array {
    return this.#desk.seal('round-report', { round: result.round, result: JSON.stringify(result) });
  }

  // The end

  async #end(outcome: string): Promise<SessionOutcome> {
    // what has failed has not ended: it can be resumed
    if (this.#failure !== undefined) throw this.#failure.error;
    const { store } = this.#options;
    const state =
      outcome === 'finished' || outcome === 'target'
        ? 'finished'
        : outcome === 'stopped'
          ? 'stopped'
          : 'aborted';
    const final = this.#finalModel();
    const everyone = this.#people.all();
    const kind = `session-${state}` as const;
    this.#farewell = {
      members: final === null ? [] : this.#finalMessages(final),
      all: this.#desk.seal('notice', { kind, member: 0, reason: outcome.slice(0, 60) }),
    };
    for (const person of everyone) this.#sayFarewell(person);
    this.#books.flush();
    const end = (): void => {
      store.endSession(this.#id, state, outcome, new Date().toISOString());
    };
    // a finished session can be resumed until its members have the model, any other cannot go on
    if (state !== 'finished') end();
    this.#tellFinished(outcome, final);
    if (state === 'finished') {
      const longestMs = this.#options.resumed === undefined ? reunionMs : farewellMs;
      const patienceMs = Math.min(longestMs, this.#options.patienceMs);
      // whoever has been away for long is not waited for
      const untold = (): boolean =>
        this.#people.members().some((person) => !this.#told.has(person) && mayBeBack(person, patienceMs));
      await this.#condition.until(() => this.#stopping.signal.aborted || !untold(), patienceMs);
      if (!this.#left || !untold()) end();
    }
    // members hang up once they have the model
    await this.#condition.until(
      () => this.#left || this.#people.members().every(({ connection }) => connection === undefined),
      farewellMs,
    );
    for (const { connection } of everyone) connection?.close('session-over');
    return { outcome, rounds: this.#rounds, final };
  }

  #finalModel(): FinalModel | null {
    const last = this.#rounds.at(-1);
    if (last === undefined) return null;
    const { round, accuracy, f1Weighted } = last;
    return { round, modelSha256: this.#modelHash, accuracy, f1Weighted };
  }

  #tellFinished(outcome: string, final: FinalModel | null): void {
    const identitiesCompared = this.#options.store.session(this.#id)?.identitiesCompared ?? false;
    this.#news.emit({ type: 'finished', outcome, final, identitiesCompared });
  }

  /** The last round's figures and the model. */
  #finalMessages(final: FinalModel): Uint8Array[] {
    const { hash, weights } = this.#options.keeper.model(true);
    const body = { round: final.round, model: hash, modelBytes: weights.length };
    return [this.#sealReport(this.#rounds.at(-1)!), this.#desk.seal('final-model', body, weights)];
  }

  #sayFarewell(person: Person): void {
    const { connection } = person;
    if (this.#farewell === undefined || connection === undefined) return;
    this.#told.add(person);
    const { members, all } = this.#farewell;
    for (const bytes of this.#people.numberOf(person) > 0 ? [...members, all] : [all]) connection.send(bytes);
    this.#condition.touch();
  }

  // What the desks ask and tell

  #frontDeskHost(): FrontDeskHost {
    return {
      nextEpoch: () => this.#nextEpoch,
      admitsGuests: () => !this.#locked,
      isKnown: ({ spki }) => this.#isKnown(spki),
      entered: (person) => {
        this.#ballots.came(person);
        this.#lobbyChanged();
      },
      confirmed: (person, { roster, agreed, compared }) => {
        if (this.#epoch === undefined || toHex(roster) !== toHex(this.#epoch.rosterDigest)) return;
        if (this.#people.numberOf(person) === 0) return;
        person.confirmation = { agreed, compared };
        this.#news.emit({ type: 'confirmation', name: person.name, agreed, compared });
        if (!agreed) this.#wordsDiffer(person.name);
        this.#condition.touch();
      },
      repeatAnswered: (person, { model, allowed }) => {
        if (this.#repeat?.model !== toHex(model) || this.#people.numberOf(person) === 0) return;
        this.#repeat.answers.set(person, allowed);
        this.#condition.touch();
      },
      voted: (person, vote) => {
        this.#ballots.voted(person, vote);
      },
      departed: (person) => {
        const { connection } = person;
        // a member's place stays taken until the next epoch; a guest may think better of it
        if (this.#people.numberOf(person) > 0 || this.#maker.drawing) {
          person.gone = 'left';
          this.#options.store.saveDeparture(this.#id, person.fingerprint, 'left');
        } else this.#people.forget(person);
        connection?.close('closing');
        this.#lobbyChanged();
      },
      connected: (person, fresh) => {
        this.#memberConnected(person, fresh);
      },
      failed: (error) => {
        this.#fail(error);
      },
      disconnected: (person, reason) => {
        this.#personDisconnected(person, reason);
      },
      message: (person, bytes) => {
        this.#protocolMessage(person, bytes);
      },
      refused: (who, reason) => {
        this.#refused(who, reason);
      },
    };
  }

  #refused(who: string, reason: string): void {
    if (!this.#news.refused(who, reason)) return;
    const detail = { who, reason };
    this.#books.note({ round: 0, attempt: 0, phase: 'session', kind: 'refused', detail });
  }

  #memberConnected(person: Person, fresh: boolean): void {
    const number = this.#people.numberOf(person);
    if (person.name !== '')
      this.#news.emit({ type: 'connection', name: person.name, connected: true, reason: '' });
    if (this.#farewell !== undefined) return this.#sayFarewell(person);
    if (number > 0) {
      const last = this.#rounds.at(-1);
      // it may have missed it
      if (last !== undefined) person.connection?.send(this.#sealReport(last));
      if (this.#lobbyOpen) this.#desk.broadcast('epoch-call', { epoch: this.#nextEpoch }, [person]);
      this.#roundDesk?.connectionChanged(number, true, fresh);
      const others = this.#people.members().filter((other) => other !== person);
      if (fresh && (this.#options.store.coordinatorRecord(this.#id)?.round ?? 0) > 0)
        this.#desk.broadcast('notice', { kind: 'member-returned', member: number, reason: '' }, others);
      if (this.#repeat !== undefined) {
        const { hash } = this.#options.keeper.model(false);
        const round = (this.#options.store.coordinatorRecord(this.#id)?.round ?? 0) || 1;
        this.#desk.broadcast('repeat-request', { model: hash, round }, [person]);
      }
    } else if (this.#epoch !== undefined) {
      this.#desk.broadcast('notice', { kind: 'waiting-for-next-epoch', member: 0, reason: 'running' }, [
        person,
      ]);
    }
    if (this.#paused) this.#desk.broadcast('notice', { kind: 'paused', member: 0, reason: '' }, [person]);
    if (person.name !== '') this.#ballots.came(person);
    this.#lobbyChanged();
  }

  #personDisconnected(person: Person, reason: CloseReason): void {
    const number = this.#people.numberOf(person);
    if (person.name !== '')
      this.#news.emit({ type: 'connection', name: person.name, connected: false, reason });
    if (number > 0) this.#roundDesk?.connectionChanged(number, false);
    else if (person.gone === undefined && !this.#maker.drawing) this.#people.forget(person);
    this.#lobbyChanged();
  }

  #protocolMessage(person: Person, bytes: Uint8Array): void {
    if (this.#maker.receive(person, bytes)) return;
    const number = this.#people.numberOf(person);
    if (number === 0 || person.gone !== undefined) return this.#desk.refusedMessage(person, 'unknown-sender');
    this.#roundDesk?.receive(number, bytes);
  }

  #roundDeskHost(): RoundDeskHost {
    const { store } = this.#options;
    return {
      send: (client, bytes) => this.#people.member(client)?.connection?.send(bytes),
      failed: (error) => {
        this.#fail(error);
      },
      awayMs: (client) => {
        const person = this.#people.member(client);
        if (person === undefined || person.gone !== undefined) return Infinity;
        return person.connection === undefined ? Math.max(1, performance.now() - person.lostAt) : 0;
      },
      persist: (record) => {
        this.#books.flush();
        store.saveCoordinatorRecord(this.#id, record);
      },
      keep: (bytes, sender) => {
        this.#books.keep(bytes, sender);
      },
      report: (event) => {
        this.#books.note(event);
        this.#news.emit({ type: 'protocol', event });
      },
      refused: (client, phase, reason) => {
        this.#player?.noteRefused({ client, phase, reason });
        const person = this.#people.member(client);
        if (person !== undefined) this.#desk.refusedMessage(person, reason);
      },
      vectorAdded: (client, packed) => this.#options.observer?.vectorAdded(client, packed),
      holds: () => this.#stepping,
      held: (phase) => {
        this.#news.emit({ type: 'held', phase });
      },
      phaseStarted: (phase) => {
        this.#news.emit({ type: 'phase', ...phase });
      },
      phaseEnded: (phase) => {
        this.#books.flush();
        store.savePhase({ session: this.#id, ...phase });
      },
    };
  }

  #signatureBytesOf(sender: number): number | undefined {
    return this.#epoch?.keyring.signatureBytes(sender);
  }

  // Telling

  #tellAll(kind: 'paused' | 'resumed'): void {
    this.#desk.broadcast('notice', { kind, member: 0, reason: '' }, this.#people.all());
  }

  #lobbyChanged(): void {
    this.#condition.touch();
    this.#news.lobbyChanged();
  }

  /** The list goes to everyone and to the screen. */
  #tellLobby(): void {
    const listed = this.#lobbyOpen ? this.#people.guests(this.#nextEpoch) : this.#people.members();
    const waiting = this.#lobbyOpen
      ? []
      : this.#people.guests(this.#nextEpoch).filter((person) => this.#people.numberOf(person) === 0);
    const participants = [...listed, ...waiting].map((person) => this.#people.describe(person));
    const open = this.#lobbyOpen;
    this.#news.emit({ type: 'lobby', epoch: this.#nextEpoch, locked: this.#locked, open, participants });
    if (!this.#lobbyOpen) return;
    const body = {
      epoch: this.#nextEpoch,
      names: listed.map(({ name }) => name),
      fingerprints: Uint8Array.from(Buffer.from(listed.map((person) => person.fingerprint).join(''), 'hex')),
      locked: this.#locked,
    };
    this.#desk.broadcast('lobby-list', body, this.#people.all());
  }
}

/** Has not left, and was there so short a time ago. */
function mayBeBack({ gone, lostAt }: Person, withinMs: number): boolean {
  return gone === undefined && performance.now() - lostAt < withinMs;
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
