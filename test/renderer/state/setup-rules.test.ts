import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runSettingsSchema, type RunSettings } from '../../../core/contract/run-settings.ts';
import { leastThreshold } from '../../../core/contract/room-limits.ts';
import { planParameters } from '../../../core/secagg/plan-parameters.ts';
import { textsOf } from '../../../renderer/messages/translate.ts';
import {
  findNotices,
  findProblems,
  largestRoom,
  rangeOf,
  type SetupDraft,
  type SetupPurpose,
  vanishing,
} from '../../../renderer/state/setup-rules.ts';

const english = textsOf('en');

function draftOf(settings: Partial<RunSettings>, rest: Partial<SetupDraft> = {}): SetupDraft {
  return {
    title: 'A room',
    settings: { ...runSettingsSchema.parse({}), ...settings },
    data: 'dealt',
    demonstration: false,
    deadlineSeconds: null,
    ...rest,
  };
}

function fields(
  settings: Partial<RunSettings>,
  purpose: SetupPurpose = 'session',
  rest: Partial<SetupDraft> = {},
): readonly string[] {
  return findProblems(draftOf(settings, rest), purpose, 60_000, english).map(({ field }) => field);
}

describe('findProblems()', () => {
  it('finds none in the defaults, for every purpose', () => {
    for (const purpose of ['session', 'simulation', 'comparison'] as const)
      assert.deepEqual(fields({}, purpose), []);
  });

  it('names the field of every number out of its range, and of a missing one', () => {
    assert.deepEqual(fields({ rounds: 0 }), ['rounds']);
    assert.deepEqual(fields({ clients: Number.NaN }), ['clients']);
    assert.deepEqual(fields({ epochs: 1.5, batch: 5000 }), ['epochs', 'batch']);
    assert.deepEqual(fields({ dataset: '' }), ['dataset']);
    assert.deepEqual(fields({ partition: 'dirichlet:' }), ['partition']);
  });

  it('says the range as it is: whole, above, below', () => {
    const textOf = (settings: Partial<RunSettings>): string | undefined =>
      findProblems(draftOf(settings), 'session', null, english)[0]?.text;
    assert.equal(textOf({ rounds: 0 }), 'It must be a whole number from 1 to 10,000.');
    assert.equal(textOf({ learningRate: 0 }), 'It must be a number above 0, and at most 10.');
    assert.equal(textOf({ momentum: 1, optimizer: 'sgd' }), 'It must be a number from 0, and below 1.');
  });

  it('wants a name, and a deadline that can be waited for', () => {
    assert.deepEqual(fields({}, 'session', { title: '  ' }), ['title']);
    assert.deepEqual(fields({}, 'session', { deadlineSeconds: 0 }), ['deadlineSeconds']);
    assert.deepEqual(fields({}, 'session', { deadlineSeconds: Number.NaN }), ['deadlineSeconds']);
    assert.deepEqual(fields({}, 'simulation', { deadlineSeconds: 0 }), []);
  });

  it('lets a session go without masks only as a demonstration, and offers that', () => {
    const [problem] = findProblems(draftOf({ masks: false }), 'session', null, english);
    assert.equal(problem?.field, 'masks');
    assert.deepEqual(problem.way?.change, { demonstration: true });
    assert.deepEqual(fields({ masks: false }, 'session', { demonstration: true }), []);
    assert.deepEqual(fields({ masks: false }, 'simulation'), []);
  });

  it('never lets a session go without signatures, nor masks with floats', () => {
    assert.deepEqual(fields({ signatures: false }, 'session', { demonstration: true }), ['signatures']);
    assert.deepEqual(fields({ signatures: false }, 'simulation'), []);
    assert.ok(fields({ quantisation: false }, 'simulation').includes('quantisation'));
  });

  it('agrees with planParameters() about thresholds, graphs, shares that train and images', () => {
    const cases: readonly Partial<RunSettings>[] = [
      ...[3, 4, 7, 20, 201].flatMap((clients) => [
        { clients, threshold: Math.max(3, leastThreshold(clients) - 1) },
        { clients, threshold: leastThreshold(clients) },
        { clients, threshold: clients + 1 },
        { clients, graph: 'sparse' as const },
        { clients, graph: 'complete' as const },
        { clients, fraction: 0.5 },
        { clients, fraction: 0.72 },
        { clients, fraction: 1 },
      ]),
      { quantisation: false },
      { quantisation: false, masks: false },
      { aggregation: 'median' },
      { aggregation: 'median', masks: false },
      { aggregation: 'krum', masks: false, noiseMultiplier: 1 },
      { noiseMultiplier: 1, weights: 'uniform' },
      { noiseMultiplier: 1, weights: 'uniform', masks: false },
      { noiseMultiplier: 1, weights: 'uniform', quantisation: false },
    ];
    for (const settings of cases) {
      const whole = draftOf(settings).settings;
      let refused: string | undefined;
      try {
        planParameters(whole, { parameterCount: 1000, largestCount: 100 });
      } catch (error) {
        refused = (error as { details: { field: string } }).details.field;
      }
      const found = fields(settings, 'simulation');
      assert.deepEqual(found, refused === undefined ? [] : [refused], JSON.stringify(settings));
    }
  });

  it('deals out no more images than there are, unless everyone brings their own', () => {
    assert.deepEqual(fields({ examplesPerClient: 3001 }), ['examplesPerClient']);
    assert.deepEqual(fields({ examplesPerClient: 3000 }), []);
    assert.deepEqual(fields({ examplesPerClient: 3001 }, 'session', { data: 'own' }), []);
    assert.deepEqual(fields({ partition: 'shards:3001' }), ['partition']);
  });

  it('refuses what would have no effect', () => {
    assert.deepEqual(fields({ momentum: 0.9 }), ['momentum']);
    assert.deepEqual(fields({ momentum: 0.9, optimizer: 'sgd' }), []);
    assert.deepEqual(fields({ drop: 0.04 }, 'simulation'), ['drop']);
    assert.deepEqual(fields({ dropAt: 'unmask' }, 'simulation'), ['dropAt']);
  });

  it('offers ways out that lead out', () => {
    const wrong: readonly (readonly [Partial<RunSettings>, SetupPurpose])[] = [
      [{ masks: false }, 'session'],
      [{ signatures: false }, 'session'],
      [{ quantisation: false }, 'session'],
      [{ threshold: 5 }, 'session'],
      [{ graph: 'sparse' }, 'session'],
      [{ fraction: 0.1 }, 'session'],
      [{ examplesPerClient: 9999 }, 'session'],
      [{ momentum: 0.5 }, 'session'],
      [{ dropAt: 'unmask' }, 'simulation'],
    ];
    for (const [settings, purpose] of wrong) {
      let draft = draftOf(settings);
      for (const { way } of findProblems(draft, purpose, 60_000, english)) {
        assert.ok(way, JSON.stringify(settings));
        const { settings: change, ...rest } = way.change;
        draft = { ...draft, ...rest, settings: { ...draft.settings, ...change } };
      }
      assert.deepEqual(findProblems(draft, purpose, 60_000, english), [], JSON.stringify(settings));
    }
  });
});

describe('findNotices()', () => {
  it('says for which rooms a fixed threshold is', () => {
    const [notice] = findNotices(draftOf({ threshold: 14 }), 'session', english);
    assert.match(notice?.text ?? '', /14 to 20 people/);
  });

  it('says when so many vanish that no round can be finished', () => {
    assert.deepEqual(findNotices(draftOf({ drop: 0.3 }), 'simulation', english), []);
    const [notice] = findNotices(draftOf({ drop: 0.35 }), 'simulation', english);
    assert.match(notice?.text ?? '', /^7 vanish and 13 stay/);
  });
});

describe('largestRoom()', () => {
  it('is the most people whose least threshold is so high', () => {
    for (let threshold = 3; threshold <= 334; threshold += 1) {
      const most = largestRoom(threshold);
      assert.ok(leastThreshold(most) <= threshold && most >= threshold);
      assert.ok(most === 500 || leastThreshold(most + 1) > threshold);
    }
  });
});

describe('rangeOf() and vanishing()', () => {
  it('come from the contract, and count as the simulation does', () => {
    assert.deepEqual(rangeOf('clients'), { whole: true, least: 3, above: false, most: 500, below: false });
    assert.deepEqual(rangeOf('fraction'), { whole: false, least: 0, above: true, most: 1, below: false });
    assert.equal(vanishing({ clients: 100, drop: 0.29 }), 29);
  });
});
