import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parameterShapes, sizeOf } from '../../../core/model/architecture.ts';
import type { ModelTopology } from '../../../core/model/engine.ts';
import { initialWeights } from '../../../core/model/initial-weights.ts';
import { modelSha256 } from '../../../core/model/model-hash.ts';
import { presetTopology } from '../../../core/model/presets.ts';

const cnn = presetTopology('cnn', { height: 28, width: 28, channels: 1, classes: 10 });

/** A dense layer [200, 300] with that initialiser, then a softmax. */
function dense(initialiser: unknown): ModelTopology {
  const layers = [
    {
      class_name: 'Dense',
      config: { name: 'a', units: 300, kernel_initializer: initialiser, batch_input_shape: [null, 200] },
    },
    { class_name: 'Dense', config: { name: 'b', units: 2, activation: 'softmax' } },
  ];
  return { class_name: 'Sequential', config: { name: 'dense', layers } };
}

function moments(values: Float32Array): { mean: number; deviation: number; largest: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return { mean, deviation: Math.sqrt(variance), largest };
}

const kernel = (initialiser: unknown): Float32Array =>
  initialWeights(dense(initialiser), 3).subarray(0, 60_000);

describe('initialWeights()', () => {
  it('gives the same model for the same seed, on every machine', () => {
    assert.equal(
      modelSha256(cnn, initialWeights(cnn, 1)),
      '58e9f03b348f3028f916473dfd8d3f6c8091bb75ffe8ac6fa7a029b7f6699faa',
    );
    assert.notDeepEqual(initialWeights(cnn, 1), initialWeights(cnn, 2));
  });

  it('draws the presets by Glorot, uniform, with biases at zero', () => {
    const weights = initialWeights(cnn, 5);
    let at = 0;
    for (const { name, shape } of parameterShapes(cnn)) {
      const values = weights.subarray(at, at + sizeOf(shape));
      at += values.length;
      const { largest } = moments(values);
      if (name === 'bias') assert.equal(largest, 0);
      else {
        const field = shape.length === 4 ? 9 : 1;
        const limit = Math.sqrt(6 / (field * (shape.at(-2)! + shape.at(-1)!)));
        assert.ok(largest <= limit && largest > 0.98 * limit, `${largest} against ${limit}`);
      }
    }
    assert.equal(at, weights.length);
  });

  // 60,000 draws: the mean and the deviation stray by more than 2.5 % of the deviation with a chance below 10^-9.
  const glorot = Math.sqrt(2 / 500);
  // A normal distribution cut at two deviations keeps 0.8796 of its own.
  const cut = 0.8796;
  const cases: [string, unknown, number][] = [
    ['GlorotUniform', { class_name: 'GlorotUniform', config: { seed: 9 } }, glorot],
    ['glorot_uniform by name', 'glorot_uniform', glorot],
    ['GlorotNormal', { class_name: 'GlorotNormal', config: {} }, cut * glorot],
    ['HeNormal', { class_name: 'HeNormal', config: {} }, cut * Math.sqrt(2 / 200)],
    ['HeUniform', { class_name: 'HeUniform', config: {} }, Math.sqrt(2 / 200)],
    ['LeCunUniform', { class_name: 'LecunUniform', config: {} }, Math.sqrt(1 / 200)],
    ['RandomNormal', { class_name: 'RandomNormal', config: { stddev: 0.2 } }, 0.2],
    ['TruncatedNormal', { class_name: 'TruncatedNormal', config: { stddev: 0.2 } }, cut * 0.2],
    [
      'RandomUniform',
      { class_name: 'RandomUniform', config: { minval: -0.3, maxval: 0.3 } },
      0.3 / Math.sqrt(3),
    ],
    [
      'VarianceScaling',
      { class_name: 'VarianceScaling', config: { scale: 3, mode: 'fan_out', distribution: 'uniform' } },
      Math.sqrt(3 / 300),
    ],
    ['the default, GlorotNormal', undefined, cut * glorot],
  ];
  for (const [name, initialiser, expected] of cases)
    it(`draws ${name} with its deviation`, () => {
      const { mean, deviation } = moments(kernel(initialiser));
      assert.ok(Math.abs(mean) < 0.025 * expected, `mean ${mean}`);
      assert.ok(Math.abs(deviation / expected - 1) < 0.025, `${deviation} against ${expected}`);
    });

  it('fills with constants', () => {
    assert.ok(kernel('ones').every((value) => value === 1));
    assert.ok(kernel({ class_name: 'Constant', config: { value: 0.25 } }).every((value) => value === 0.25));
  });

  it('refuses an initialiser that it cannot draw, naming the layer', () => {
    for (const initialiser of ['orthogonal', { class_name: 'RandomNormal', config: { stddev: 'wide' } }, 7])
      assert.throws(() => kernel(initialiser), /layer "a" \(Dense\) has the setting kernel_initializer/);
  });
});
