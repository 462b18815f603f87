import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classificationMetrics, reachesTarget } from '../../../core/fedavg/metrics.ts';

function expectClose(found: readonly number[], expected: readonly number[]): void {
  assert.equal(found.length, expected.length);
  found.forEach((value, index) => {
    assert.ok(Math.abs(value - expected[index]!) < 1e-14, `${value}, not ${expected[index]}`);
  });
}

test('classificationMetrics() on a case worked by hand', () => {
  // Class 0: precision 3/4, recall 3/5, F1 6/9; class 1: precision 4/6, recall 4/5, F1 8/11.
  const metrics = classificationMetrics([3, 2, 1, 4]);
  expectClose([metrics.accuracy, metrics.f1Weighted], [0.7, (6 / 9 + 8 / 11) / 2]);
  expectClose(
    metrics.perClass.map(({ precision }) => precision),
    [3 / 4, 4 / 6],
  );
  expectClose(
    metrics.perClass.map(({ recall }) => recall),
    [3 / 5, 4 / 5],
  );
});

test('classificationMetrics() agrees with scikit-learn where a class is never predicted, never true, or both wrong', () => {
  // scikit-learn 1.9.1: labels written out from the matrix, precision_recall_fscore_support(zero_division=0) and
  // f1_score(average='weighted', zero_division=0).
  const metrics = classificationMetrics([50, 3, 2, 0, 4, 40, 0, 6, 1, 0, 0, 9, 0, 0, 0, 0]);
  expectClose([metrics.accuracy, metrics.f1Weighted], [0.782608695652174, 0.8087891538101916]);
  expectClose(
    metrics.perClass.map(({ precision }) => precision),
    [0.9090909090909091, 0.9302325581395349, 0, 0],
  );
  expectClose(
    metrics.perClass.map(({ recall }) => recall),
    [0.9090909090909091, 0.8, 0, 0],
  );
  expectClose(
    metrics.perClass.map(({ f1 }) => f1),
    [0.9090909090909091, 0.8602150537634409, 0, 0],
  );
  assert.deepEqual(
    metrics.perClass.map(({ support }) => support),
    [55, 50, 10, 0],
  );
});

test('classificationMetrics() agrees with scikit-learn on ten classes', () => {
  // Made as above, from numpy default_rng(7): integers(0, 12, (10, 10)) + diag(integers(50, 120, 10)).
  const confusion = [
    [109, 7, 8, 10, 6, 9, 10, 2, 0, 3],
    [3, 85, 10, 0, 5, 9, 1, 9, 1, 5],
    [9, 3, 99, 3, 8, 3, 11, 5, 5, 6],
    [6, 6, 6, 102, 9, 9, 8, 7, 4, 11],
    [5, 2, 10, 1, 67, 7, 1, 0, 5, 0],
    [1, 6, 11, 5, 9, 65, 9, 7, 5, 6],
    [3, 5, 4, 2, 11, 0, 97, 2, 11, 8],
    [10, 2, 8, 4, 5, 0, 7, 86, 7, 1],
    [6, 3, 11, 10, 2, 6, 11, 10, 99, 7],
    [0, 8, 5, 1, 2, 6, 8, 6, 7, 82],
  ];
  const metrics = classificationMetrics(Uint32Array.from(confusion.flat()));
  expectClose([metrics.accuracy, metrics.f1Weighted], [0.6377952755905512, 0.6385394599081832]);
  expectClose(
    metrics.perClass.map(({ f1 }) => f1),
    [
      0.689873417721519, 0.6666666666666666, 0.6111111111111112, 0.6666666666666666, 0.6036036036036037,
      0.5462184873949579, 0.6339869281045751, 0.6515151515151515, 0.6407766990291263, 0.6456692913385826,
    ],
  );
});

test('classificationMetrics() of nothing is 0, of a matrix that is not square an error', () => {
  const { accuracy, f1Weighted } = classificationMetrics(new Uint32Array(9));
  assert.deepEqual([accuracy, f1Weighted], [0, 0]);
  assert.throws(() => classificationMetrics(new Uint32Array(8)), RangeError);
});

test('reachesTarget() needs a target, and takes equality', () => {
  assert.equal(reachesTarget(0.99, undefined), false);
  assert.equal(reachesTarget(0.97, 0.97), true);
  assert.equal(reachesTarget(0.9699, 0.97), false);
});
