import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dealExamples, parsePartition, type Partition } from '../../../core/datasets/partition.ts';
import { FederationError } from '../../../core/errors/federation-error.ts';

const partitions: fc.Arbitrary<Partition> = fc.oneof(
  fc.constant<Partition>({ kind: 'iid' }),
  fc.double({ min: 1e-4, max: 1e4, noNaN: true }).map((alpha): Partition => ({ kind: 'dirichlet', alpha })),
  fc.integer({ min: 1, max: 4 }).map((perClient): Partition => ({ kind: 'shards', perClient })),
);
const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const labelArrays = fc
  .array(fc.integer({ min: 0, max: 5 }), { minLength: 40, maxLength: 200 })
  .map((labels) => Uint8Array.from(labels));

/** [classes] labels of one class after the other. */
function classesOf(classes: number, perClass: number): Uint8Array {
  return Uint8Array.from({ length: classes * perClass }, (_, index) => Math.floor(index / perClass));
}

test('dealExamples() deals every example once, to nobody nothing, in sizes as equal as can be', () => {
  fc.assert(
    fc.property(
      partitions,
      labelArrays,
      fc.integer({ min: 1, max: 10 }),
      seeds,
      (partition, labels, clients, seed) => {
        const parts = dealExamples(partition, { labels, clients, seed });
        assert.equal(parts.length, clients);
        const all = parts.flatMap((part) => [...part]).sort((left, right) => left - right);
        assert.deepEqual(all, [...labels.keys()]);
        const sizes = parts.map((part) => part.length);
        const slack = partition.kind === 'shards' ? partition.perClient : 1;
        assert.ok(Math.min(...sizes) >= 1 && Math.max(...sizes) - Math.min(...sizes) <= slack);
      },
    ),
  );
});

test('dealExamples() with examplesPerClient deals exactly that many, disjoint', () => {
  fc.assert(
    fc.property(
      partitions,
      labelArrays,
      fc.integer({ min: 1, max: 5 }),
      seeds,
      (partition, labels, clients, seed) => {
        const examplesPerClient = 3;
        const parts = dealExamples(partition, { labels, clients, examplesPerClient, seed });
        assert.deepEqual(
          parts.map((part) => part.length),
          Array.from({ length: clients }, () => examplesPerClient),
        );
        const all = parts.flatMap((part) => [...part]);
        assert.equal(new Set(all).size, clients * examplesPerClient);
        assert.ok(all.every((index) => index < labels.length));
      },
    ),
  );
});

test('dealExamples() depends on the seed alone', () => {
  const labels = classesOf(10, 60);
  for (const text of ['iid', 'dirichlet:0.5', 'shards:2']) {
    const deal = (seed: number): number[][] =>
      dealExamples(parsePartition(text), { labels, clients: 10, seed }).map((part) => [...part]);
    assert.deepEqual(deal(1), deal(1));
    assert.notDeepEqual(deal(1), deal(2));
  }
});

test('the reference deal: 20 clients get 3,000 of 60,000 each', () => {
  const parts = dealExamples({ kind: 'iid' }, { labels: new Uint8Array(60_000), clients: 20, seed: 1 });
  assert.ok(parts.every((part) => part.length === 3_000));
  assert.equal(new Set(parts.flatMap((part) => [...part])).size, 60_000);
});

test('shards: with equal classes, a client of two shards sees at most two classes', () => {
  const labels = classesOf(10, 60);
  const parts = dealExamples({ kind: 'shards', perClient: 2 }, { labels, clients: 10, seed: 5 });
  for (const part of parts) {
    assert.equal(part.length, 60);
    assert.ok(new Set(Array.from(part, (index) => labels[index])).size <= 2);
  }
});

test('dirichlet: a tiny alpha gives one class each, a huge one the classes of the whole', () => {
  const labels = classesOf(10, 1_000);
  const classCounts = (alpha: number): number[][] =>
    dealExamples({ kind: 'dirichlet', alpha }, { labels, clients: 4, examplesPerClient: 200, seed: 3 }).map(
      (part) => {
        const counts = Array.from({ length: 10 }, () => 0);
        for (const index of part) counts[labels[index]!]! += 1;
        return counts;
      },
    );
  // With seed 3; the largest of ten shares of Dir(0.00001 each) is 1 but for a chance of about 1e-4 a client.
  assert.ok(classCounts(1e-4).every((counts) => Math.max(...counts) === 200));
  // Binomial(200, 0.1) has deviation 4.2: 6 deviations, 40 counts, false alarm below 1e-6.
  assert.ok(
    classCounts(1e6)
      .flat()
      .every((count) => Math.abs(count - 20) < 26),
  );
});

test('dirichlet: class counts of clients have the second moment of Dir(alpha p) (false alarm below 1e-6)', () => {
  const clients = 5_000;
  const size = 20;
  const labels = classesOf(4, 100_000);
  for (const alpha of [0.4, 1, 10]) {
    const request = { labels, clients, examplesPerClient: size, seed: 21 };
    const parts = dealExamples({ kind: 'dirichlet', alpha }, request);
    const squares = parts.map((part) => (part.filter((index) => labels[index] === 0).length / size) ** 2);
    const found = squares.reduce((sum, square) => sum + square, 0) / clients;
    // Dirichlet-multinomial with share 1/4: variance of the count is size m (1 - m) (size + alpha) / (1 + alpha).
    const expected = 1 / 16 + ((3 / 16 / size) * (size + alpha)) / (1 + alpha);
    // Mean of 5,000 independent values in [0, 1]: Hoeffding gives 2 exp(-2 * 5,000 * 0.041^2) = 1e-7.
    assert.ok(Math.abs(found - expected) < 0.041, `alpha ${alpha}: ${found}, not ${expected}`);
  }
});

test('dealExamples() refuses what cannot be dealt, with the numbers', () => {
  const labels = classesOf(2, 10);
  const refusal = (partition: Partition, clients: number, examplesPerClient?: number): FederationError => {
    try {
      dealExamples(partition, { labels, clients, examplesPerClient, seed: 1 });
    } catch (error) {
      assert.ok(error instanceof FederationError);
      return error as FederationError;
    }
    throw new Error('dealt');
  };
  assert.deepEqual(refusal({ kind: 'iid' }, 7, 3).details, {
    clients: 7,
    wanted: 21,
    available: 20,
    unit: 'examples',
  });
  assert.equal(
    refusal({ kind: 'iid' }, 7, 3).message,
    'Cannot deal 3 examples to each of 7 clients, as that takes 21, and the data has 20 to train on. Take at most 6 clients, or at most 2 examples per client.',
  );
  assert.match(refusal({ kind: 'iid' }, 21).message, /1 example to each of 21.*Take at most 20 clients\.$/);
  assert.equal(refusal({ kind: 'dirichlet', alpha: 1 }, 21).code, 'partition-impossible');
  assert.deepEqual(refusal({ kind: 'shards', perClient: 7 }, 3).details, {
    clients: 3,
    wanted: 21,
    available: 20,
    unit: 'shards',
  });
});

test('dealExamples() says how many examples the smallest shards leave a client', () => {
  // 22 examples in shards of 6, 6, 5 and 5: with this seed, one client gets both of 5.
  const request = { labels: classesOf(2, 11), clients: 2, examplesPerClient: 11, seed: 1 };
  assert.throws(
    () => dealExamples({ kind: 'shards', perClient: 2 }, request),
    /Cannot take 11 examples of a client, as its shards hold 10\. Take at most 10 examples per client/,
  );
});

test('parsePartition() reads the three forms and refuses the rest', () => {
  assert.deepEqual(parsePartition('iid'), { kind: 'iid' });
  assert.deepEqual(parsePartition('dirichlet:0.5'), { kind: 'dirichlet', alpha: 0.5 });
  assert.deepEqual(parsePartition('shards:2'), { kind: 'shards', perClient: 2 });
  for (const text of [
    '',
    'IID',
    'dirichlet',
    'dirichlet:',
    'dirichlet:0',
    'dirichlet:-1',
    'dirichlet:1e3',
    'dirichlet:9999999',
    'shards:0',
    'shards:1.5',
    'shards:99999999999999999999',
    'iid:3',
  ]) {
    assert.throws(
      () => parsePartition(text),
      (error) => {
        assert.ok(error instanceof FederationError && error.code === 'invalid-setting');
        assert.match(error.message, /partition/);
        return true;
      },
      text,
    );
  }
});
