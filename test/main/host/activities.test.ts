/** Activities of a host, with services that do nothing by themselves: who is told what, and when each is closed. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runSettingsSchema } from '../../../core/contract/run-settings.ts';
import type { ActivityCommand, WatchEvent, WatchEventBody } from '../../../core/contract/watch-event.ts';
import type { Watched } from '../../../core/contract/watched.ts';
import { foldEvent } from '../../../core/watching/fold.ts';
import { Activities } from '../../../main/host/activities.ts';
import type { Activity, ActivityService } from '../../../main/host/activity.ts';
import { activityMethods } from '../../../main/host/activity-methods.ts';
import { HostFailure } from '../../../main/host/calls.ts';
import type { Nearby } from '../../../main/host/nearby.ts';

const opened = {
  kind: 'simulation',
  title: 'Monday',
  settings: runSettingsSchema.parse({ rounds: 4 }),
  demonstration: false,
  pace: 'full',
} as const;
const finished: WatchEventBody = {
  type: 'finished',
  outcome: 'finished',
  final: null,
  identitiesCompared: true,
};
const begins = (round: number): WatchEventBody => ({ type: 'round-started', round, rounds: 4, attempt: 1 });

class StillService implements ActivityService {
  readonly commands: ActivityCommand[] = [];
  closed = 0;
  command(command: ActivityCommand): void {
    this.commands.push(command);
  }
  pictures(): null {
    return null;
  }
  sumPicture(): null {
    return null;
  }
  model(): undefined {
    return undefined;
  }
  close(): Promise<void> {
    this.closed += 1;
    return Promise.resolve();
  }
}

/** Activities, what their listener has heard, and interfaces to them. */
function room() {
  const heard: ('changed' | 'stored')[] = [];
  const activities = new Activities({
    changed: () => heard.push('changed'),
    stored: () => heard.push('stored'),
  });
  return {
    heard,
    activities,
    start: (service = new StillService()) => activities.start(opened, () => service),
  };
}

class Screen {
  readonly told: WatchEvent[] = [];
  /** Whether it looks for sessions on the local network. */
  looks = false;
  readonly #own: ReturnType<typeof activityMethods>;
  constructor(activities: Activities) {
    const nearby = {
      ask: (_who: unknown, on: boolean) => {
        this.looks = on;
        return [];
      },
    } as unknown as Nearby;
    const watcher = {
      events: (_activity: string, events: readonly WatchEvent[]) => {
        this.told.push(...events);
      },
    };
    this.#own = activityMethods({ activities, nearby, watcher });
  }
  get methods() {
    return this.#own.methods;
  }
  watch({ id }: Activity): Watched {
    return this.#own.methods.watch({ activity: id });
  }
  close(): void {
    this.#own.close();
  }
}

const batch = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 80));

describe('Activities', () => {
  it('lists what goes on, under names that nobody guesses, and tells of every change', async () => {
    const { activities, heard, start } = room();
    const [one, other] = [await start(), await start()];
    assert.match(one.id, /^simulation-[0-9a-f]{16}$/);
    assert.notEqual(one.id, other.id);
    heard.length = 0;
    one.emit(begins(1));
    one.emit({ type: 'note', text: 'nothing that a list shows' });
    assert.deepEqual(heard, ['changed', 'stored']);
    one.emit({ type: 'stored', result: 'run-7' });
    assert.equal(activities.withOpen('run-7'), one);
    assert.equal(activities.withOpen('run-8'), undefined);
    one.emit(finished);
    assert.equal(activities.withOpen('run-7'), undefined);
    assert.deepEqual(heard.filter((what) => what === 'stored').length, 3);
    assert.deepEqual(activities.summaries, [
      { activity: one.id, kind: 'simulation', title: 'Monday', stage: 'ended', round: 1, rounds: 4 },
      { activity: other.id, kind: 'simulation', title: 'Monday', stage: 'preparing', round: 0, rounds: 4 },
    ]);
  });

  it('forgets what cannot start, and hands on why', async () => {
    const { activities } = room();
    const failure = new HostFailure('no', 'No.');
    let known = 0;
    await assert.rejects(
      activities.start(opened, () => {
        known = activities.summaries.length;
        return Promise.reject(failure);
      }),
      failure,
    );
    assert.deepEqual([known, activities.summaries], [1, []]);
  });

  it('closes what has ended when asked to, and nothing else', async () => {
    const { activities, start } = room();
    const service = new StillService();
    const activity = await start(service);
    await assert.rejects(activities.close(activity.id), { code: 'activity-runs', message: /"Monday"/ });
    activity.emit(finished);
    await activities.close(activity.id);
    assert.equal(service.closed, 1);
    assert.throws(() => activities.get(activity.id), { code: 'activity-unknown' });
  });

  it('keeps the last eight that have ended, and all that go on', async () => {
    const { activities, start } = room();
    const going = await start();
    const services = Array.from({ length: 13 }, () => new StillService());
    for (const service of services) (await start(service)).emit(finished);
    // counted when the next one starts
    await start();
    assert.equal(activities.summaries.length, 10);
    assert.equal(activities.get(going.id), going);
    assert.deepEqual(
      services.map(({ closed }) => closed),
      [...Array<number>(5).fill(1), ...Array<number>(8).fill(0)],
    );
  });

  it('closeAll() closes every one, also one that was about to start, and starts no more', async () => {
    const { activities, start } = room();
    const running = new StillService();
    await start(running);
    const late = new StillService();
    const { promise, resolve } = Promise.withResolvers<ActivityService>();
    const starting = activities.start(opened, () => promise);
    await activities.closeAll();
    resolve(late);
    await starting;
    assert.deepEqual([running.closed, late.closed], [1, 1]);
    await assert.rejects(start(), { code: 'host-closing' });
  });
});

describe('watching', () => {
  it('begins with the state of now, and every event after it comes once', async () => {
    const { activities, start } = room();
    const activity = await start();
    const screens = [new Screen(activities), new Screen(activities)] as const;
    let early = screens[0].watch(activity);
    activity.emit(begins(1));
    activity.emit(begins(2));
    let late = screens[1].watch(activity);
    activity.emit(begins(3));
    await batch();
    for (const event of screens[0].told) early = foldEvent(early, event);
    for (const event of screens[1].told) late = foldEvent(late, event);
    assert.deepEqual(early, activity.watched);
    assert.deepEqual(late, activity.watched);
    assert.deepEqual([screens[0].told.length, screens[1].told.length], [3, 1]);
  });

  it('ends when the screen says so, or goes', async () => {
    const { activities, start } = room();
    const [one, other] = [await start(), await start()];
    const [leaving, gone, staying] = [new Screen(activities), new Screen(activities), new Screen(activities)];
    for (const screen of [leaving, gone, staying]) {
      screen.watch(one);
      screen.watch(other);
    }
    leaving.methods.unwatch({ activity: one.id });
    other.emit(finished);
    await batch();
    await activities.close(other.id);
    gone.close();
    one.emit(begins(1));
    await batch();
    assert.deepEqual(
      [leaving, gone, staying].map(({ told }) => told.map(({ type }) => type)),
      [['finished'], ['finished'], ['finished', 'round-started']],
    );
  });

  it('sessions nearby are looked for until the screen goes', () => {
    const screen = new Screen(room().activities);
    screen.methods.lookAround({ on: true });
    assert.equal(screen.looks, true);
    screen.close();
    assert.equal(screen.looks, false);
  });

  it('commands reach the service; rounds that are over can be looked at', async () => {
    const { activities, start } = room();
    const service = new StillService();
    const activity = await start(service);
    const { methods } = new Screen(activities);
    const command = { do: 'pause' } as const;
    assert.equal(methods.command({ activity: activity.id, command }), null);
    assert.deepEqual(service.commands, [command]);
    activity.emit(begins(1));
    activity.emit({ type: 'sum', added: 3 });
    activity.emit(begins(2));
    const record = (round: number) => methods.roundRecord({ activity: activity.id, round });
    assert.deepEqual([record(1)?.sum.added, record(2)?.sum.added, record(3)], [3, 0, null]);
    assert.equal(methods.pictures({ activity: activity.id, client: 1, round: null }), null);
    assert.throws(() => methods.ownImages({ activity: activity.id, count: 4 }), { code: 'no-images' });
  });
});
