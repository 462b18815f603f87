import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFloatMean } from '../../../core/fedavg/float-mean.ts';

test('createFloatMean() gives the weighted mean, in float64', () => {
  const mean = createFloatMean(2);
  mean.add(1, Float32Array.of(1, -4), 3);
  mean.add(4, Float32Array.of(5, 0), 1);
  assert.deepEqual(mean.mean(), Float64Array.of(2, -3));
  // 2^24 + 1 is not a float32: a float32 sum would lose the 1.
  const exact = createFloatMean(1);
  exact.add(1, Float32Array.of(2 ** 24), 1);
  exact.add(2, Float32Array.of(1), 1);
  assert.deepEqual(exact.mean(), Float64Array.of((2 ** 24 + 1) / 2));
});

test('createFloatMean() has no mean while the weights sum to 0', () => {
  const mean = createFloatMean(1);
  assert.equal(mean.mean(), undefined);
  mean.add(1, Float32Array.of(3), 0);
  assert.equal(mean.mean(), undefined);
});

test('createFloatMean() refuses another order, another length, and what is not finite', () => {
  const mean = createFloatMean(1);
  mean.add(2, Float32Array.of(1), 1);
  assert.throws(() => {
    mean.add(2, Float32Array.of(1), 1);
  }, RangeError);
  assert.throws(() => {
    mean.add(1, Float32Array.of(1), 1);
  }, RangeError);
  assert.throws(() => {
    mean.add(3, Float32Array.of(1, 2), 1);
  }, RangeError);
  assert.throws(() => {
    mean.add(3, Float32Array.of(NaN), 1);
  }, RangeError);
  assert.throws(() => {
    mean.add(3, Float32Array.of(1), -1);
  }, RangeError);
  assert.throws(() => {
    mean.add(3, Float32Array.of(1), Infinity);
  }, RangeError);
  assert.deepEqual(mean.mean(), Float64Array.of(1));
});
