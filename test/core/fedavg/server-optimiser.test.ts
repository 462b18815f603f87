import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  applyMeanUpdate,
  DEFAULT_SERVER_OPTIMISERS,
  initialServerState,
  type ServerOptimiser,
} from '../../../core/fedavg/server-optimiser.ts';

/** The same, one coordinate at a time, by the papers' formulas; the weight is rounded to float32 after each round. */
function slowReference(optimiser: ServerOptimiser, start: number, updates: readonly number[]): number {
  let weight = Math.fround(start);
  let velocity = 0;
  let first = 0;
  let second = optimiser.kind === 'adam' ? optimiser.tau * optimiser.tau : 0;
  for (const delta of updates) {
    if (optimiser.kind === 'average') weight = Math.fround(weight + delta);
    if (optimiser.kind === 'momentum') {
      velocity = optimiser.momentum * velocity + delta;
      weight = Math.fround(weight + optimiser.learningRate * velocity);
    }
    if (optimiser.kind === 'adam') {
      first = optimiser.beta1 * first + (1 - optimiser.beta1) * delta;
      second = optimiser.beta2 * second + (1 - optimiser.beta2) * delta * delta;
      weight = Math.fround(weight + (optimiser.learningRate * first) / (Math.sqrt(second) + optimiser.tau));
    }
  }
  return weight;
}

for (const optimiser of Object.values(DEFAULT_SERVER_OPTIMISERS)) {
  test(`applyMeanUpdate() follows the formulas of ${optimiser.kind} over several rounds`, () => {
    const value = fc.double({ min: -2, max: 2, noNaN: true });
    const coordinate = fc.record({ start: value, updates: fc.array(value, { minLength: 4, maxLength: 4 }) });
    fc.assert(
      fc.property(fc.array(coordinate, { minLength: 1, maxLength: 8 }), (coordinates) => {
        let weights = Float32Array.from(coordinates, ({ start }) => start);
        let state = initialServerState(optimiser, weights.length);
        for (let round = 0; round < 4; round += 1) {
          const meanUpdate = Float64Array.from(coordinates, ({ updates }) => updates[round]!);
          ({ weights, state } = applyMeanUpdate(optimiser, state, weights, meanUpdate));
        }
        const expected = coordinates.map(({ start, updates }) => slowReference(optimiser, start, updates));
        const slack = 1e-6; // the order of float64 operations may differ in the last bit before rounding
        weights.forEach((weight, index) => {
          assert.ok(Math.abs(weight - expected[index]!) <= slack);
        });
      }),
    );
  });

  test(`applyMeanUpdate() of ${optimiser.kind} leaves what it is given as it was`, () => {
    const weights = Float32Array.of(1, 2);
    const start = initialServerState(optimiser, 2);
    const before = structuredClone({ weights, start });
    const once = applyMeanUpdate(optimiser, start, weights, Float64Array.of(0.5, -0.5));
    assert.deepEqual({ weights, start }, before);
    assert.deepEqual(applyMeanUpdate(optimiser, start, weights, Float64Array.of(0.5, -0.5)), once);
  });
}

test('FedAdam: the first step, worked by hand', () => {
  // m = 0.1 * 0.1, v = 0.99 * 1e-6 + 0.01 * 0.01, step = 0.01 m / (sqrt(v) + 0.001) = 0.0090503...
  const optimiser = { ...DEFAULT_SERVER_OPTIMISERS.adam, learningRate: 0.01 };
  const { weights } = applyMeanUpdate(
    optimiser,
    initialServerState(optimiser, 1),
    Float32Array.of(0),
    Float64Array.of(0.1),
  );
  assert.ok(Math.abs(weights[0]! - (0.01 * 0.01) / (Math.sqrt(1.0099e-4) + 0.001)) < 1e-9);
  assert.ok(Math.abs(weights[0]! - 0.00905) < 1e-5);
});

test('applyMeanUpdate() refuses another length and the state of another optimiser', () => {
  const state = initialServerState({ kind: 'average' }, 2);
  assert.throws(
    () => applyMeanUpdate({ kind: 'average' }, state, new Float32Array(2), new Float64Array(3)),
    RangeError,
  );
  const { momentum } = DEFAULT_SERVER_OPTIMISERS;
  assert.throws(() => applyMeanUpdate(momentum, state, new Float32Array(2), new Float64Array(2)), RangeError);
});
