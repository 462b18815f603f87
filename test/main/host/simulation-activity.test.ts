/** Simulations and comparisons on real MNIST as activities: what is watched, decided, shown and kept. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SumPicture } from '../../../core/contract/pictures.ts';
import type { Preferences } from '../../../core/contract/results.ts';
import { preferencesSchema } from '../../../core/contract/results.ts';
import type { RunResult } from '../../../core/contract/run-result.ts';
import { type RunSettings, runSettingsSchema } from '../../../core/contract/run-settings.ts';
import type { ActivityKind, Pace, WatchEvent, WatchEventBody } from '../../../core/contract/watch-event.ts';
import type { Spoke, SpokePhase } from '../../../core/contract/watched.ts';
import { Activity } from '../../../main/host/activity.ts';
import type { HostServices } from '../../../main/host/services.ts';
import { startComparison, startSimulation } from '../../../main/host/simulation-activity.ts';
import { unmeasured } from '../../support/unmeasured.ts';

const small: Partial<RunSettings> = {
  clients: 4,
  rounds: 2,
  model: 'mlp',
  examplesPerClient: 40,
  processes: 1,
};

/** An activity, all its events, and what it stored. */
class Watching {
  readonly activity: Activity;
  readonly events: WatchEvent[] = [];
  readonly stored: RunResult[] = [];
  readonly speeds: number[] = [];
  readonly logged: string[] = [];
  readonly #listeners = new Set<(body: WatchEventBody) => void>();

  constructor(
    kind: Extract<ActivityKind, 'simulation' | 'comparison'>,
    settings: Partial<RunSettings>,
    pace: Pace = 'full',
  ) {
    const all = runSettingsSchema.parse({ ...small, ...settings });
    const start = { title: 'Test', settings: all, pace };
    const startedAt = '2026-11-26T08:00:00.000Z';
    this.activity = new Activity(
      `${kind}-00000000`,
      { type: 'opened', kind, startedAt, demonstration: false, ...start },
      () => undefined,
    );
    const emit = this.activity.emit.bind(this.activity);
    this.activity.emit = (body: WatchEventBody) => {
      emit(body);
      this.events.push({ ...body, atMs: this.activity.watched.ms });
      for (const listener of this.#listeners) listener(body);
    };
    const preferences: Preferences = preferencesSchema.parse({});
    const services: HostServices = {
      get store(): never {
        throw new Error('a simulation needs no store');
      },
      version: 'test',
      preferences: () => preferences,
      drawings: () => [],
      saveResult: (result) => {
        this.stored.push(result);
        return `run-${this.stored.length}`;
      },
      imagesPerSecond: () => null,
      measuredSpeed: (speed) => this.speeds.push(speed),
      engineSpeeds: unmeasured,
      log: (text) => this.logged.push(text),
    };
    const begin = kind === 'simulation' ? startSimulation : startComparison;
    this.activity.service = begin(services, this.activity, start);
  }

  get watched() {
    return this.activity.watched;
  }

  command(command: Parameters<NonNullable<Activity['service']>['command']>[0]): void {
    this.activity.service!.command(command);
  }

  /** Told within the event itself. */
  onEvent(listener: (body: WatchEventBody) => void): void {
    this.#listeners.add(listener);
  }

  until(isIt: (body: WatchEventBody) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const listener = (body: WatchEventBody): void => {
        if (!isIt(body)) return;
        this.#listeners.delete(listener);
        resolve();
      };
      this.#listeners.add(listener);
    });
  }

  async end(): Promise<void> {
    if (this.watched.stage !== 'ended') await this.until(({ type }) => type === 'finished');
    await this.activity.close();
  }

  types(): string[] {
    return this.events.map(({ type }) => type);
  }
}

/**
 * Chi-square of 203,535 words over 64 bins: with 63 degrees of freedom, uniform words exceed 156 once in 10^9 times
 * (Wilson, Hilferty 1931, six standard deviations).
 */
function assertFlat(histogram: readonly number[]): void {
  const words = 203_535;
  const fullest = words / histogram.reduce((sum, share) => sum + share, 0);
  const expected = words / 64;
  const chiSquare = histogram.reduce((sum, share) => sum + (share * fullest - expected) ** 2 / expected, 0);
  assert.ok(chiSquare < 156, String(chiSquare));
}

describe('startSimulation()', () => {
  it('tells everything in an order that moves everybody on the ring phase by phase', async () => {
    const watching = new Watching('simulation', {});
    const seen = new Map<number, SpokePhase[]>();
    watching.onEvent(() => {
      for (const { number, phase } of watching.watched.round?.spokes ?? []) {
        const known = seen.get(number) ?? [];
        if (known.at(-1) !== phase) seen.set(number, [...known, phase]);
      }
    });
    await watching.end();
    const once = ['waiting', 'keys', 'shares', 'training', 'masking', 'sending', 'verified'];
    for (const client of [1, 2, 3, 4]) assert.deepEqual(seen.get(client), [...once, ...once]);
    const types = watching.types();
    const first = (type: string): number => types.indexOf(type);
    assert.ok(first('prepared') < first('roster') && first('roster') < first('round-started'));
    assert.deepEqual(types.slice(-3), ['simulated-round', 'stored', 'finished']);
    const { round, outcome, stored, finished, prepared, roster, preparing } = watching.watched;
    assert.deepEqual(round?.reached, { advertised: 4, shared: 4, masked: 4, signed: 4, revealed: 4 });
    assert.equal(round.timeline.length, 5);
    assert.ok(
      round.timeline.every(
        ({ awaited, answered, deadlineMs }) => awaited === 4 && answered === 4 && deadlineMs === null,
      ),
    );
    assert.equal(finished.length, 2);
    assert.deepEqual([prepared?.participants, prepared?.threshold, preparing], [4, 3, null]);
    assert.deepEqual(
      roster?.members.map(({ name }) => name),
      ['Inès', 'Marek', 'Yusuf', 'Chloé'],
    );
    assert.equal(new Set(roster.members.map(({ fingerprint }) => fingerprint)).size, 4);
    assert.match(roster.members[0]!.fingerprint, /^([0-9A-F]{4} ){15}[0-9A-F]{4}$/);
    assert.equal(outcome?.outcome, 'finished');
    assert.equal(stored, 'run-1');
    const [result] = watching.stored;
    assert.ok(result?.kind === 'simulation');
    assert.equal(outcome.final?.modelSha256, result.final.modelSha256);
    assert.equal(watching.activity.service?.model()?.length, 203_530);
    assert.deepEqual(watching.speeds, []);
  });

  it('measures how fast this machine trains, in rounds that say something about it', async () => {
    const watching = new Watching('simulation', { examplesPerClient: 2_500, model: 'cnn' });
    await watching.end();
    const { speeds, events } = watching;
    assert.equal(speeds.length, 1);
    const [, second] = events.filter(({ type }) => type === 'simulated-round');
    assert.ok(second?.type === 'simulated-round');
    // 10,000 images, beside what the protocol takes
    const least = 10_000 / (second.ms.total / 1000);
    assert.ok(speeds[0]! >= least && speeds[0]! < 3 * least, `${speeds[0]} against ${least}`);
  });

  it('has pictures of what each client has and sends, and of a sum that is noise until the masks cancel', async () => {
    const watching = new Watching('simulation', { rounds: 1 });
    const service = watching.activity.service!;
    const sums: SumPicture[] = [];
    watching.onEvent((body) => {
      const picture = body.type === 'sum' ? service.sumPicture(null) : null;
      if (picture !== null) sums.push(picture);
    });
    await watching.end();
    assert.deepEqual(
      sums.map(({ added, readable }) => [added, readable]),
      [1, 2, 3, 4].map((added) => [added, false]),
    );
    const ofOne = service.pictures(1, 1)!;
    assert.deepEqual(ofOne.layer, { kind: 'dense', coordinates: 7056, of: 203_530 });
    const { update, mask, masked } = ofOne;
    assert.ok(update !== null && mask !== null && masked !== null);
    // the first sum is the first vector that came: somebody's
    assert.ok(
      [1, 2, 3, 4].some((client) =>
        service
          .pictures(client, 1)!
          .masked!.pixels.every((pixel, index) => pixel === sums[0]!.picture.pixels[index]),
      ),
    );
    for (const { histogram } of [mask, masked, ...sums.map(({ picture }) => picture)]) assertFlat(histogram);
    // a readable update is anything but
    assert.throws(() => {
      assertFlat(update.histogram);
    });
    const sum = service.sumPicture(1)!;
    assert.ok(sum.readable && sum.added === 4);
    // one scale for what is compared
    assert.deepEqual(sum.picture.range, update.range);
    assert.notDeepEqual(sum.picture.pixels, update.pixels);
    assert.equal(service.pictures(1, 2), null);
    assert.equal(service.pictures(5, 1), null);
  });

  it('shows without masks what whoever receives it can read', async () => {
    const watching = new Watching('simulation', { rounds: 1, masks: false, signatures: false });
    const service = watching.activity.service!;
    let between: SumPicture | null = null;
    watching.onEvent((body) => {
      if (body.type === 'sum' && body.added === 2) between = service.sumPicture(null);
    });
    await watching.end();
    assert.ok((between as SumPicture | null)?.readable);
    const { update, mask, masked } = service.pictures(2, null)!;
    assert.deepEqual(masked, update);
    assert.equal(mask, null);
    assert.match(watching.watched.roster?.members[1]!.fingerprint ?? '', /^([0-9A-F]{4} ){15}/);
  });

  it('keeps pictures of the last five rounds', async () => {
    const watching = new Watching('simulation', { rounds: 6, examplesPerClient: 8 });
    await watching.end();
    const service = watching.activity.service!;
    assert.equal(service.pictures(1, 1), null);
    assert.equal(service.sumPicture(1), null);
    for (const round of [2, 6]) assert.equal(service.pictures(1, round)?.round, round);
  });

  it('injects a fault that everybody sees: refused by name, its masks rebuilt, the sum exact', async () => {
    const watching = new Watching('simulation', { rounds: 2 });
    await watching.until((body) => body.type === 'protocol' && body.event.kind === 'trained');
    watching.command({ do: 'fault', client: 2, fault: 'tamper' });
    await watching.until((body) => body.type === 'simulated-round');
    const spoke: Spoke = watching.watched.round!.spokes[1]!;
    assert.equal(spoke.phase, 'recovered');
    assert.equal(spoke.fault, 'tamper');
    assert.deepEqual(spoke.reason, { kind: 'refused', phase: 'masked-input', reason: 'bad-signature' });
    await watching.end();
    assert.equal(watching.watched.round?.spokes[1]?.fault, null);
    const [result] = watching.stored;
    assert.ok(result?.kind === 'simulation');
    const [round] = result.rounds;
    assert.equal(round?.exactSum, true);
    assert.deepEqual(round.dropped, [2]);
    assert.deepEqual(round.refused, [{ client: 2, phase: 'masked-input', reason: 'bad-signature' }]);
  });

  it('waits in step mode, tells pace and pause, and keeps what is finished when it is stopped', async () => {
    const watching = new Watching('simulation', { rounds: 3 }, 'step');
    const isHeld = (body: WatchEventBody): boolean => body.type === 'held' && body.phase !== null;
    await watching.until(isHeld);
    assert.equal(watching.watched.held, 'advertise-keys');
    watching.command({ do: 'next' });
    await watching.until(isHeld);
    assert.equal(watching.watched.held, 'share-keys');
    watching.command({ do: 'pace', pace: 'full' });
    assert.deepEqual([watching.watched.held, watching.watched.pace], [null, 'full']);
    await watching.until((body) => body.type === 'simulated-round');
    watching.command({ do: 'pause' });
    assert.equal(watching.watched.paused, true);
    watching.command({ do: 'stop' });
    await watching.end();
    const { outcome, stored } = watching.watched;
    assert.equal(outcome?.outcome, 'stopped');
    assert.equal(outcome.final?.round, 1);
    assert.equal(stored, 'run-1');
    const [result] = watching.stored;
    assert.ok(result?.kind === 'simulation' && result.rounds.length === 1 && result.ended === 'cancelled');
    // what is decided after the end changes nothing
    watching.command({ do: 'pause' });
    assert.equal(watching.types().at(-1), 'finished');
  });

  it('has nothing to keep when it is stopped before a round is finished', async () => {
    const watching = new Watching('simulation', { rounds: 3 }, 'step');
    await watching.until((body) => body.type === 'held');
    await watching.activity.close();
    assert.deepEqual(watching.watched.outcome, { outcome: 'stopped', final: null, identitiesCompared: true });
    assert.equal(watching.watched.stored, null);
  });

  it('tells what cannot work, and ends by the name of the error', async () => {
    const impossible: [Partial<RunSettings>, string][] = [
      [{ dataset: '/nowhere/at/all' }, 'file-not-found'],
      [{ masks: true, quantisation: false }, 'invalid-setting'],
      [{ model: 'nothing.json' }, 'invalid-setting'],
      [{ clients: 4, partition: 'shards:60000' }, 'partition-impossible'],
    ];
    for (const [settings, code] of impossible) {
      const watching = new Watching('simulation', settings);
      await watching.end();
      const { problem, outcome } = watching.watched;
      assert.equal(problem?.code, code);
      assert.match(problem.message, /^Cannot/);
      assert.equal(outcome?.outcome, code);
    }
  });

  it('ends in the abort that the protocol names when too many leave', async () => {
    const watching = new Watching('simulation', { drop: 0.5 });
    await watching.end();
    assert.equal(watching.watched.outcome?.outcome, 'below-threshold');
    assert.equal(watching.watched.outcome.final, null);
    assert.equal(watching.watched.round?.attempt, 3);
    assert.ok(watching.stored.length === 1);
  });
});

describe('startComparison()', () => {
  it('tells each row when it is finished, those that train side by side, and keeps the table', async () => {
    const watching = new Watching('comparison', { rounds: 1, examplesPerClient: 400 });
    let most = 0;
    watching.onEvent(() => {
      most = Math.max(most, watching.watched.rowsTraining.length);
    });
    await watching.end();
    const rows = watching.watched.rows.map(({ name }) => name);
    assert.deepEqual(rows.toSorted(), ['centralised', 'federated', 'single-client']);
    assert.equal(rows.at(-1), 'federated');
    assert.ok(most >= 1);
    assert.deepEqual(watching.watched.rowsTraining, []);
    assert.equal(watching.stored[0]?.kind, 'comparison');
    assert.equal(watching.watched.outcome?.outcome, 'finished');
  });

  it('keeps the rows that are finished when it is stopped', async () => {
    const watching = new Watching('comparison', { rounds: 1 });
    await watching.until((body) => body.type === 'roster');
    watching.command({ do: 'stop' });
    await watching.end();
    const [result] = watching.stored;
    assert.ok(result?.kind === 'comparison' && result.rows.length === 2);
    assert.equal(watching.watched.outcome?.outcome, 'stopped');
    assert.equal(watching.watched.outcome.final, null);
  });
});
