import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import type { ModelTopology } from '../../../core/model/engine.ts';
import { architectureSha256, canonicalArchitecture, modelSha256 } from '../../../core/model/model-hash.ts';
import { presetTopology } from '../../../core/model/presets.ts';

type Layer = [string, Record<string, unknown>];

function model(...layers: Layer[]): ModelTopology {
  const written = layers.map(([class_name, config], index) => ({
    class_name,
    config: {
      name: `layer_${index}`,
      ...(index === 0 ? { batch_input_shape: [null, 4, 4, 1] } : {}),
      ...config,
    },
  }));
  return { class_name: 'Sequential', config: { name: 'model', layers: written } };
}

const flatten: Layer = ['Flatten', {}];
const output: Layer = ['Dense', { units: 3, activation: 'softmax' }];

describe('canonicalArchitecture()', () => {
  it('is the frozen text for a small model', () => {
    assert.equal(
      canonicalArchitecture(
        model(['Conv2D', { filters: 2, kernel_size: 3, activation: 'relu' }], flatten, output),
      ),
      '{"input":[4,4,1],"steps":[' +
        '{"filters":2,"from":[-1],"kernel_size":[3,3],"padding":"valid","step":"Conv2D","strides":[1,1],"use_bias":true},' +
        '{"from":[0],"step":"relu"},' +
        '{"from":[1],"step":"Reshape","target_shape":[8]},' +
        '{"from":[2],"step":"Dense","units":3,"use_bias":true},' +
        '{"from":[3],"step":"softmax"}]}',
    );
  });

  const relu = architectureSha256(model(flatten, ['Dense', { units: 5, activation: 'relu' }], output));
  const same: [string, ModelTopology][] = [
    [
      'other names',
      model(['Flatten', { name: 'f' }], ['Dense', { name: 'd', units: 5, activation: 'relu' }], output),
    ],
    ['ReLU as a layer', model(flatten, ['Dense', { units: 5 }], ['ReLU', {}], output)],
    [
      'Activation as a layer',
      model(flatten, ['Dense', { units: 5 }], ['Activation', { activation: 'relu' }], output),
    ],
    [
      'softmax as a layer',
      model(flatten, ['Dense', { units: 5, activation: 'relu' }], ['Dense', { units: 3 }], ['Softmax', {}]),
    ],
    [
      'other initial values',
      model(flatten, ['Dense', { units: 5, activation: 'relu', kernel_initializer: 'zeros' }], output),
    ],
    [
      'defaults written out',
      model(flatten, ['Dense', { units: 5, activation: 'relu', use_bias: true, dtype: 'float32' }], output),
    ],
    [
      'Reshape for Flatten',
      model(['Reshape', { target_shape: [-1] }], ['Dense', { units: 5, activation: 'relu' }], output),
    ],
  ];
  for (const [what, topology] of same)
    it(`is the same for ${what}`, () => {
      assert.equal(architectureSha256(topology), relu);
    });

  const other: [string, ModelTopology][] = [
    ['another width', model(flatten, ['Dense', { units: 6, activation: 'relu' }], output)],
    ['another activation', model(flatten, ['Dense', { units: 5, activation: 'tanh' }], output)],
    ['no bias', model(flatten, ['Dense', { units: 5, activation: 'relu', use_bias: false }], output)],
    [
      'dropout',
      model(flatten, ['Dense', { units: 5, activation: 'relu' }], ['Dropout', { rate: 0.5 }], output),
    ],
  ];
  for (const [what, topology] of other)
    it(`is another for ${what}`, () => {
      assert.notEqual(architectureSha256(topology), relu);
    });
});

describe('modelSha256()', () => {
  it('hashes the canonical JSON, then the weights as little-endian float32', () => {
    const topology = model(flatten, ['Dense', { units: 2, activation: 'softmax' }]);
    const weights = Float32Array.from({ length: 34 }, (_, index) => index / 7);
    const bytes = Buffer.alloc(34 * 4);
    for (const [index, value] of weights.entries()) bytes.writeFloatLE(value, index * 4);
    const expected = createHash('sha256').update(canonicalArchitecture(topology)).update(bytes).digest('hex');
    assert.equal(modelSha256(topology, weights), expected);
  });

  it('refuses more or fewer weights than the architecture has', () => {
    const mlp = presetTopology('mlp', { height: 28, width: 28, channels: 1, classes: 10 });
    assert.throws(
      () => modelSha256(mlp, new Float32Array(203_529)),
      /must have 203530 weights, and has 203529/,
    );
  });
});
