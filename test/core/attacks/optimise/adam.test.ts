/** Adam on images against tf.js's, and where it goes. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { Adam } from '../../../../core/attacks/optimise/adam.ts';
import { randomStream } from '../../../../core/random/stream.ts';

describe('Adam', () => {
  it('takes the steps that tf.js takes', async () => {
    tf.env().set('PROD', true);
    await tf.setBackend('cpu');
    const stream = randomStream(1, 'adam');
    const draw = (): Float32Array => Float32Array.from({ length: 7 }, () => 2 * stream.nextFloat() - 1);
    const values = draw();
    const variable = tf.variable(tf.tensor1d(values.slice()));
    const optimiser = tf.train.adam(0.1, 0.9, 0.999, 1e-7);
    const adam = new Adam(7, { learningRate: 0.1 });
    for (let step = 0; step < 40; step += 1) {
      const gradient = draw();
      adam.step(values, gradient);
      optimiser.applyGradients([{ name: variable.name, tensor: tf.tensor1d(gradient) }]);
      for (const [index, value] of variable.dataSync<'float32'>().entries())
        assert.ok(Math.abs(value - values[index]!) < 2e-5, `step ${step}: ${value} and ${values[index]}`);
    }
    optimiser.dispose();
    variable.dispose();
  });

  it('finds the lowest point of a bowl, and moves by at most the rate of the step', () => {
    const values = Float32Array.of(3, -2);
    const adam = new Adam(2, { learningRate: 0.1 });
    const before = values.slice();
    adam.step(values, Float32Array.of(5, -0.001), 0.01);
    assert.ok(Math.abs(values[0]! - before[0]! + 0.01) < 1e-5);
    assert.ok(Math.abs(values[1]! - before[1]! - 0.01) < 1e-5);
    for (let step = 0; step < 400; step += 1)
      adam.step(values, Float32Array.of(2 * (values[0]! - 1), 8 * (values[1]! + 0.5)));
    assert.ok(Math.abs(values[0]! - 1) < 0.01 && Math.abs(values[1]! + 0.5) < 0.01, values.join());
  });
});
