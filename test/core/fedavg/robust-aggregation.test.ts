import assert from 'node:assert/strict';
import { euclideanNorm } from '../../../core/fedavg/euclidean-norm.ts';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  clippedMeanOf,
  clipToNorm,
  krumChoice,
  krumScores,
  krumTolerates,
  meanOf,
  medianNormOf,
  medianOf,
  multiKrumOf,
  trimmedMeanOf,
} from '../../../core/fedavg/robust-aggregation.ts';
import { randomStream, shuffle } from '../../../core/random/stream.ts';

const krumOf = (updates: readonly Float32Array[], poisoned: number): Float64Array =>
  multiKrumOf(updates, poisoned, 1);

type Rule = (updates: readonly Float32Array[]) => Float64Array;

const value = fc.float({ min: -8, max: 8, noNaN: true });

function updatesOf(least: number, most: number): fc.Arbitrary<Float32Array[]> {
  return fc
    .record({ count: fc.integer({ min: least, max: most }), length: fc.integer({ min: 1, max: 6 }) })
    .chain(({ count, length }) =>
      fc.array(
        fc.array(value, { minLength: length, maxLength: length }).map((values) => Float32Array.from(values)),
        { minLength: count, maxLength: count },
      ),
    );
}

function close(one: Float64Array, other: ArrayLike<number>): void {
  assert.equal(one.length, other.length);
  one.forEach((found, index) => {
    const wanted = other[index]!;
    assert.ok(Math.abs(found - wanted) <= 1e-5 * Math.max(1, Math.abs(wanted)), `${found} and ${wanted}`);
  });
}

function column(updates: readonly Float32Array[], index: number): number[] {
  return updates.map((update) => update[index]!).sort((one, other) => one - other);
}

function naiveScores(updates: readonly Float32Array[], poisoned: number): number[] {
  return updates.map((own, place) => {
    const distances = updates
      .filter((_, other) => other !== place)
      .map((update) => update.reduce((sum, each, index) => sum + (each - own[index]!) ** 2, 0))
      .sort((one, other) => one - other);
    return distances.slice(0, updates.length - poisoned - 2).reduce((sum, distance) => sum + distance, 0);
  });
}

test('medianOf() and trimmedMeanOf() equal sorting each coordinate, below and above 40 updates', () => {
  for (const [least, most] of [
    [1, 9],
    [38, 45],
  ] as const) {
    fc.assert(
      fc.property(updatesOf(least, most), fc.nat(), (updates, choice) => {
        const trimmed = choice % Math.ceil(updates.length / 2);
        const medians = updates[0]!.map((_, index) => {
          const sorted = column(updates, index);
          const middle = sorted.length / 2;
          return sorted.length % 2 === 1
            ? sorted[Math.floor(middle)]!
            : (sorted[middle - 1]! + sorted[middle]!) / 2;
        });
        const means = [...updates[0]!].map((_, index) => {
          const kept = column(updates, index).slice(trimmed, updates.length - trimmed);
          return kept.reduce((sum, each) => sum + each, 0) / kept.length;
        });
        close(medianOf(updates), medians);
        close(trimmedMeanOf(updates, trimmed), means);
        close(trimmedMeanOf(updates, 0), meanOf(updates));
      }),
      { numRuns: 60 },
    );
  }
});

test('krumScores() equals the sum over sorted distances, also across blocks of coordinates', () => {
  fc.assert(
    fc.property(updatesOf(3, 9), fc.nat(), (updates, choice) => {
      const poisoned = choice % (krumTolerates(updates.length) + 1);
      close(krumScores(updates, poisoned), naiveScores(updates, poisoned));
    }),
  );
  const stream = randomStream(3, 'krum');
  const long = Array.from({ length: 7 }, () => Float32Array.from({ length: 5000 }, () => stream.nextFloat()));
  close(krumScores(long, 2), naiveScores(long, 2));
});

test('no rule asks who an update is from: the result is the same in any order', () => {
  const rules: readonly Rule[] = [
    meanOf,
    medianOf,
    (updates) => trimmedMeanOf(updates, 1),
    (updates) => multiKrumOf(updates, 1),
    (updates) => clippedMeanOf(updates, medianNormOf(updates)),
  ];
  fc.assert(
    fc.property(updatesOf(5, 9), fc.nat(), (updates, seed) => {
      // Krum breaks ties by order: random updates that are no copies of each other have none
      fc.pre(new Set(naiveScores(updates, 1).map((score) => score.toPrecision(6))).size === updates.length);
      const order = Uint32Array.from(updates.keys());
      shuffle(order, randomStream(seed, 'order'));
      const reordered = [...order].map((place) => updates[place]!);
      for (const rule of rules) close(rule(reordered), rule(updates));
    }),
  );
});

/** Honest updates around one direction, and poisoned ones that agree on another, ten times as long. */
function crowd(honest: number, poisoned: number, length = 40): Float32Array[] {
  const stream = randomStream(honest, 'crowd', poisoned);
  const near = (centre: number): Float32Array =>
    Float32Array.from({ length }, () => centre + 0.2 * (stream.nextFloat() - 0.5));
  return [
    ...Array.from({ length: honest }, () => near(1)),
    ...Array.from({ length: poisoned }, () => near(-10)),
  ];
}

const withinHonest = (result: Float64Array): boolean => result.every((each) => each >= 0.9 && each <= 1.1);

test('the mean breaks with one poisoned update; each rule holds up to its breakdown point, and breaks behind it', () => {
  const count = 11;
  const breakdowns: readonly (readonly [string, Rule, number])[] = [
    ['mean', meanOf, 0],
    ['median', medianOf, 5],
    ['trimmed mean', (updates) => trimmedMeanOf(updates, 2), 2],
    ['Krum', (updates) => krumOf(updates, krumTolerates(count)), 4],
    ['multi-Krum', (updates) => multiKrumOf(updates, 4), 4],
  ];
  for (const [name, rule, most] of breakdowns) {
    for (let poisoned = 0; poisoned <= most; poisoned += 1) {
      assert.ok(withinHonest(rule(crowd(count - poisoned, poisoned))), `${name}, ${poisoned} poisoned`);
    }
  }
  for (const [name, rule, most] of breakdowns.slice(0, 3)) {
    assert.ok(!withinHonest(rule(crowd(count - most - 1, most + 1))), `${name}, one too many`);
  }
  // six of eleven are the majority: they are each other's company
  assert.ok(!withinHonest(krumOf(crowd(5, 6), 4)));
});

test('multiKrumOf() gives one of the updates as Krum, or the mean of the n - f best', () => {
  const updates = crowd(7, 2);
  const scores = krumScores(updates, 2);
  const best = krumChoice(scores, 7);
  assert.deepEqual(
    [...best].sort((one, other) => one - other),
    [0, 1, 2, 3, 4, 5, 6],
  );
  assert.deepEqual(krumOf(updates, 2), Float64Array.from(updates[best[0]!]!));
  assert.deepEqual(multiKrumOf(updates, 2), meanOf(best.map((place) => updates[place]!)));
  assert.deepEqual(krumChoice(Float64Array.of(2, 1, 1, 3), 3), [1, 2, 0]);
});

test('clipToNorm() shortens what is longer, keeps its direction, and leaves the rest alone', () => {
  fc.assert(
    fc.property(
      updatesOf(1, 1),
      fc.float({ min: Math.fround(0.1), max: 20, noNaN: true }),
      ([update], norm) => {
        const clipped = clipToNorm(update!, norm);
        const before = euclideanNorm(update!);
        if (before <= norm) {
          assert.equal(clipped, update);
          return;
        }
        assert.ok(Math.abs(euclideanNorm(clipped) - norm) <= 1e-5 * norm);
        close(
          Float64Array.from(clipped),
          update!.map((each) => (each * norm) / before),
        );
      },
    ),
  );
});

test('a poisoned update moves a clipped mean by at most 2 C / n, however long it is', () => {
  const honest = crowd(9, 0);
  const norm = medianNormOf(honest);
  const base = clippedMeanOf([...honest, honest[0]!], norm);
  for (const scale of [1, 1e3, 1e30]) {
    const poisoned = new Float32Array(40).fill(-scale);
    const moved = clippedMeanOf([...honest, poisoned], norm);
    const distance = euclideanNorm(Float32Array.from(moved, (each, index) => each - base[index]!));
    assert.ok(distance <= (2 * norm) / 10 + 1e-6);
    assert.ok(scale === 1 || distance > norm / 10);
  }
});

test('medianNormOf() is not moved out of the honest norms by fewer than half', () => {
  const norms = crowd(6, 5).map(euclideanNorm);
  const found = medianNormOf(crowd(6, 5));
  assert.ok(found >= Math.min(...norms.slice(0, 6)) && found <= Math.max(...norms.slice(0, 6)));
  assert.equal(medianNormOf([Float32Array.of(3, 4), Float32Array.of(0, 1)]), 3);
});

test('rules refuse no updates, updates of different lengths, and more poisoned than they can bear', () => {
  const four = crowd(4, 0);
  for (const call of [
    () => meanOf([]),
    () => medianOf([Float32Array.of(1), Float32Array.of(1, 2)]),
    () => trimmedMeanOf(four, 2),
    () => trimmedMeanOf(four, 0.5),
    () => krumScores(four, 1),
    () => krumScores(four, -1),
    () => krumChoice(new Float64Array(2), 3),
    () => clipToNorm(four[0]!, 0),
  ]) {
    assert.throws(call, RangeError);
  }
  assert.equal(krumTolerates(4), 0);
  assert.equal(krumTolerates(5), 1);
});
