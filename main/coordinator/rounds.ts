/**
 * The session's rounds, one after another, with the members of the epoch that has begun last: until the session has
 * reached its end, cannot go on, or another epoch is due. What the leader may do meanwhile: pause between two rounds,
 * follow the phases one by one, change the deadline.
 */
import { isNoised } from '../../core/contract/run-settings.ts';
import type { SessionPlan } from '../../core/contract/session-plan.ts';
import type { Identity } from '../../core/crypto/rsa.ts';
import { reachesTarget } from '../../core/fedavg/metrics.ts';
import type { CoordinatorRecord } from '../../core/secagg/coordinator-state.ts';
import type { Epoch } from '../../core/secagg/epoch.ts';
import { identitySigner } from '../../core/secagg/roster.ts';
import type { Deadlines } from '../session/deadlines.ts';
import type { Store } from '../storage/store.ts';
import type { Bookkeeper } from './bookkeeper.ts';
import type { FinishedRounds } from './finished-rounds.ts';
import type { ModelKeeper } from './model-keeper.ts';
import type { Outbox } from './outbox.ts';
import type { Person } from './people.ts';
import type { RepeatQuestion } from './repeat-question.ts';
import { enoughMembers, type ReunionOptions } from './reunion.ts';
import { RoundDesk, type RoundDeskHost } from './round-desk.ts';
import { roundModel } from './round-model.ts';
import type { RoundObserver } from './round-observer.ts';
import { RoundPlayer } from './round-player.ts';

export interface RoundsOptions extends ReunionOptions {
  readonly id: string;
  readonly identity: Identity;
  readonly plan: SessionPlan;
  readonly store: Store;
  readonly keeper: ModelKeeper;
  readonly deadlines: Deadlines;
  readonly outbox: Outbox;
  readonly books: Bookkeeper;
  readonly finished: FinishedRounds;
  readonly repeat: RepeatQuestion;
  readonly observer: RoundObserver | undefined;
  readonly isEpochDue: () => boolean;
  /** Bytes of a member that the protocol refused. */
  readonly refused: (person: Person, reason: string) => void;
  /** This machine cannot go on. */
  readonly failed: (error: unknown) => void;
}

/** Of the epoch that has begun last. */
interface Playing {
  readonly epoch: Epoch;
  readonly desk: RoundDesk;
  readonly player: RoundPlayer;
}

export class Rounds {
  readonly #options: RoundsOptions;
  #playing: Playing | undefined;
  /** What the record of an earlier process says, until its round is taken up. */
  #interrupted: CoordinatorRecord | undefined;
  #paused = false;
  /** Every phase waits for release(). */
  stepping = false;

  constructor(options: RoundsOptions) {
    this.#options = options;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Rounds are played in this epoch from now on. interrupted: an earlier process may have been cut short in one. */
  begin(epoch: Epoch, number: number, interrupted: boolean): void {
    const { id, identity, plan, store, keeper, deadlines, outbox, books, people, news } = this.#options;
    const { finished, signal, observer } = this.#options;
    const record = store.coordinatorRecord(id);
    // it alone is taken up, and only in its own epoch
    this.#interrupted =
      interrupted && record !== undefined && record.round > finished.count ? record : undefined;
    this.close();
    const desk = new RoundDesk({
      environment: {
        epoch,
        signer: identitySigner(0, identity),
        // a rule that looks at each update needs them all (demonstrations only)
        keepsVectors: plan.settings.aggregation !== 'mean',
      },
      host: this.#deskHost(),
      deadlines,
      record,
      model: this.#interrupted && roundModel(keeper, epoch.parameters, finished.lastPrivacy),
    });
    const player = new RoundPlayer({
      session: id,
      epochNumber: number,
      epoch,
      desk,
      keeper,
      store,
      books,
      signal,
      emit: (event) => {
        news.emit(event);
      },
      enoughMembers: (survivors) => enoughMembers(this.#options, epoch.parameters.threshold, survivors),
      lastPrivacy: () => finished.lastPrivacy,
      reportRound: (result) => {
        const bytes = outbox.sealReport(result);
        for (const { connection } of people.members()) connection?.send(bytes);
      },
      observer,
    });
    this.#playing = { epoch, desk, player };
  }

  /** To 'new-epoch', or to the session's end, by its name. */
  async play(): Promise<string> {
    const { id, plan, store, keeper, condition, signal, finished, repeat, isEpochDue } = this.#options;
    const { rounds, target } = plan.settings;
    const { player, epoch } = this.#playing!;
    let interrupted = this.#interrupted;
    this.#interrupted = undefined;
    // reached before an earlier process was cut short
    if (reachesTarget(finished.last?.accuracy ?? 0, target)) return 'target';
    const begun = store.coordinatorRecord(id)?.round ?? 0;
    for (let round = interrupted?.round ?? Math.max(finished.count, begun) + 1; round <= rounds; round += 1) {
      await condition.until(() => !this.#paused || signal.aborted);
      if (signal.aborted) return 'stopped';
      if (interrupted === undefined && finished.count > 0 && isEpochDue()) return 'new-epoch';
      const outcome = await player.play(round, interrupted?.attempt);
      interrupted = undefined;
      switch (outcome.kind) {
        case 'stopped':
          return 'stopped';
        case 'aborted':
          return outcome.reason;
        case 'burnt': {
          // under noise one more sum over the model is one more charge, which each member's ledger decides on
          if (isNoised(plan.settings)) break;
          const model = keeper.model(false).hash;
          if (!(await repeat.ask({ model, round }, epoch.parameters.threshold))) return 'round-burnt';
          break;
        }
        case 'done':
          finished.add(outcome.result, keeper.hash);
          if (reachesTarget(outcome.result.accuracy, target)) return 'target';
      }
    }
    return 'finished';
  }

  // Members

  receive(client: number, bytes: Uint8Array): void {
    this.#playing?.desk.receive(client, bytes);
  }

  /** A member's connection came or went. startedAnew: its process did, too. */
  connectionChanged(client: number, connected: boolean, startedAnew = false): void {
    this.#playing?.desk.connectionChanged(client, connected, startedAnew);
  }

  // What the leader decides

  /** Between two rounds, when nobody holds a secret and whoever starts again misses nothing. */
  pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.#tellPause('paused');
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#tellPause('resumed');
    this.#options.condition.touch();
  }

  #tellPause(kind: 'paused' | 'resumed'): void {
    const { people, news, outbox } = this.#options;
    news.emit({ type: kind });
    outbox.notify(kind, '', people.all());
  }

  /** Lets the phase go that is held. */
  release(): void {
    this.#playing?.desk.release();
  }

  /** undefined: adaptive again. */
  setDeadline(fixedMs: number | undefined): void {
    const { deadlines } = this.#options;
    deadlines.rule = { ...deadlines.rule, fixedMs };
    this.#playing?.desk.deadlinesChanged();
  }

  /** Ends the attempt under way, if any, by name. */
  cancel(): void {
    this.#playing?.desk.cancel();
  }

  /** Nothing more comes of the attempt under way, if any. */
  close(): void {
    this.#playing?.desk.close();
  }

  #deskHost(): RoundDeskHost {
    const { id, store, people, news, books, observer, refused, failed } = this.#options;
    return {
      send: (client, bytes) => people.member(client)?.connection?.send(bytes),
      failed,
      awayMs: (client) => {
        const person = people.member(client);
        if (person === undefined || person.gone !== undefined) return Infinity;
        return person.connection === undefined ? Math.max(1, performance.now() - person.lostAt) : 0;
      },
      persist: (record) => {
        books.flush();
        store.saveCoordinatorRecord(id, record);
      },
      keep: (bytes, sender) => {
        books.keep(bytes, sender);
      },
      report: (event) => {
        books.note(event);
        news.emit({ type: 'protocol', event });
      },
      refused: (client, phase, reason) => {
        this.#playing?.player.noteRefused({ client, phase, reason });
        const person = people.member(client);
        if (person !== undefined) refused(person, reason);
      },
      vectorAdded: (client, packed) => observer?.vectorAdded(client, packed),
      holds: () => this.stepping,
      held: (phase) => {
        news.emit({ type: 'held', phase });
      },
      phaseStarted: (phase) => {
        news.emit({ type: 'phase', ...phase });
      },
      phaseEnded: (phase) => {
        books.flush();
        store.savePhase({ session: id, ...phase });
      },
    };
  }
}
