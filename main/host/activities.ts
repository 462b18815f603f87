/** All that goes on at this machine, or has gone on since the host was started: by name, each watched by whoever asks. */
import { randomBytes } from 'node:crypto';
import type { ActivitySummary } from '../../core/contract/host.ts';
import type { Opened } from '../../core/contract/watch-event.ts';
import { Activity, type ActivityService } from './activity.ts';
import { HostFailure } from './calls.ts';

/** Ended ones that can still be looked at; what they found is among the results. */
const endedKept = 8;

export interface ActivitiesListener {
  /** What a list of activities shows has changed. */
  changed(): void;
  /** One has ended, or what it found can be found among the results. */
  stored(): void;
}

export class Activities {
  readonly #known = new Map<string, Activity>();
  readonly #listener: ActivitiesListener;
  #closing = false;

  constructor(listener: ActivitiesListener) {
    this.#listener = listener;
  }

  get summaries(): readonly ActivitySummary[] {
    return [...this.#known.values()].map(({ summary }) => summary);
  }

  get all(): readonly Activity[] {
    return [...this.#known.values()];
  }

  /** Throws HostFailure 'activity-unknown'. */
  get(id: string): Activity {
    const activity = this.#known.get(id);
    if (activity === undefined)
      throw new HostFailure('activity-unknown', 'Cannot find this activity: it was closed, or never was.');
    return activity;
  }

  /** Known from the first moment on, so that its preparation can be watched; forgotten where it cannot start. */
  async start(
    opened: Omit<Opened, 'type' | 'startedAt'>,
    startService: (activity: Activity) => ActivityService | Promise<ActivityService>,
  ): Promise<Activity> {
    if (this.#isClosing())
      throw new HostFailure('host-closing', 'Cannot start anything, as Masquerade is closing.');
    const id = `${opened.kind}-${randomBytes(8).toString('hex')}`;
    let before = { stage: 'preparing', stored: null as string | null };
    const activity = new Activity(
      id,
      { type: 'opened', startedAt: new Date().toISOString(), ...opened },
      () => {
        this.#listener.changed();
        const { stage, stored } = activity.watched;
        if (stage !== before.stage || stored !== before.stored) this.#listener.stored();
        before = { stage, stored };
      },
    );
    this.#known.set(id, activity);
    this.#listener.changed();
    try {
      activity.service = await startService(activity);
    } catch (error) {
      this.#forget(activity);
      throw error;
    }
    // the host was closed meanwhile, and found no service to close
    if (this.#isClosing()) await activity.close();
    this.#closeOldest();
    return activity;
  }

  /** Throws HostFailure 'activity-unknown'; 'activity-runs' where it has not ended. */
  async close(id: string): Promise<void> {
    const activity = this.get(id);
    if (!hasEnded(activity)) {
      const { title } = activity.watched;
      throw new HostFailure('activity-runs', `Cannot close "${title}", as it has not ended. Stop it first.`);
    }
    this.#forget(activity);
    await activity.close();
  }

  /** One that has not ended and keeps its results under this id. */
  withOpen(result: string): Activity | undefined {
    return [...this.#known.values()].find(
      (activity) => activity.watched.stored === result && !hasEnded(activity),
    );
  }

  /** Ends all of them in good order. */
  async closeAll(): Promise<void> {
    this.#closing = true;
    await Promise.allSettled([...this.#known.values()].map((activity) => activity.close()));
    this.#known.clear();
  }

  #isClosing(): boolean {
    return this.#closing;
  }

  #forget(activity: Activity): void {
    this.#known.delete(activity.id);
    this.#listener.changed();
  }

  #closeOldest(): void {
    const ended = [...this.#known.values()].filter(hasEnded);
    for (const activity of ended.slice(0, Math.max(0, ended.length - endedKept))) {
      this.#forget(activity);
      void activity.close();
    }
  }
}

function hasEnded({ watched }: Activity): boolean {
  return watched.stage === 'ended';
}
