/**
 * Something that goes on at this machine and can be watched: a simulation, a comparison, a session as its coordinator or
 * as a participant. Its events are folded here, so that a screen that comes late sees what the others see, and are handed
 * out in batches, so that a room of a hundred does not flood a screen.
 */
import type { BallotPictures } from '../../core/contract/ballots.ts';
import type { ActivitySummary, MethodResults } from '../../core/contract/host.ts';
import type { ClientPictures, SumPicture } from '../../core/contract/pictures.ts';
import type { ActivityCommand, Opened, WatchEvent, WatchEventBody } from '../../core/contract/watch-event.ts';
import type { Watched, WatchedRound } from '../../core/contract/watched.ts';
import type { ModelTopology } from '../../core/model/engine.ts';
import { foldEvent, openWatched } from '../../core/watching/fold.ts';
import type { SentUpdates } from '../watching/sent-updates.ts';

/** Events are handed out so often, ms. */
const batchMs = 50;
/** Rounds that are over and can still be looked at as they were. */
const roundsKept = 60;

export interface Watcher {
  events(activity: string, events: readonly WatchEvent[]): void;
}

export interface Network {
  readonly topology: ModelTopology;
  readonly classNames: readonly string[];
}

/** What an activity's service does for whoever watches it. */
export interface ActivityService {
  command(command: ActivityCommand): void;
  pictures(client: number, round: number | null): ClientPictures | null;
  sumPicture(round: number | null): SumPicture | null;
  /** Weights of the model as it is now; undefined before there is one. */
  model(): Float32Array | undefined;
  /** What those weights are of, where it is not a session's plan that says so; undefined before it is known. */
  network?(): Network | undefined;
  /** Some of a participant's own training images; undefined before it is known which they are. */
  ownImages?(count: number): MethodResults['ownImages'] | undefined;
  /** What clients sent last. Of simulations, and of sessions that are demonstrations: no other keeps it. */
  sentUpdates?(): SentUpdates | undefined;
  /** In a simulation: which training images a client has. */
  partOf?(client: number): Uint32Array | undefined;
  /** A coordinator's: asks the room; returns how many people were asked. */
  openBallot?(pictures: BallotPictures): number;
  closeBallot?(): void;
  /** A participant's: of the last question to the room. */
  ballotPictures?(): BallotPictures | undefined;
  /** Ends it in good order; resolves when nothing of it runs any more. */
  close(): Promise<void>;
}

export class Activity {
  readonly id: string;
  readonly #openedAt = performance.now();
  readonly #watchers = new Set<Watcher>();
  readonly #records = new Map<number, WatchedRound>();
  readonly #onSummary: () => void;
  #watched: Watched;
  #batch: WatchEvent[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** Set once the service has been started. */
  service: ActivityService | undefined;

  /** onSummary: what a list of activities shows has changed, or under which id it is stored. */
  constructor(id: string, opened: Opened, onSummary: () => void) {
    this.id = id;
    this.#watched = openWatched(opened);
    this.#onSummary = onSummary;
  }

  get watched(): Watched {
    return this.#watched;
  }

  get summary(): ActivitySummary {
    const { kind, title, stage, round, rounds } = this.#watched;
    return { activity: this.id, kind, title, stage, round: round?.round ?? 0, rounds };
  }

  emit(body: WatchEventBody): void {
    const event: WatchEvent = { ...body, atMs: performance.now() - this.#openedAt };
    const before = this.#watched;
    this.#watched = foldEvent(before, event);
    const { round } = this.#watched;
    // as it stands when the next one begins, with all that came after its end
    if (before.round !== null && before.round.round !== round?.round) this.#keep(before.round);
    if (this.#watchers.size > 0) this.#batch.push(event);
    this.#timer ??= setTimeout(() => {
      this.#flush();
    }, batchMs);
    if (
      before.stage !== this.#watched.stage ||
      before.round?.round !== round?.round ||
      before.title !== this.#watched.title ||
      before.stored !== this.#watched.stored
    ) {
      this.#onSummary();
    }
  }

  /** The state of now; every event after it will be handed to the watcher. */
  watch(watcher: Watcher): Watched {
    // those before belong to the state
    this.#flush();
    this.#watchers.add(watcher);
    return this.#watched;
  }

  unwatch(watcher: Watcher): void {
    this.#watchers.delete(watcher);
  }

  /** A round that is over, or the one under way. */
  record(round: number): WatchedRound | null {
    if (this.#watched.round?.round === round) return this.#watched.round;
    return this.#records.get(round) ?? null;
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.service?.close();
  }

  #keep(round: WatchedRound): void {
    this.#records.set(round.round, round);
    for (const known of this.#records.keys()) {
      if (this.#records.size <= roundsKept) return;
      this.#records.delete(known);
    }
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const batch = this.#batch;
    if (batch.length === 0) return;
    this.#batch = [];
    for (const watcher of this.#watchers) watcher.events(this.id, batch);
  }
}
