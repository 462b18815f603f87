/** Optimiser steps against tf.train.adam and tf.train.momentum, on the same gradients. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { weightPlaces } from '../../../../core/model/compiled/parameters.ts';
import type { TrainingStep } from '../../../../core/model/compiled/training-step.ts';
import type { ClientOptimiser } from '../../../../core/model/engine.ts';
import { streamFromState } from '../../../../core/random/generator.ts';
import { classify, createStep, cut, dense, randomWeights, states, variants, type Model } from './support.ts';

const model: Model = { input: [9], layers: [dense(11, 'relu'), classify(3)] };
const shapes = [[9, 11], [11], [11, 3], [3]];

/** Gradients of every size, exact zeros among them, at the places that carry weights. */
function drawGradient(step: TrainingStep, next: () => number): Float32Array {
  const { blocks, gradient } = step.layout;
  const stored = new Float32Array(step.memory.buffer, gradient, step.layout.storedParameters);
  for (const place of weightPlaces(blocks)) stored[place] = next();
  return step.getGradient();
}

/** The worst difference between the moves of five steps, relative to the largest move. */
async function errorAgainst(
  optimiser: ClientOptimiser,
  reference: tf.Optimizer,
  variant: 'relaxed' | 'plain',
): Promise<number> {
  const stream = streamFromState(Int32Array.of(1, 2, 3, 4));
  const weights = randomWeights(shapes, stream);
  const step = await createStep(model, variant, 4);
  step.start(weights, states.dropout);
  const variable = tf.variable(tf.tensor1d(weights));
  const next = (): number =>
    stream.nextFloat() < 0.2 ? 0 : (stream.nextFloat() * 2 - 1) * 10 ** -stream.nextBelow(9);
  let worst = 0;
  for (let index = 0; index < 5; index += 1) {
    const gradient = drawGradient(step, next);
    step.optimise(optimiser, 0);
    reference.applyGradients([{ name: variable.name, tensor: tf.tensor1d(gradient) }]);
    const found = step.getWeights().map((weight, at) => weight - weights[at]!);
    const expected = (variable.dataSync() as Float32Array).map((weight, at) => weight - weights[at]!);
    const largest = expected.reduce((most, move) => Math.max(most, Math.abs(move)), 0);
    worst = Math.max(worst, ...found.map((move, at) => Math.abs(move - expected[at]!) / largest));
    assert.ok(step.getGradient().every((slope) => slope === 0));
  }
  return worst;
}

for (const variant of variants)
  describe(`optimisers of the ${variant} build`, () => {
    it('adam() moves the weights as tf.train.adam does', async () => {
      // Large enough a rate that the float32 of the weights does not hide the moves' digits.
      const error = await errorAgainst(
        { kind: 'adam', learningRate: 0.3 },
        tf.train.adam(0.3, 0.9, 0.999),
        variant,
      );
      assert.ok(error <= 1e-6, `off by ${error}`);
    });

    it('momentum() moves the weights as tf.train.momentum does, and as tf.train.sgd at momentum 0', async () => {
      const some = await errorAgainst(
        { kind: 'sgd', learningRate: 0.7, momentum: 0.9 },
        tf.train.momentum(0.7, 0.9),
        variant,
      );
      const none = await errorAgainst(
        { kind: 'sgd', learningRate: 0.7, momentum: 0 },
        tf.train.sgd(0.7),
        variant,
      );
      assert.ok(some <= 1e-6 && none <= 1e-6, `off by ${some}, ${none}`);
    });

    it('addProximalGradient() adds mu (w - start) before the optimiser', async () => {
      const stream = streamFromState(Int32Array.of(4, 3, 2, 1));
      const weights = randomWeights(shapes, stream);
      const step = await createStep(model, variant, 4);
      step.start(weights, states.dropout);
      const gradient = drawGradient(step, () => stream.nextFloat() - 0.5);
      step.optimise({ kind: 'sgd', learningRate: 1, momentum: 0 }, 0.25);
      const moved = step.getWeights();
      assert.deepEqual(
        moved,
        weights.map((weight, at) => Math.fround(weight - gradient[at]!)),
        'no pull at the start',
      );
      step.optimise({ kind: 'sgd', learningRate: 1, momentum: 0 }, 0.25);
      const pulled = moved.map((weight, at) => weight - 0.25 * (weight - weights[at]!));
      assert.ok(step.getWeights().every((weight, at) => Math.abs(weight - pulled[at]!) < 1e-6));
    });
  });

describe('a planted bug', () => {
  it('a wrong beta or rate is seen by the comparison with tf.js', async () => {
    const beta = await errorAgainst(
      { kind: 'adam', learningRate: 0.3 },
      tf.train.adam(0.3, 0.9, 0.998),
      'plain',
    );
    const rate = await errorAgainst(
      { kind: 'sgd', learningRate: 0.7, momentum: 0.9 },
      tf.train.momentum(0.70001, 0.9),
      'plain',
    );
    assert.ok(beta > 1e-6 && rate > 1e-6, `off by ${beta}, ${rate}`);
  });
});

describe('weights in and out', () => {
  it('getWeights() gives back what start() took, tensor by tensor, and surplus places are zero', async () => {
    const weights = Float32Array.from({ length: 146 }, (_, index) => index + 1);
    const step = await createStep(model, 'plain', 4);
    step.start(weights, states.dropout);
    assert.deepEqual(step.getWeights(), weights);
    assert.equal(cut(step.getWeights(), shapes).length, 4);
    const stored = new Float32Array(step.memory.buffer, step.layout.weights, step.layout.storedParameters);
    assert.equal(stored.filter((weight) => weight !== 0).length, weights.length);
  });
});
